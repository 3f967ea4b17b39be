import {
  codesOf,
  ERRORS,
  type ErrorCode,
  type ErrorDefinition,
  errorSchema,
  type Operation,
  OPERATIONS,
  RATE_LIMIT_HEADERS,
} from '@leads/contract';
import { expect } from 'vitest';
import type * as z from 'zod';
import type { Answer, RawRequest } from './http.ts';

/** The codes that are answered outside every operation. */
const OUTSIDE_CODES: readonly ErrorCode[] = [
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BAD_REQUEST',
  'HEADERS_TOO_LARGE',
  'REQUEST_TIMEOUT',
];

/** What stands in place of a code where an operation succeeds. */
export const SUCCESS = 'success';

/** The name of one documented answer: `leads.delete 404 LEAD_NOT_FOUND`. */
export function answerName(operationId: string, status: number | string, code: string): string {
  return `${operationId} ${status} ${code}`;
}

/** Every (operation × status × code) of the contract. */
export function documentedAnswers(): string[] {
  return OPERATIONS.flatMap(({ id, route }) =>
    Object.entries(route.responses).flatMap(([status, schema]) => {
      const codes = codesOf(schema);
      return codes.length === 0 ? [answerName(id, status, SUCCESS)] : codes.map((code) => answerName(id, status, code));
    }),
  );
}

/** What of the surroundings decides how an answer must look. */
export interface Circumstances {
  /** The server counts requests, so that an authenticated answer says where the key stands. */
  readonly limited: boolean;
  /** The request is refused before the server knows who makes it, although it names an operation. */
  readonly beforeAuthentication?: boolean;
}

/**
 * Checks an answer against the contract and everything that is promised of every answer.
 * @returns the name of the documented answer; undefined outside the operations.
 */
export function checkAnswer(
  request: RawRequest,
  answer: Answer,
  { limited, beforeAuthentication = false }: Circumstances,
): string | undefined {
  const operation = operationOf(request);
  const about = `${request.method} ${request.path} → ${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.headers['x-request-id'], about).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
  expect(answer.headers['x-content-type-options'], about).toBe('nosniff');
  expect(answer.headers['content-security-policy'], about).toContain("default-src 'none'");
  expect(answer.headers['x-powered-by'], about).toBeUndefined();
  if (!operation?.metadata.successHeaders?.includes('ETag')) expect(answer.headers.etag, about).toBeUndefined();
  if (answer.status === 204) return undefined;
  const streams = answer.status === 200 && operation !== undefined && isText(operation);
  expect(answer.headers['content-type'], about).toMatch(
    streams ? /^(application\/x-ndjson|text\/csv); charset=utf-8$/ : /^application\/json; charset=utf-8$/,
  );
  if (request.method === 'HEAD') expect(answer.text).toBe('');
  else if (!streams) expect(Buffer.byteLength(answer.text), about).toBe(Number(answer.headers['content-length']));

  if (operation && !beforeAuthentication) expect(answer.headers['cache-control'], about).toBe('no-store');
  if (operation && limited && !beforeAuthentication && answer.status !== 401) checkRateLimitHeaders(answer, about);
  if (request.method === 'HEAD') return undefined;
  return operation ? checkOperation(operation, answer, about) : checkOutside(answer, about);
}

/** Whether an operation succeeds with text, as it comes, and not with JSON. */
function isText({ metadata }: Operation): boolean {
  return Object.values(metadata.successExamples).some(({ mediaType }) => mediaType !== undefined);
}

function operationOf({ method, path }: RawRequest): Operation | undefined {
  const [pathname] = path.split('?', 1);
  const matching = OPERATIONS.filter(({ route }) => new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname!));
  // `/leads/stats` is not the lead `stats`, whatever the method.
  const parameters = ({ route }: Operation) => route.path.split(':').length;
  const fewest = Math.min(...matching.map(parameters));
  return matching.find(
    (operation) =>
      parameters(operation) === fewest && (operation.route.method === method || (operation.route.method === 'GET' && method === 'HEAD')),
  );
}

function checkOperation(operation: Operation, answer: Answer, about: string): string {
  const { id, route, metadata } = operation;
  const schema = route.responses[answer.status] as z.ZodType | undefined;
  expect(schema, `the status is not declared: ${about}`).toBeDefined();
  const result = schema!.safeParse(answer.status === 200 && isText(operation) ? answer.text : answer.body);
  expect(result.error?.issues, `the body is not as declared: ${about}`).toBeUndefined();
  const codes = codesOf(schema);
  if (codes.length === 0) {
    for (const header of metadata.successHeaders ?? []) expect(answer.headers, about).toHaveProperty(header.toLowerCase());
    return answerName(id, answer.status, SUCCESS);
  }
  expect(codes, about).toContain(answer.body.code);
  checkErrorHeaders(answer, about);
  return answerName(id, answer.status, answer.body.code);
}

function checkOutside(answer: Answer, about: string): undefined {
  if (answer.body?.success === true) return;
  // A browser's preflight or a malformed path may be refused ahead of the route.
  const code = answer.body?.code as ErrorCode;
  expect(OUTSIDE_CODES.concat('VALIDATION_ERROR', 'SERVICE_UNAVAILABLE', 'INTERNAL_ERROR'), about).toContain(code);
  expect(answer.status, about).toBe(ERRORS[code].status);
  expect(errorSchema(code).safeParse(answer.body).error?.issues, about).toBeUndefined();
  checkErrorHeaders(answer, about);
}

function checkErrorHeaders(answer: Answer, about: string): void {
  const { headers = [] }: ErrorDefinition = ERRORS[answer.body.code as ErrorCode];
  for (const header of headers) expect(answer.headers, about).toHaveProperty(header.toLowerCase());
  if (headers.includes('Retry-After')) expect(Number(answer.headers['retry-after']), about).toBe(answer.body.details.retryAfter);
}

function checkRateLimitHeaders({ headers }: Answer, about: string): void {
  const [limit, remaining, used, reset] = RATE_LIMIT_HEADERS.map((name) => Number(headers[name.toLowerCase()]));
  expect(remaining! + used!, about).toBe(limit);
  expect(reset, about).toBeGreaterThan(1_600_000_000);
}
