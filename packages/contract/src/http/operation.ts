import { type AppRoute, type AppRouter, initContract, isAppRoute } from '@ts-rest/core';
import * as z from 'zod';
import type { ResponseHeaderName } from './headers.ts';
import type { Scope } from './scopes.ts';

export { isAppRoute };

type Builder = ReturnType<typeof initContract>;
const tsRest: Builder = initContract();

/**
 * The contract builder: with the server's adapter, the only place that knows ts-rest. An operation that declares no query has an
 * empty one, so that a mistyped parameter is refused everywhere; ts-rest's own client asks for none where none is declared.
 */
export const c: Builder = {
  ...tsRest,
  router: (routes, options) => tsRest.router(withQueries(routes as AppRouter) as typeof routes, options),
};

function withQueries(routes: AppRouter): AppRouter {
  return Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [name, isAppRoute(route) ? { query: z.strictObject({}), ...route } : withQueries(route)]),
  );
}

/** A named example, as the reference shows it and the mock answers it. */
export interface Example {
  readonly summary: string;
  /** A string where the media type is not JSON. */
  readonly value: unknown;
  /** `application/json` when left out. */
  readonly mediaType?: string;
  /** The status that it is an example of; the operation's first success when left out. */
  readonly status?: number;
}

/** That an operation will go. */
export interface Deprecation {
  /** The day since when, such as `2026-01-31`. */
  readonly since: string;
  /** The day from which it may be gone. */
  readonly sunset?: string;
  /** The id of the operation to use in its place. */
  readonly instead: string;
}

/** A route that is in the contract before a server has it. */
export interface PlannedRoute {
  readonly metadata: { readonly planned: true };
}

/** What the contract says of an operation beyond its schemas. */
export interface OperationMetadata {
  /** The scope that the key needs. */
  readonly scope: Scope;
  /**
   * It is in the contract before a server has it: document and mock have it, a server says 501. Without the mark the compiler asks
   * for its implementation.
   */
  readonly planned?: true;
  /** It will go: every answer says so. */
  readonly deprecated?: Deprecation;
  /** Named examples of the request body. */
  readonly requestExamples?: Readonly<Record<string, Example>>;
  /** Named examples of the success. Those of errors come from the registry. */
  readonly successExamples: Readonly<Record<string, Example>>;
  /** Headers of the success besides those of every authenticated response. */
  readonly successHeaders?: readonly ResponseHeaderName[];
  /** The query parameter that decides the media type of the success, and which one each of its values asks for. */
  readonly mediaTypeBy?: { readonly parameter: string; readonly mediaTypes: Readonly<Record<string, string>> };
  /** The largest request body, in bytes; `BODY_MAX_BYTES` when left out. */
  readonly bodyMaxBytes?: number;
  /** The media type of the request body; `application/json` when left out. */
  readonly bodyMediaType?: string;
  /** Further media types that the request body may have. */
  readonly otherBodyMediaTypes?: readonly string[];
  /** How many lines a request body of text may have; without one that says nothing, and without line breaks in the cells of CSV. */
  readonly bodyMaxLines?: number;
}

/** The largest request body, in bytes, of an operation that says nothing else. */
export const BODY_MAX_BYTES = 65_536;

/** The schema of a route's request body; undefined where it takes none. */
export function bodyOf(route: AppRoute): z.ZodType | undefined {
  return 'body' in route && typeof route.body === 'object' ? (route.body as z.ZodType) : undefined;
}

/** The codes that every operation can answer with. */
export const COMMON_ERRORS = [
  'VALIDATION_ERROR',
  'MISSING_AUTH_HEADER',
  'INVALID_API_KEY',
  'MALFORMED_AUTH_HEADER',
  'INSUFFICIENT_SCOPE',
  'RATE_LIMIT_EXCEEDED',
  'WORKSPACE_BUSY',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

/** The codes that every operation with a request body can answer with, besides the common ones. */
export const BODY_ERRORS = ['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/** The codes that every operation that changes something can answer with, besides the common ones. */
export const WRITE_ERRORS = ['IDEMPOTENCY_KEY_IN_USE', 'IDEMPOTENCY_ANSWER_ERASED', 'IDEMPOTENCY_KEY_REUSED'] as const;
