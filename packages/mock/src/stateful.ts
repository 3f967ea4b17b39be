import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_KEY_PATTERN, API_KEY_PREFIX } from '@leads/contract';
import { createLogger, type MemoryCore, startMemoryCore } from '@leads/server';
import { contentOf, type Seed } from './seed.ts';

const BEARER = /^Bearer ([^\s,]+)$/i;

/** The server's own core on a database in memory: every key that begins like one has a workspace of its own, filled from the seed. */
export class Stateful {
  readonly #core: MemoryCore;
  readonly #admitted = new Map<string, Promise<void>>();
  #content: ReturnType<typeof contentOf>;

  private constructor(core: MemoryCore, seed: Seed) {
    this.#core = core;
    this.#content = contentOf(seed);
  }

  static async start(seed: Seed, now: () => Date): Promise<Stateful> {
    contentOf(seed);
    return new Stateful(await startMemoryCore(now, createLogger('error')), seed);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (key?.startsWith(API_KEY_PREFIX)) {
      const whole = wholeKey(key);
      request.headers.authorization = `Bearer ${whole}`;
      await this.#admit(whole);
    }
    this.#core.handle(request, response);
  }

  /** Takes away everything; the next request finds its workspace as it was at first, or filled from another seed. */
  async reset(seed?: Seed): Promise<void> {
    if (seed !== undefined) this.#content = contentOf(seed);
    await Promise.allSettled(this.#admitted.values());
    await this.#core.clear();
    this.#admitted.clear();
  }

  save(name: string): Promise<void> {
    return this.#core.saveSnapshot(name);
  }

  async load(name: string): Promise<boolean> {
    await Promise.allSettled(this.#admitted.values());
    this.#admitted.clear();
    return this.#core.loadSnapshot(name);
  }

  counts(): Promise<Record<string, number>> {
    return this.#core.counts();
  }

  stop(): Promise<void> {
    return this.#core.stop();
  }

  #admit(key: string): Promise<void> {
    let admitted = this.#admitted.get(key);
    if (!admitted) {
      admitted = this.#core.admit(key, this.#content);
      this.#admitted.set(key, admitted);
      admitted.catch(() => this.#admitted.delete(key));
    }
    return admitted;
  }
}

/** A short key, such as `sk-workspace_mock`, stands for a whole one, which is what the server takes. */
function wholeKey(key: string): string {
  if (API_KEY_PATTERN.test(key)) return key;
  return API_KEY_PREFIX + createHash('sha256').update(key).digest('hex').slice(0, 51);
}
