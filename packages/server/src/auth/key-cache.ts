import type { Scope } from '@leads/contract';
import { type Database, run } from '../db/database.ts';
import type { Caller } from '../http/implement.ts';

/** How long an instance trusts what it read of a key, in milliseconds: a revocation elsewhere holds here after at most this. */
const KEY_MAX_AGE_MS = 2_000;
const MAX_KEYS = 10_000;

interface CachedKey {
  readonly caller: Caller;
  readonly expiresAt: number;
  readonly readAt: number;
}

const FIND_KEY = `
  select id, workspace_id, scopes, expires_at from api_keys
  where hash = decode($1, 'hex') and revoked_at is null`;

/** Finds who holds a key, by its hash, with at most one query per key in two seconds. */
export class KeyCache {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #keys = new Map<string, CachedKey>();
  readonly #reads = new Map<string, Promise<CachedKey | undefined>>();

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** The caller, at once where it is known; undefined for a key that is unknown, revoked or expired. */
  find(hash: string): Caller | undefined | Promise<Caller | undefined> {
    const now = this.#now().getTime();
    const cached = this.#keys.get(hash);
    // A clock that was set back must not keep what was read before.
    if (cached && Math.abs(now - cached.readAt) < KEY_MAX_AGE_MS) return now < cached.expiresAt ? cached.caller : undefined;
    return this.#read(hash).then((key) => (key && this.#now().getTime() < key.expiresAt ? key.caller : undefined));
  }

  /** Forgets every key, so that a change made on this instance holds at once. */
  clear(): void {
    this.#keys.clear();
    this.#reads.clear();
  }

  #read(hash: string): Promise<CachedKey | undefined> {
    const running = this.#reads.get(hash);
    if (running) return running;
    const reading = this.#query(hash)
      .then((key) => {
        // A read that began before `clear` must not bring back what was cleared.
        if (this.#reads.get(hash) !== reading) return key;
        this.#keys.delete(hash);
        if (key) this.#remember(hash, key);
        return key;
      })
      .finally(() => {
        if (this.#reads.get(hash) === reading) this.#reads.delete(hash);
      });
    this.#reads.set(hash, reading);
    return reading;
  }

  async #query(hash: string): Promise<CachedKey | undefined> {
    const readAt = this.#now().getTime();
    const [row] = await run<{ id: string; workspace_id: string; scopes: Scope[]; expires_at: string | null }>(this.#db, FIND_KEY, [hash]);
    return (
      row && {
        caller: { keyId: row.id, workspaceId: row.workspace_id, scopes: new Set(row.scopes) },
        expiresAt: row.expires_at === null ? Infinity : Date.parse(row.expires_at),
        readAt,
      }
    );
  }

  #remember(hash: string, key: CachedKey): void {
    if (this.#keys.size >= MAX_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
    this.#keys.set(hash, key);
  }
}
