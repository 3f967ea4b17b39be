import type { DocumentedOperation, DocumentedResponse } from './documented-operation.ts';
import type { Issue } from './refusal.ts';

/** Which answer of the document is wanted; the first example of the success where nothing is said. */
export interface Wish {
  code?: number;
  exampleKey?: string;
  /** Whether data is to be generated. */
  dynamic: boolean;
  /** The same for the same data. */
  seed?: string;
}

/** What a request asks for with `Prefer`, and what of it the operation does not have. */
export interface Preference {
  readonly wish: Wish;
  /** The media type of the example that is asked for; absent where any will do. */
  readonly mediaType?: string;
  readonly issues: readonly Issue[];
}

/**
 * Reads `Prefer: code=404, example=LEAD_NOT_FOUND, dynamic=true, seed=7`, each of them optional. A name without a code is looked
 * for in every response of the operation, a named example is never generated, and other preferences are ignored
 * (RFC 7240). `generated`: whether data is generated where nothing is asked for.
 */
export function readPreference(operation: DocumentedOperation, header: string | undefined, generated: boolean): Preference {
  const { code, example, dynamic, seed } = parse(header ?? '');
  const wish: Wish = { dynamic: example === undefined && (dynamic ?? String(generated)) === 'true', ...(seed && { seed }) };

  if (dynamic !== undefined && dynamic !== 'true' && dynamic !== 'false') return refused(wish, 'dynamic must be true or false');

  const responses = operation.responses.filter((response) => code === undefined || response.code === code);
  if (responses.length === 0) {
    return refused(
      wish,
      `This operation has no response with the code ${code}. It has: ${operation.responses.map((response) => response.code).join(', ')}`,
    );
  }
  if (code !== undefined) wish.code = Number(code);
  if (example === undefined) return { wish, issues: [] };

  const response = responses.find((candidate) => exampleNames(candidate).includes(example));
  if (!response)
    return refused(wish, `There is no example named ${example} here. There are: ${responses.flatMap(exampleNames).join(', ')}`);
  const { mediaType } = response.contents!.find(({ examples }) => examples?.some(({ key }) => key === example))!;
  return { wish: { ...wish, code: Number(response.code), exampleKey: example }, mediaType, issues: [] };
}

/** Whether a request asks for an answer from the document, rather than for what the state says. */
export function asksForExample(header: string | undefined): boolean {
  const { code, example, dynamic } = parse(header ?? '');
  return code !== undefined || example !== undefined || dynamic !== undefined;
}

function refused(wish: Wish, message: string): Preference {
  return { wish, issues: [{ location: 'headers.prefer', message, code: 'unknown_preference' }] };
}

function parse(header: string): { code?: string; example?: string; dynamic?: string; seed?: string } {
  const preferences = header.split(/[,;]/).map((preference) => {
    const [name, value = ''] = preference.split('=', 2);
    return [name!.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
  });
  return Object.fromEntries(preferences);
}

function exampleNames(response: DocumentedResponse): string[] {
  return response.contents?.flatMap((content) => content.examples?.map(({ key }) => key) ?? []) ?? [];
}
