import { type Database, run } from '../db/database.ts';
import { retrying } from '../db/transaction.ts';
import { WINDOW_SECONDS } from './sliding-window.ts';
import type { RateLimiter, RequestCount } from './rate-limiter.ts';

/** A row that was written before the last read may become visible after it, by as much as its transaction lasted. */
const READ_OVERLAP_SECONDS = 5;
/** For how long a row may be added to, by the instance that wrote it. */
const SETTLED_AFTER_SECONDS = 60;
/** For how long a count is of use to an instance; the clocks may differ a little. */
export const COUNT_KEPT_SECONDS = WINDOW_SECONDS + SETTLED_AFTER_SECONDS;

const ADD_COUNTS = `
  insert into request_counts as counts (key_id, second, instance_id, count)
  select key_id, second, $4, count from unnest($1::text[], $2::bigint[], $3::integer[]) as fresh (key_id, second, count)
  on conflict (key_id, second, instance_id) do update set count = counts.count + excluded.count, counted_at = now()`;

const NOW = 'select extract(epoch from now())::double precision as now';

const COLUMNS = `key_id, second::double precision, instance_id, count, extract(epoch from now())::double precision as read_at`;

const READ_COUNTS = `
  select ${COLUMNS} from request_counts
  where instance_id <> $1 and counted_at > to_timestamp($2) and second > $3
  order by second`;

// What is settled comes by the minute: at most sixty rows, however many instances there were.
const READ_HISTORY = `
  select ${COLUMNS} from request_counts
  where key_id = $1 and instance_id <> $2 and second > $3 and counted_at > now() - interval '${SETTLED_AFTER_SECONDS} seconds'
  union all
  select $1, max(second)::double precision, null, sum(count)::integer, 0 from request_counts
  where key_id = $1 and instance_id <> $2 and second > $3 and counted_at <= now() - interval '${SETTLED_AFTER_SECONDS} seconds'
  group by second / 60
  order by second`;

const MARK_USED = `
  update api_keys set last_used_at = to_timestamp(used.second)
  from unnest($1::text[], $2::bigint[]) as used (key_id, second)
  where api_keys.id = used.key_id and (last_used_at is null or last_used_at < to_timestamp(used.second - 59))`;

interface CountRow {
  readonly key_id: string;
  readonly second: number;
  /** Null for several rows in one. */
  readonly instance_id: string | null;
  readonly count: number;
  readonly read_at: number;
}

/**
 * Exchanges the counts of the rate limit with the other instances on the database, and notes when keys were last used.
 * Meant to run every second: then the instances share one count to within two seconds. A request waits for it only where its
 * key was not used on this instance in the last hour: then what the others counted is read first.
 */
export class CountExchange {
  readonly #db: Database;
  readonly #limiter: RateLimiter;
  readonly #instanceId: string;
  /** How much of each count of another instance is known here, for the counts that may be read again, by key. */
  readonly #known = new Map<string, Map<string, { count: number; readAt: number }>>();
  #readAt: number | undefined;

  constructor(db: Database, limiter: RateLimiter, instanceId: string) {
    this.#db = db;
    this.#limiter = limiter;
    this.#instanceId = instanceId;
    limiter.learnFrom((keyId) => this.#readHistory(keyId));
  }

  /** Hands on what was counted here and takes in what was counted elsewhere. */
  async run(): Promise<void> {
    const fresh = this.#limiter.takeFresh();
    try {
      await this.#write(fresh);
    } catch (error) {
      this.#limiter.returnFresh(fresh);
      throw error;
    }
    await this.#read();
  }

  async #write(fresh: readonly RequestCount[]): Promise<void> {
    if (fresh.length === 0) return;
    const keyIds = fresh.map(({ keyId }) => keyId);
    const seconds = fresh.map(({ second }) => second);
    await run(this.#db, ADD_COUNTS, [keyIds, seconds, fresh.map(({ count }) => count), this.#instanceId]);
    const lastUsed = new Map(fresh.map(({ keyId, second }) => [keyId, second]));
    await retrying(this.#db, () => run(this.#db, MARK_USED, [[...lastUsed.keys()], [...lastUsed.values()]]));
  }

  async #read(): Promise<void> {
    // What was counted before the first read is read with the history of a key.
    this.#readAt ??= (await run<{ now: number }>(this.#db, NOW, []))[0]!.now;
    const rows = await run<CountRow>(this.#db, READ_COUNTS, [this.#instanceId, this.#readAt - READ_OVERLAP_SECONDS, this.#windowStart()]);
    // Of a key that is not used here nothing is kept: its history is read when it is.
    this.#limiter.add(this.#news(rows.filter(({ key_id: keyId }) => this.#limiter.knows(keyId))));
    this.#readAt = rows.reduce((latest, row) => Math.max(latest, row.read_at), this.#readAt);
    this.#forget(this.#readAt - SETTLED_AFTER_SECONDS);
  }

  async #readHistory(keyId: string): Promise<RequestCount[]> {
    return this.#news(await run<CountRow>(this.#db, READ_HISTORY, [keyId, this.#instanceId, this.#windowStart()]));
  }

  #windowStart(): number {
    return this.#limiter.now() - WINDOW_SECONDS;
  }

  #news(rows: readonly CountRow[]): RequestCount[] {
    return rows.flatMap(({ key_id: keyId, second, instance_id: instanceId, count, read_at: readAt }) => {
      if (instanceId === null) return [{ keyId, second, count }];
      let known = this.#known.get(keyId);
      if (!known) this.#known.set(keyId, (known = new Map()));
      const id = `${second} ${instanceId}`;
      const before = known.get(id)?.count ?? 0;
      known.set(id, { count: Math.max(count, before), readAt });
      return count > before ? [{ keyId, second, count: count - before }] : [];
    });
  }

  #forget(before: number): void {
    for (const [keyId, counts] of this.#known) {
      for (const [id, { readAt }] of counts) if (readAt < before) counts.delete(id);
      if (counts.size === 0) this.#known.delete(keyId);
    }
  }
}
