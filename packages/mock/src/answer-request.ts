import type { IncomingMessage } from 'node:http';
import { parse, type ParsedUrlQuery } from 'node:querystring';
import { ERRORS, errorBody, type ErrorCode } from '@leads/contract';
import type { IHttpRequest } from '@stoplight/prism-http';
import { authenticate } from './authenticate.ts';
import { inServerOrder, issueOf, queryIssues } from './issues.ts';
import { readPreference } from './preference.ts';
import type { HttpOperation, Prism } from './prism.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import type { Routes } from './routes.ts';

/** What a caller is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: unknown;
}

/**
 * The answer to a request: what the document has for it, or the error with which the server refuses it. The checks and
 * their order are the server's: route, key, body, then everything that is wrong with the request, all at once.
 * Rejects when Prism fails, and when the request breaks off.
 */
export async function answerRequest(prism: Prism, routes: Routes, request: IncomingMessage, generated: boolean): Promise<Answer> {
  const [path = '', ...search] = request.url!.split('?');
  let operation: HttpOperation | undefined;
  try {
    operation = routes.find(request.method!, path);
    const canonicalPath = canonical(path);
    authenticate(operation, request.headers.authorization);
    const body = await readBody(operation, request);
    return await askPrism(prism, operation, request, { path: canonicalPath, query: parse(search.join('?')) }, body, generated);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, operation);
    throw error;
  }
}

async function askPrism(
  prism: Prism,
  operation: HttpOperation,
  request: IncomingMessage,
  url: { path: string; query: ParsedUrlQuery },
  body: unknown,
  generated: boolean,
): Promise<Answer> {
  const { wish, mediaType, issues } = readPreference(operation, request.headers.prefer?.toString(), generated);
  const input = { method: operation.method, url, headers: headersForPrism(request, mediaType), body } as IHttpRequest;
  const { answer, violations } = await prism.ask(operation, input, wish);
  const allIssues = [...queryIssues(operation, url.query), ...issues, ...violations.map((violation) => issueOf(operation, violation))];
  if (allIssues.length > 0) throw new Refusal('VALIDATION_ERROR', { issues: inServerOrder(allIssues) });
  return { status: answer.statusCode, headers: answer.headers ?? {}, body: answer.body };
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

/** Prism would refuse an `Accept` of what it does not have, and a `Content-Length` where no body is expected; the server minds neither. */
function headersForPrism(request: IncomingMessage, mediaType: string | undefined): IncomingMessage['headers'] {
  const { accept: _accept, 'content-length': _contentLength, ...headers } = request.headers;
  return { ...headers, ...(mediaType !== undefined && { accept: mediaType }) };
}

/** The answer of a code as the document shows it for an operation. */
export function errorAnswer(code: ErrorCode, operation: HttpOperation | undefined): Answer {
  const { status, ...definition } = ERRORS[code];
  const details = 'example' in definition ? definition.example : undefined;
  return { status, headers: headerExamples(operation, status), body: errorBody<ErrorCode>(code, details as never) };
}

/** The codes that the document has for an operation, by the names of its examples. */
export function documentedCodes({ responses }: HttpOperation): ReadonlySet<string> {
  return new Set(responses.flatMap(({ contents }) => contents?.flatMap(({ examples }) => examples?.map(({ key }) => key) ?? []) ?? []));
}

/** The answer to a request that is refused. */
export function refusalAnswer({ code, details }: Refusal, operation: HttpOperation | undefined): Answer {
  const { status } = ERRORS[code];
  const body = errorBody<ErrorCode>(code, details);
  const headers = body.code === 'METHOD_NOT_ALLOWED' ? { Allow: body.details.allowed.join(', ') } : headerExamples(operation, status);
  return { status, headers, body };
}

/** The headers that the document shows for a response of an operation. */
function headerExamples(operation: HttpOperation | undefined, status: number): Record<string, string> {
  const response = operation?.responses.find(({ code }) => code === String(status));
  const examples = response?.headers?.flatMap(({ name, examples: [example] = [] }) =>
    example && 'value' in example ? [[name, String(example.value)]] : [],
  );
  return Object.fromEntries(examples ?? []);
}
