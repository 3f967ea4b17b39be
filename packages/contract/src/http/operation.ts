import { type AppRoute, initContract } from '@ts-rest/core';
import * as z from 'zod';
import type { ResponseHeaderName } from './headers.ts';

/** The contract builder: with the two adapters of server and client, the only place that knows ts-rest. */
export const c: ReturnType<typeof initContract> = initContract();

/** What an API key may be allowed to do, and what it means. */
export const SCOPES = {
  'leads:read': 'List, read and export leads, their activities, campaigns and backups.',
  'leads:write': 'Create, change, archive, import and restore leads, their activities and campaigns.',
  'leads:delete': 'Delete or anonymize leads for good, and delete activities and backups.',
  'leads:force': 'Delete leads that are in an active campaign.',
  'audit:read': 'Read the audit log.',
  'keys:manage': 'Create, list, rotate and revoke the API keys of the workspace.',
} as const;

/** A scope of an API key. */
export type Scope = keyof typeof SCOPES;

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

/** What the contract says of an operation beyond its schemas. */
export interface OperationMetadata {
  /** The scope that the key needs. */
  readonly scope: Scope;
  /** Named examples of the request body. */
  readonly requestExamples?: Readonly<Record<string, Example>>;
  /** Named examples of the success. Those of errors come from the registry. */
  readonly successExamples: Readonly<Record<string, Example>>;
  /** Headers of the success besides those of every authenticated response. */
  readonly successHeaders?: readonly ResponseHeaderName[];
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

/** The query of an operation that has none: any parameter is refused, so that a mistyped filter cannot be ignored. */
export const NoQuerySchema = z.strictObject({});

/** The codes that every operation can answer with. */
export const COMMON_ERRORS = [
  'VALIDATION_ERROR',
  'MISSING_AUTH_HEADER',
  'INVALID_API_KEY',
  'MALFORMED_AUTH_HEADER',
  'INSUFFICIENT_SCOPE',
  'RATE_LIMIT_EXCEEDED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

/** The codes that every operation with a request body can answer with, besides the common ones. */
export const BODY_ERRORS = ['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/** The codes that every operation that changes something can answer with, besides the common ones. */
export const WRITE_ERRORS = ['IDEMPOTENCY_KEY_IN_USE', 'IDEMPOTENCY_ANSWER_ERASED', 'IDEMPOTENCY_KEY_REUSED'] as const;
