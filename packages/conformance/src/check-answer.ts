import {
  codesOf,
  type ErrorCode,
  type ErrorDefinition,
  ERRORS,
  errorSchema,
  IMPLEMENTED_OPERATIONS,
  type Operation,
  OPERATIONS,
  RATE_LIMIT_HEADERS,
  REQUEST_ID_PATTERN,
} from '@leads/contract';
import type * as z from 'zod';
import type { Answer, RawRequest } from './exchange.ts';
import { demand } from './mismatch.ts';

/** The codes that are answered outside every operation. */
const OUTSIDE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BAD_REQUEST',
  'HEADERS_TOO_LARGE',
  'REQUEST_TIMEOUT',
  // A browser's preflight or a malformed path may be refused ahead of the route.
  'VALIDATION_ERROR',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_ERROR',
]);

/** What stands in place of a code where an operation succeeds. */
export const SUCCESS = 'success';

/** Every (operation × status × code) of the contract, such as `leads.delete 404 LEAD_NOT_FOUND`. */
export function documentedAnswers(): string[] {
  return IMPLEMENTED_OPERATIONS.flatMap(({ id, route }) =>
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
 * Checks an answer against the contract: its status, body, code and headers.
 * @returns the name of the documented answer; undefined outside the operations, and for HEAD.
 * @throws {Mismatch} with the first thing that is not as it should be.
 */
export function checkAnswer(
  request: RawRequest,
  answer: Answer,
  { limited, beforeAuthentication = false }: Circumstances,
): string | undefined {
  const operation = operationOf(request);
  const about = `${request.method} ${request.path.slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`;
  const requestId = answer.headers['x-request-id'];
  demand(typeof requestId === 'string' && REQUEST_ID_PATTERN.test(requestId), `X-Request-Id is missing or malformed: ${about}`);
  if (answer.status === 204) return undefined;
  const type = answer.headers['content-type'] ?? 'nothing';
  const expected =
    answer.status === 200 && operation && isText(operation)
      ? /^(application\/x-ndjson|text\/csv); ?charset=utf-8$/i
      : /^application\/json; ?charset=utf-8$/i;
  demand(expected.test(type), `the Content-Type is ${type}: ${about}`);
  if (operation && limited && !beforeAuthentication && answer.status !== 401) checkRateLimitHeaders(answer, about);
  if (request.method === 'HEAD') {
    demand(answer.text === '', `HEAD has a body: ${about}`);
    return undefined;
  }
  return operation ? checkOperation(operation, answer, about) : checkOutside(answer, about);
}

/** Whether an operation succeeds with text, as it comes, and not with JSON. */
export function isText({ metadata }: Operation): boolean {
  return Object.values(metadata.successExamples).some(({ mediaType }) => mediaType !== undefined);
}

const ROUTES = OPERATIONS.map((operation) => ({
  operation,
  path: new RegExp(`^${operation.route.path.replace(/:\w+/g, '[^/]+')}$`),
  parameters: operation.route.path.split(':').length,
}));

/** The operation that a request calls; undefined where its path or method fits none. */
export function operationOf({ method, path }: RawRequest): Operation | undefined {
  const [pathname] = path.split('?', 1);
  const matching = ROUTES.filter((route) => route.path.test(pathname!));
  // `/leads/stats` is not the lead `stats`, whatever the method.
  const fewest = Math.min(...matching.map(({ parameters }) => parameters));
  return matching.find(
    ({ operation: { route }, parameters }) =>
      parameters === fewest && (route.method === method || (route.method === 'GET' && method === 'HEAD')),
  )?.operation;
}

function answerName(operationId: string, status: number | string, code: string): string {
  return `${operationId} ${status} ${code}`;
}

function checkOperation(operation: Operation, answer: Answer, about: string): string {
  const { id, route, metadata } = operation;
  const schema = route.responses[answer.status] as z.ZodType | undefined;
  demand(schema, `the status is not declared: ${about}`);
  const { error } = schema.safeParse(answer.status === 200 && isText(operation) ? answer.text : answer.body);
  demand(!error, `the body is not as declared (${JSON.stringify(error?.issues.slice(0, 3))}): ${about}`);
  const codes = codesOf(schema);
  if (codes.length === 0) {
    for (const header of metadata.successHeaders ?? []) demandHeader(answer, header, about);
    return answerName(id, answer.status, SUCCESS);
  }
  demand(codes.includes(answer.body.code), `the code is not declared: ${about}`);
  checkErrorHeaders(answer, about);
  return answerName(id, answer.status, answer.body.code);
}

function checkOutside(answer: Answer, about: string): undefined {
  if (answer.body?.success === true) return;
  const code = answer.body?.code as ErrorCode;
  demand(OUTSIDE_CODES.has(code), `no operation, and no code for that: ${about}`);
  demand(answer.status === ERRORS[code].status, `the status of ${code} is ${ERRORS[code].status}: ${about}`);
  demand(errorSchema(code).safeParse(answer.body).success, `not the envelope of ${code}: ${about}`);
  checkErrorHeaders(answer, about);
}

function checkErrorHeaders(answer: Answer, about: string): void {
  const { headers = [] }: ErrorDefinition = ERRORS[answer.body.code as ErrorCode];
  for (const header of headers) demandHeader(answer, header, about);
  if (!headers.includes('Retry-After')) return;
  demand(Number(answer.headers['retry-after']) === answer.body.details.retryAfter, `Retry-After is not as in details: ${about}`);
}

function demandHeader(answer: Answer, header: string, about: string): void {
  demand(answer.headers[header.toLowerCase()] !== undefined, `${header} is missing: ${about}`);
}

function checkRateLimitHeaders({ headers }: Answer, about: string): void {
  const [limit, remaining, used, reset] = RATE_LIMIT_HEADERS.map((name) => Number(headers[name.toLowerCase()]));
  demand(limit === remaining! + used!, `X-RateLimit-Remaining and -Used do not make up -Limit: ${about}`);
  demand(reset! > 1_600_000_000, `X-RateLimit-Reset is no time: ${about}`);
}
