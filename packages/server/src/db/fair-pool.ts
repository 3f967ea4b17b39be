import type pg from 'pg';

/** How many of a workspace's statements and transactions wait for a connection at the most, and for how long, in milliseconds. */
const MAX_WAITING = 1_000;
const MAX_WAIT_MS = 5_000;
/** What part of the connections one workspace may have at once. */
const WORKSPACE_PART = 0.75;

/** A workspace asks for more at once than it may have, so that there is something left for the others. */
export class WorkspaceBusyError extends Error {
  override readonly name = 'WorkspaceBusyError';
}

interface Waiting {
  readonly go: () => void;
  readonly timer: NodeJS.Timeout;
}

/** What a workspace has and waits for. */
interface Share {
  readonly workspaceId: string;
  running: number;
  readonly waiting: Set<Waiting>;
}

/**
 * The connections of a pool, given to workspaces in turns: however many requests one sends, another waits for one connection to
 * become free and no longer. No workspace has more than three quarters of the connections at once.
 */
export class FairPool {
  readonly #pool: pg.Pool;
  readonly #perWorkspace: number;
  readonly #maxWaitMs: number;
  #free: number;
  readonly #shares = new Map<string, Share>();
  /** The workspaces that wait and may have more, the one that is next first. */
  readonly #turns = new Set<Share>();

  constructor(pool: pg.Pool, size: number, maxWaitMs = MAX_WAIT_MS) {
    this.#pool = pool;
    this.#maxWaitMs = maxWaitMs;
    this.#free = size;
    this.#perWorkspace = Math.ceil(size * WORKSPACE_PART);
  }

  /** How many statements and transactions wait, of all workspaces. */
  get waiting(): number {
    let waiting = 0;
    for (const share of this.#shares.values()) waiting += share.waiting.size;
    return waiting;
  }

  /**
   * A connection for a workspace, which goes back with its `release`.
   * @throws {WorkspaceBusyError} where too many of the workspace wait, or one has waited for too long.
   */
  async connect(workspaceId: string): Promise<pg.PoolClient> {
    const share = this.#shares.get(workspaceId) ?? { workspaceId, running: 0, waiting: new Set() };
    this.#shares.set(workspaceId, share);
    if (this.#free > 0 && share.running < this.#perWorkspace) this.#start(share);
    else await this.#wait(share);
    try {
      const client = await this.#pool.connect();
      const release = client.release.bind(client);
      client.release = (error) => {
        release(error);
        this.#end(share);
      };
      return client;
    } catch (error) {
      this.#end(share);
      throw error;
    }
  }

  #start(share: Share): void {
    this.#free -= 1;
    share.running += 1;
  }

  #wait(share: Share): Promise<void> {
    if (share.waiting.size >= MAX_WAITING) throw new WorkspaceBusyError('too many wait');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        share.waiting.delete(waiting);
        if (share.waiting.size === 0) this.#turns.delete(share);
        this.#forget(share);
        // Where none of its own is in the way, the database is too slow for all.
        reject(share.running > 0 ? new WorkspaceBusyError('waited for too long') : new Error('timeout exceeded when trying to connect'));
      }, this.#maxWaitMs);
      const waiting: Waiting = { go: resolve, timer };
      share.waiting.add(waiting);
      if (share.running < this.#perWorkspace) this.#turns.add(share);
    });
  }

  #end(share: Share): void {
    this.#free += 1;
    share.running -= 1;
    if (share.waiting.size > 0) this.#turns.add(share);
    else this.#forget(share);
    const [next] = this.#turns;
    if (!next) return;
    this.#turns.delete(next);
    const [first] = next.waiting;
    next.waiting.delete(first!);
    clearTimeout(first!.timer);
    this.#start(next);
    if (next.waiting.size > 0 && next.running < this.#perWorkspace) this.#turns.add(next);
    first!.go();
  }

  #forget({ workspaceId, running, waiting }: Share): void {
    if (running === 0 && waiting.size === 0) this.#shares.delete(workspaceId);
  }
}
