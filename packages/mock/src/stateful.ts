import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_KEY_PATTERN, API_KEY_PREFIX } from '@leads/contract';
import { type MemoryCore, startMemoryCore, type WorkspaceContent } from '@leads/server/memory-core';

const BEARER = /^Bearer ([^\s,]+)$/i;

/** The server's own core on a database in memory: every key that begins like one has a workspace of its own, filled from the seed. */
export class Stateful {
  readonly #core: MemoryCore;
  readonly #admitted = new Map<string, Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();
  #content: WorkspaceContent;
  #replacing: Promise<unknown> | undefined;

  private constructor(core: MemoryCore, content: WorkspaceContent) {
    this.#core = core;
    this.#content = content;
  }

  /** Starts it; every workspace begins with `content`. */
  static async start(content: WorkspaceContent, now: () => Date): Promise<Stateful> {
    return new Stateful(await startMemoryCore(now), content);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    while (this.#replacing) await this.#replacing;
    if (response.destroyed) return;
    const ended = new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    this.#underWay.add(ended);
    void ended.then(() => this.#underWay.delete(ended));
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (key?.startsWith(API_KEY_PREFIX)) {
      const whole = wholeKey(key);
      request.headers.authorization = `Bearer ${whole}`;
      await this.#admit(whole);
    }
    this.#core.handle(request, response);
  }

  /** Takes away everything; the next request finds its workspace filled with `content`. */
  reset(content: WorkspaceContent): Promise<void> {
    return this.#replace(() => {
      this.#content = content;
      return this.#core.clear();
    });
  }

  save(name: string): Promise<void> {
    return this.#core.saveSnapshot(name);
  }

  /** False where nothing was kept under that name. */
  load(name: string): Promise<boolean> {
    return this.#replace(() => this.#core.loadSnapshot(name));
  }

  counts(): Promise<Record<string, number>> {
    return this.#core.counts();
  }

  stop(): Promise<void> {
    return this.#core.stop();
  }

  /** Replaces the state between two requests: one that is half done would find its own workspace gone. */
  async #replace<Result>(replace: () => Promise<Result>): Promise<Result> {
    while (this.#replacing) await this.#replacing;
    const replaced = Promise.all(this.#underWay).then(replace);
    this.#replacing = replaced.catch(() => {});
    try {
      return await replaced;
    } finally {
      this.#admitted.clear();
      this.#replacing = undefined;
    }
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
