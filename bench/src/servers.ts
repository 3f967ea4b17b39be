import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { API_KEY } from './requests.ts';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly origin: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Where a server keeps its leads. */
export type Storage = { readonly DATABASE_URL: string } | { readonly LEADS_DATA_DIR: string };

/** Our server, whole: keys, rate limit, CORS, validation, a log line per request. */
export function startOurs(
  storage: Storage,
  requestsPerHour = 1_000_000_000,
  more: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return start('../../packages/server/src/main.ts', {
    ...storage,
    HOST: '127.0.0.1',
    PORT: '0',
    LEADS_BOOTSTRAP_API_KEY: API_KEY,
    RATE_LIMIT_PER_HOUR: String(requestsPerHour),
    CORS_ORIGINS: '*',
    ...more,
  });
}

/** The same SQL behind bare `node:http`. */
export function startCeiling(storage: Storage): Promise<ServerProcess> {
  return start('./ceiling.ts', { ...storage });
}

/** A server by its file, which says where it listens. */
export function startPeer(file: string, storage: Storage): Promise<ServerProcess> {
  return start(file, { ...storage });
}

/** A server that answers every request with the same bytes. */
export function startNull(): Promise<ServerProcess> {
  return start('./null.ts', {});
}

async function start(script: string, settings: Record<string, string>): Promise<ServerProcess> {
  const { PATH = '' } = process.env;
  // The log goes where it costs the same as a file and leaves nothing behind.
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    env: { PATH, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let said = '';
  const origin = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url) resolve(url);
    });
    void exited.then(() => reject(new Error(`${script} ended: ${said}`)));
  });
  return {
    origin,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
