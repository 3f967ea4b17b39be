import type pg from 'pg';

/** How many of a workspace's statements and transactions wait for a connection at the most, and for how long, in milliseconds. */
const MAX_WAITING = 1_000;
const MAX_WAIT_MS = 5_000;
/** What part of the connections one workspace may have at once: while it is alone, and while others ask for some, too. */
const PART_ALONE = 0.75;
const PART_BESIDE_OTHERS = 0.1;
/** For how long after its last request for a connection a workspace counts as one of the others, in milliseconds. */
const BESIDE_MS = 1_000;

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

interface Asked {
  readonly workspaceId: string;
  readonly at: number;
}

/**
 * The connections of a pool, given to workspaces in turns: however many requests one sends, another waits for one connection to
 * become free and no longer. No workspace has more than three quarters of the connections at once, and while others ask for some, too,
 * it gets another one only while it has less than a tenth: what the database
 * does for one workspace slows down what it does for the others.
 */
export class FairPool {
  readonly #pool: pg.Pool;
  readonly #alone: number;
  readonly #besideOthers: number;
  readonly #maxWaitMs: number;
  #free: number;
  readonly #shares = new Map<string, Share>();
  /** The workspaces that wait, the one that is next first. */
  readonly #turns = new Set<Share>();
  /** Who asked last, and who last before that was another one. */
  #last: Asked | undefined;
  #lastOther: Asked | undefined;

  constructor(pool: pg.Pool, size: number, maxWaitMs = MAX_WAIT_MS) {
    this.#pool = pool;
    this.#maxWaitMs = maxWaitMs;
    this.#free = size;
    this.#alone = Math.ceil(size * PART_ALONE);
    this.#besideOthers = Math.ceil(size * PART_BESIDE_OTHERS);
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
    if (this.#last?.workspaceId !== workspaceId) this.#lastOther = this.#last;
    this.#last = { workspaceId, at: performance.now() };
    if (share.waiting.size === 0 && this.#mayStart(share)) this.#start(share);
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

  #mayStart({ workspaceId, running }: Share): boolean {
    const other = this.#last?.workspaceId === workspaceId ? this.#lastOther : this.#last;
    const isBesideOthers = other !== undefined && performance.now() - other.at < BESIDE_MS;
    return this.#free > 0 && running < (isBesideOthers ? this.#besideOthers : this.#alone);
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
      this.#turns.add(share);
    });
  }

  #end(share: Share): void {
    this.#free += 1;
    share.running -= 1;
    this.#forget(share);
    // More than one where those before them had to leave room for others that ask no more.
    for (let next = this.#next(); next; next = this.#next()) this.#startFirst(next);
  }

  #next(): Share | undefined {
    for (const share of this.#turns) if (this.#mayStart(share)) return share;
    return undefined;
  }

  #startFirst(share: Share): void {
    const [first] = share.waiting;
    share.waiting.delete(first!);
    clearTimeout(first!.timer);
    this.#turns.delete(share);
    if (share.waiting.size > 0) this.#turns.add(share);
    this.#start(share);
    first!.go();
  }

  #forget({ workspaceId, running, waiting }: Share): void {
    if (running === 0 && waiting.size === 0) this.#shares.delete(workspaceId);
  }
}
