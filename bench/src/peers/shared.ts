import { hash } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { errorBody, type ErrorCode, type ErrorDetails, ERRORS } from '../../../packages/contract/src/errors/index.ts';
import type { CreateLeadSchema, UpdateLeadSchema } from '../../../packages/contract/src/leads/schemas.ts';
import { newId } from '../../../packages/server/src/ids.ts';
import { leadStatements, type StoredLead } from '../lead-statements.ts';
import type * as z from 'zod';

/**
 * What the peers do that no framework does for them: the key, the limit, the line of the log, and the five operations with our SQL and our
 * schemas. Each does it as cheaply as ours, so that what is compared is what surrounds it.
 */

/** Who makes a request. */
export interface Caller {
  readonly keyId: string;
  readonly workspaceId: string;
}

/** A successful answer. */
export interface Answer {
  readonly status: 200 | 201;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** A request is refused, with the envelope of a code. */
export class Refusal extends Error {
  readonly status: (typeof ERRORS)[ErrorCode]['status'];
  readonly body: object;

  constructor(code: ErrorCode, details?: object) {
    super(code);
    this.status = ERRORS[code].status;
    this.body = errorBody(code, details as ErrorDetails<ErrorCode>);
  }
}

/** The refusal for what went wrong, whatever it was. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  logger.error(error);
  return new Refusal('INTERNAL_ERROR', { requestId: '' });
}

/** The content security policy of our server. */
export const CSP = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };

/** How pages of other origins may call. */
export const CORS_MAX_AGE = 600;
export const EXPOSED_HEADERS = [
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Used',
  'X-RateLimit-Reset',
  'ETag',
];

/** The largest body of a request, in bytes. */
export const BODY_MAX_BYTES = 100_000;

// As ours: the same connections, the same way for the log.
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const leads = leadStatements(pool);
const logger = pino(
  { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
  pino.destination({ dest: 1, sync: false, minLength: 8_192, periodicFlush: 250 }),
);

/** Makes the id of a request. */
export function newRequestId(): string {
  return newId('req');
}

/** Logs the line of a request that ended. */
export function logRequest(
  requestId: string,
  method: string,
  route: string | undefined,
  status: number,
  start: number,
  caller?: Caller,
): void {
  const durationMs = Math.round((performance.now() - start) * 100) / 100;
  logger.info({ requestId, method, route, status, durationMs, keyId: caller?.keyId });
}

/** How long it is trusted what was read of a key, in milliseconds. */
const KEY_MAX_AGE_MS = 2_000;
const FIND_KEY = `select id, workspace_id from api_keys where hash = decode($1, 'hex') and revoked_at is null`;
const keys = new Map<string, { readonly caller: Caller; readonly readAt: number }>();

/** Finds out who makes a request, at once where the key was read in the last two seconds. */
export function callerOf(authorization: string | undefined): Caller | Promise<Caller> {
  if (authorization === undefined) throw new Refusal('MISSING_AUTH_HEADER');
  const key = /^Bearer ([^\s,]+)$/i.exec(authorization)?.[1];
  if (key === undefined) throw new Refusal('MALFORMED_AUTH_HEADER');
  const keyHash = hash('sha256', key, 'hex');
  const known = keys.get(keyHash);
  return known && Date.now() - known.readAt < KEY_MAX_AGE_MS ? known.caller : readCaller(keyHash);
}

async function readCaller(keyHash: string): Promise<Caller> {
  const readAt = Date.now();
  const { rows } = await pool.query({ name: 'key', text: FIND_KEY, values: [keyHash] });
  if (!rows[0]) throw new Refusal('INVALID_API_KEY');
  const caller = { keyId: rows[0].id, workspaceId: rows[0].workspace_id };
  keys.set(keyHash, { caller, readAt });
  return caller;
}

const LIMIT = 1_000_000_000;
const WINDOW_SECONDS = 3_600;
const windows = new Map<string, { used: number; readonly resetAt: number }>();

/** Counts a request, and answers the headers that say where its key stands. */
export function countRequest({ keyId }: Caller): readonly (readonly [name: string, value: string])[] {
  const now = Math.floor(Date.now() / 1000);
  let window = windows.get(keyId);
  if (!window || window.resetAt <= now) windows.set(keyId, (window = { used: 0, resetAt: now + WINDOW_SECONDS }));
  window.used++;
  const { used, resetAt } = window;
  const remaining = Math.max(0, LIMIT - used);
  if (used > LIMIT) throw new Refusal('RATE_LIMIT_EXCEEDED', { limit: LIMIT, remaining, resetTime: resetAt, retryAfter: resetAt - now });
  return [
    ['X-RateLimit-Limit', String(LIMIT)],
    ['X-RateLimit-Remaining', String(remaining)],
    ['X-RateLimit-Used', String(used)],
    ['X-RateLimit-Reset', String(resetAt)],
  ];
}

/** `leads.get`. */
export async function getLead({ workspaceId }: Caller, leadId: string): Promise<Answer> {
  return found(leadId, await leads.get(workspaceId, leadId));
}

/** `leads.list`, of which only the first page is measured. */
export async function listLeads({ workspaceId }: Caller, { limit }: { readonly limit: number }): Promise<Answer> {
  return { status: 200, headers: {}, body: { success: true, data: await leads.list(workspaceId, limit) } };
}

/** `leads.create`. */
export async function createLead({ workspaceId }: Caller, fields: z.output<typeof CreateLeadSchema>): Promise<Answer> {
  const made = await leads.create(workspaceId, fields);
  if (!made) throw new Refusal('SUPPRESSED', { erasureId: '' });
  const headers = { Location: `/api/v1/leads/${made.id}`, ETag: `"${made.version}"` };
  return { status: 201, headers, body: { success: true, data: made.lead } };
}

/** `leads.update`, of which only a change of the status is measured. */
export async function updateLead({ workspaceId }: Caller, leadId: string, { status }: z.output<typeof UpdateLeadSchema>): Promise<Answer> {
  return found(leadId, await leads.update(workspaceId, leadId, status!));
}

/** `leads.delete`. */
export async function deleteLead({ workspaceId, keyId }: Caller, leadId: string, requestId: string): Promise<Answer> {
  const deletedAt = await leads.delete(workspaceId, leadId, keyId, requestId);
  if (!deletedAt) throw notFound(leadId);
  return { status: 200, headers: {}, body: { success: true, message: 'Lead deleted successfully', data: { id: leadId, deletedAt } } };
}

function found(leadId: string, stored: StoredLead | undefined): Answer {
  if (!stored) throw notFound(leadId);
  return { status: 200, headers: { ETag: `"${stored.version}"` }, body: { success: true, data: stored.lead } };
}

function notFound(leadId: string): Refusal {
  return new Refusal('LEAD_NOT_FOUND', { leadId, message: 'No lead found with this ID in your workspace' });
}
