import { ERRORS, errorBody, type ErrorCode, OPERATIONS } from '@leads/contract';
import { authenticate } from './authenticate.ts';
import type { DocumentedOperation, DocumentedResponse } from './documented-operation.ts';
import { readPreference, type Wish } from './preference.ts';
import { readBody } from './read-body.ts';
import { type Issue, Refusal } from './refusal.ts';
import type { Routes } from './routes.ts';

/** A request that is to be answered: that of `node:http`, or one that has its shape. */
export interface IncomingRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  /** The path and the query, as they were sent. */
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly 'content-type'?: string | undefined;
    readonly authorization?: string | undefined;
  };
}

/** What a caller is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: unknown;
}

/** A request whose route, key and body were found to be right. */
export interface ReadRequest {
  readonly path: string;
  /** A parameter that was sent more than once is a list. */
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly headers: IncomingRequest['headers'];
  readonly body: unknown;
}

/** What knows the operations: it judges a request, and has an answer for it. */
export interface Source<Operation extends DocumentedOperation> {
  readonly operations: readonly Operation[];
  /** The answer that is wished for, and all that is wrong with the request: where that is not empty, the answer is worth nothing. */
  ask(
    operation: Operation,
    request: ReadRequest,
    wish: Wish,
    mediaType: string | undefined,
  ): Promise<{ answer: Answer; issues: readonly Issue[] }>;
}

/** The parts of a request that a location begins with, in the order in which the server lists its issues. */
const PARTS = ['path', 'query', 'headers', 'body'];

/**
 * The answer to a request: what the document has for it, or the error with which the server refuses it. The checks and
 * their order are the server's: route, key, body, then everything that is wrong with the request, all at once.
 * Rejects when the source fails, and when the request breaks off.
 */
export async function answerRequest<Operation extends DocumentedOperation>(
  source: Source<Operation>,
  routes: Routes<Operation>,
  request: IncomingRequest,
  generated: boolean,
): Promise<Answer> {
  const [path = '', ...search] = request.url!.split('?');
  let operation: Operation | undefined;
  try {
    operation = routes.find(request.method!, path);
    const { headers } = request;
    const read = { path: canonical(path), query: queryOf(search.join('?')), headers };
    authenticate(operation, headers.authorization);
    const body = await readBody(operation, request);
    const { wish, mediaType, issues } = readPreference(operation, headers['prefer']?.toString(), generated);
    const asked = await source.ask(operation, { ...read, body }, wish, mediaType ?? mediaTypeAskedFor(operation, read.query, wish));
    const all = [...issues, ...asked.issues].toSorted((a, b) => rankOf(a) - rankOf(b));
    if (all.length > 0) throw new Refusal('VALIDATION_ERROR', { issues: all });
    return asked.answer;
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, operation);
    throw error;
  }
}

function rankOf({ location }: Issue): number {
  return PARTS.indexOf(location.split('.', 1)[0]!);
}

/** The media type of the success that a parameter of the query decides; undefined where none does. */
function mediaTypeAskedFor({ iid }: DocumentedOperation, query: ReadRequest['query'], { code }: Wish): string | undefined {
  if (code !== undefined) return undefined;
  const decided = OPERATIONS.find(({ id }) => id === iid)?.metadata.mediaTypeBy;
  return decided?.mediaTypes[String(query[decided.parameter])];
}

function queryOf(search: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(search);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

/** One spelling of a path: Prism takes a comma for a list, and throws at what is not percent-encoded UTF-8. */
function canonical(path: string): string {
  try {
    return path
      .split('/')
      .map((segment) => encodeURIComponent(decodeURIComponent(segment)))
      .join('/');
  } catch {
    throw new Refusal('VALIDATION_ERROR', {
      issues: [{ location: 'path', message: 'Must be valid percent-encoded UTF-8', code: 'invalid_encoding' }],
    });
  }
}

/** The answer of a code as the document shows it for an operation; a time to come is one after `now`, as a page may count down to it. */
export function errorAnswer(code: ErrorCode, operation: DocumentedOperation | undefined, now: Date): Answer {
  const { status, ...definition } = ERRORS[code];
  const headers = headerExamples(operation, status);
  if (code === 'RATE_LIMIT_EXCEEDED') {
    const { example } = ERRORS[code];
    const resetTime = Math.floor(now.getTime() / 1000) + example.retryAfter;
    return { status, headers: { ...headers, 'X-RateLimit-Reset': resetTime }, body: errorBody(code, { ...example, resetTime }) };
  }
  const details = 'example' in definition ? definition.example : undefined;
  const own = details && 'retryAfter' in details ? { 'Retry-After': String(details.retryAfter) } : {};
  return { status, headers: { ...headers, ...own }, body: errorBody<ErrorCode>(code, details as never) };
}

/** The codes that the document has for an operation, by the names of its examples. */
export function documentedCodes({ responses }: DocumentedOperation): ReadonlySet<string> {
  return new Set(responses.flatMap(({ contents }) => contents?.flatMap(({ examples }) => examples?.map(({ key }) => key) ?? []) ?? []));
}

/** The answer to a request that is refused. */
export function refusalAnswer({ code, details }: Refusal, operation: DocumentedOperation | undefined): Answer {
  const { status } = ERRORS[code];
  const body = errorBody<ErrorCode>(code, details);
  const headers = body.code === 'METHOD_NOT_ALLOWED' ? { Allow: body.details.allowed.join(', ') } : headerExamples(operation, status);
  return { status, headers, body };
}

/** The headers that the document shows for a response. */
export function headersOf({ headers = [] }: DocumentedResponse): Record<string, string> {
  return Object.fromEntries(
    headers.flatMap(({ name, examples: [example] = [] }) => (example && 'value' in example ? [[name, String(example.value)]] : [])),
  );
}

function headerExamples(operation: DocumentedOperation | undefined, status: number): Record<string, string> {
  const response = operation?.responses.find(({ code }) => code === String(status));
  return response ? headersOf(response) : {};
}
