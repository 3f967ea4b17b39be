import { createCipheriv, createDecipheriv, createSecretKey, hash, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { type Database, run } from '../db/database.ts';
import { claimIdempotencyKey } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import { ApiError } from './api-error.ts';
import type { Answer, Surroundings, ValidatedRequest } from './implement.ts';

/** How long an answer is kept, in hours. */
export const ANSWER_KEPT_HOURS = 24;
/** What a request asks for besides its body; its other headers may differ from one try to the next. */
const CONDITIONS = ['if-match', 'x-confirmation-token'] as const;
const KEPT_HEADERS = ['location', 'etag'] as const;

/** What `claim_idempotency_key` raises, by SQLSTATE. */
const IN_USE = 'IK001';
const ANSWERED = 'IK002';

const FIND =
  'select request_hash, answer, sealed from idempotency_keys where workspace_id = $1 and key_id = $2 and key_hash = $3 and created_at > $4';
const KEEP = `
  insert into idempotency_keys values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (workspace_id, key_id, key_hash) do update
  set request_hash = excluded.request_hash, lead_id = excluded.lead_id, answer = excluded.answer, created_at = excluded.created_at, sealed = true`;

/**
 * Gives a request with an `Idempotency-Key` the answer of the first one with that key: 422 `IDEMPOTENCY_KEY_REUSED` where that
 * was another request, 409 `IDEMPOTENCY_KEY_IN_USE` where it still runs, 409 `IDEMPOTENCY_ANSWER_ERASED` where its answer went
 * with the lead. The change and its answer are written in one transaction. A request without the header runs as it is, and so
 * does a dry run: it changes nothing, and repeated it shall look again.
 */
export function idempotency(databaseOf: (workspaceId: string) => Database, now: () => Date): Surroundings {
  const running = new Set<string>();
  return async (request, operate) => {
    const { workspaceId, keyId } = request.req.caller;
    const db = databaseOf(workspaceId);
    const key = request.headers['idempotency-key'];
    if (key === undefined || isDryRun(request)) return operate(db);
    const keyHash = sha256(key);
    const name = `${workspaceId} ${keyId} ${keyHash.toString('hex')}`;
    // Besides the lock in the database, because on the embedded one the second request would wait for the first one's transaction.
    if (running.has(name)) throw new ApiError('IDEMPOTENCY_KEY_IN_USE');
    running.add(name);
    try {
      const claim = { name, keyHash, requestHash: fingerprint(request), keptSince: keptSince(now()) };
      if (operate.claims) return await operate(db, claim);
      let kept: Promise<unknown> | undefined;
      const answer = await inTransaction(db, async (transaction) => {
        // On its way together with what the operation asks first: where the key is not free, PostgreSQL refuses that as well.
        // Whatever came of the operation then, it came of nothing.
        const claiming = claimIdempotencyKey.call(transaction, {
          name,
          workspace: workspaceId,
          key: keyId,
          key_hash: keyHash,
          kept_since: claim.keptSince,
        });
        const [claimed, operation] = await Promise.allSettled([claiming, operate(transaction)]);
        if (claimed.status === 'rejected') throw claimed.reason;
        if (operation.status === 'rejected') throw operation.reason;
        const made = operation.value;
        const sealed = encrypt(keptText(made, keptHeaders(request)), secretOf(request, keyHash));
        // On its way together with the commit; where it fails, the commit rolls back.
        kept = run(transaction, KEEP, [workspaceId, keyId, keyHash, claim.requestHash, leadOf(request, made), sealed, now()]);
        kept.catch(() => {});
        return made;
      });
      await kept;
      return answer;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === IN_USE) throw new ApiError('IDEMPOTENCY_KEY_IN_USE');
      // An operation that claims may refuse before its statement, although there is an answer.
      if (code !== ANSWERED && !(operate.claims && error instanceof ApiError)) throw error;
      const [found] = await run<KeptRow>(db, FIND, [workspaceId, keyId, keyHash, keptSince(now())]);
      // After the claim said that there is one, its 24 hours ended in between: free for the next try.
      if (!found) throw code === ANSWERED ? new ApiError('IDEMPOTENCY_KEY_IN_USE') : error;
      if (!found.request_hash.equals(fingerprint(request))) throw new ApiError('IDEMPOTENCY_KEY_REUSED');
      if (!found.answer) throw new ApiError('IDEMPOTENCY_ANSWER_ERASED');
      return replay(request, found.sealed ? decrypt(found.answer, secretOf(request, keyHash)) : found.answer.toString('utf8'));
    } finally {
      running.delete(name);
    }
  };
}

function keptSince(now: Date): Date {
  return new Date(now.getTime() - ANSWER_KEPT_HOURS * 3_600_000);
}

interface KeptRow {
  readonly request_hash: Buffer;
  readonly answer: Buffer | null;
  readonly sealed: boolean;
}

interface KeptAnswer extends Answer {
  readonly headers: Readonly<Record<string, string>>;
}

/** The same for requests that ask for the same, however they write it: the order of a query or of an object's keys says nothing. */
function fingerprint({ req, params, query, headers, body }: ValidatedRequest): Buffer {
  const conditions = CONDITIONS.map((name) => headers[name]);
  return sha256(JSON.stringify([req.method, req.route.path, params, query, conditions, body], sortKeys));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isDryRun({ req, body }: ValidatedRequest): boolean {
  return (body as { dryRun?: boolean } | undefined)?.dryRun === true || req.query.dryRun === 'true';
}

/** The lead whose personal data an answer holds: it is erased together with that lead. */
function leadOf({ req, params }: ValidatedRequest, { body }: Answer): string | null {
  if (req.method === 'DELETE') return null;
  const { data } = body as { data: { id?: string; lead?: { id: string } } };
  return params['leadId'] ?? data.lead?.id ?? data.id ?? null;
}

/** An answer as it is kept. */
export function keptText({ status, body }: Answer, headers: KeptAnswer['headers'] = {}): string {
  return JSON.stringify({ status, body, headers } satisfies KeptAnswer);
}

function keptHeaders({ res }: ValidatedRequest): KeptAnswer['headers'] {
  return Object.fromEntries(KEPT_HEADERS.flatMap((name) => (res.hasHeader(name) ? [[name, String(res.getHeader(name))]] : [])));
}

function replay({ res }: ValidatedRequest, kept: string): Answer {
  const { status, body, headers } = JSON.parse(kept) as KeptAnswer;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('Idempotency-Replayed', 'true');
  return { status, body };
}

/**
 * Made from the caller's API key, of which the database has only a hash: from the database alone no answer can be read.
 * A key object, because a cipher takes three times as long to make from bytes.
 */
function secretOf({ req }: ValidatedRequest, keyHash: Buffer): KeyObject {
  const apiKey = req.headers.authorization!.slice('Bearer '.length);
  return createSecretKey(Buffer.from(hkdfSync('sha256', apiKey, keyHash, 'idempotency answer', 32)));
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function encrypt(text: string, secret: KeyObject): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(sealed: Buffer, secret: KeyObject): string {
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
