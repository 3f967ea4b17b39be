import { type Database, run } from '../db/database.ts';
import { WINDOW_SECONDS } from './sliding-window.ts';
import type { RateLimiter, RequestCount } from './rate-limiter.ts';

const ADD_COUNTS = `
  insert into request_counts as counts (key_id, second, instance_id, count)
  select key_id, second, $4, count from unnest($1::text[], $2::bigint[], $3::integer[]) as fresh (key_id, second, count)
  on conflict (key_id, second, instance_id) do update set count = counts.count + excluded.count, counted_at = now()`;

const READ_COUNTS = `
  select key_id, second::integer, instance_id, count, extract(epoch from now())::double precision as read_at
  from request_counts
  where instance_id <> $1 and counted_at > to_timestamp($2) and second > $3
  order by second`;

const FORGET_COUNTS = 'delete from request_counts where counted_at < now() - make_interval(secs => $1)';

const MARK_USED = `
  update api_keys set last_used_at = to_timestamp(used.second)
  from unnest($1::text[], $2::bigint[]) as used (key_id, second)
  where api_keys.id = used.key_id and (last_used_at is null or last_used_at < to_timestamp(used.second - 59))`;

/** A row that was written before the last read may become visible after it, by as much as its transaction lasted. */
const READ_OVERLAP_SECONDS = 5;
const FORGET_EVERY_SECONDS = 600;

/**
 * Exchanges the counts of the rate limit with the other instances on the database, and notes when keys were last used.
 * Meant to run every second: then the instances share one count to within two seconds, and no request waits for it.
 */
export class CountExchange {
  readonly #db: Database;
  readonly #limiter: RateLimiter;
  readonly #instanceId: string;
  /** How much of each count of another instance is known here, for the counts that may be read again. */
  #known = new Map<string, { second: number; count: number }>();
  #readAt = 0;
  #forgotAt = 0;

  constructor(db: Database, limiter: RateLimiter, instanceId: string) {
    this.#db = db;
    this.#limiter = limiter;
    this.#instanceId = instanceId;
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
    await run(this.#db, MARK_USED, [[...lastUsed.keys()], [...lastUsed.values()]]);
  }

  async #read(): Promise<void> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const rows = await run<{ key_id: string; second: number; instance_id: string; count: number; read_at: number }>(this.#db, READ_COUNTS, [
      this.#instanceId,
      this.#readAt - READ_OVERLAP_SECONDS,
      nowSeconds - WINDOW_SECONDS,
    ]);
    const news: RequestCount[] = [];
    for (const { key_id: keyId, second, instance_id: instanceId, count, read_at: readAt } of rows) {
      const id = `${keyId} ${second} ${instanceId}`;
      const known = this.#known.get(id)?.count ?? 0;
      if (count > known) news.push({ keyId, second, count: count - known });
      this.#known.set(id, { second, count });
      this.#readAt = Math.max(this.#readAt, readAt);
    }
    this.#limiter.add(news);
    for (const [id, { second }] of this.#known) if (second < nowSeconds - WINDOW_SECONDS) this.#known.delete(id);
    if (nowSeconds - this.#forgotAt > FORGET_EVERY_SECONDS) {
      this.#forgotAt = nowSeconds;
      await run(this.#db, FORGET_COUNTS, [WINDOW_SECONDS + READ_OVERLAP_SECONDS]);
    }
  }
}
