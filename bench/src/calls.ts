import { API_KEY } from './requests.ts';

/** What is read of any answer here. */
export interface Data {
  readonly id: string;
  readonly etag: string;
  readonly confirmationToken: string;
  readonly planToken: string;
  readonly finishedAt: string | null;
  readonly succeeded: number;
}

/** Sends a request of the API with a key. @returns the `data` of the answer. @throws where it is no success. */
export async function call(
  origin: string,
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
  key = API_KEY,
): Promise<Data> {
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { success: boolean; data: Data };
  if (!answer.success) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.data;
}

/** How long it takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
