import type pg from 'pg';

/** How many of a workspace's statements and transactions wait for a connection at the most, and for how long, in milliseconds. */
const MAX_WAITING = 1_000;
const MAX_WAIT_MS = 5_000;
/** What part of the connections one workspace may have at once: while it is alone, and while others ask for some, too. */
const PART_ALONE = 0.75;
const PART_BESIDE_OTHERS = 0.1;
/** For how long after its last request for a connection a workspace counts as one of the others, in milliseconds. */
const BESIDE_MS = 1_000;

/** How many short statements that wait are given one connection together. */
const SHORT_TOGETHER = 4;

/** A workspace asks for more at once than it may have, so that there is something left for the others. */
export class WorkspaceBusyError extends Error {
  override readonly name = 'WorkspaceBusyError';
}

interface Waiting {
  /** Whether it may be given a connection together with others. */
  readonly isShort: boolean;
  readonly go: (turn?: Turn) => void;
  readonly timer: NodeJS.Timeout;
}

/** A connection that is given to several short statements together. */
interface Turn {
  readonly client: Promise<pg.PoolClient>;
  underWay: number;
  isBroken: boolean;
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
 * it gets another one only while it has less than a tenth: what the database does for one workspace slows down what it does for the
 * others. Short statements that wait are given one together.
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
    const share = this.#ask(workspaceId);
    if (this.#startsAtOnce(share)) this.#start(share);
    else await this.#wait(share, false);
    return this.#take(share);
  }

  /**
   * Runs a statement that is over soon. Where it has to wait for a connection, it gets one together with others that wait: they go to
   * PostgreSQL in one write, one after the other, which costs a fraction of a write for each. One that fails with anything but an
   * answer, by `isAnswer`, ends the connection.
   * @throws {WorkspaceBusyError} as `connect` does.
   */
  async runShort<Result>(
    workspaceId: string,
    statement: (client: pg.PoolClient) => Promise<Result>,
    isAnswer: (error: unknown) => boolean,
  ): Promise<Result> {
    const share = this.#ask(workspaceId);
    let turn: Turn;
    if (this.#startsAtOnce(share)) {
      this.#start(share);
      turn = { client: this.#take(share), underWay: 1, isBroken: false };
    } else turn = (await this.#wait(share, true))!;
    let client: pg.PoolClient | undefined;
    try {
      client = await turn.client;
      return await statement(client);
    } catch (error) {
      if (!isAnswer(error)) turn.isBroken = true;
      throw error;
    } finally {
      turn.underWay -= 1;
      if (turn.underWay === 0) client?.release(turn.isBroken);
    }
  }

  #ask(workspaceId: string): Share {
    let share = this.#shares.get(workspaceId);
    if (!share) {
      share = { workspaceId, running: 0, waiting: new Set() };
      this.#shares.set(workspaceId, share);
    }
    if (this.#last?.workspaceId !== workspaceId) this.#lastOther = this.#last;
    this.#last = { workspaceId, at: performance.now() };
    return share;
  }

  #startsAtOnce(share: Share): boolean {
    return share.waiting.size === 0 && this.#mayStart(share);
  }

  async #take(share: Share): Promise<pg.PoolClient> {
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

  #wait(share: Share, isShort: boolean): Promise<Turn | undefined> {
    if (share.waiting.size >= MAX_WAITING) throw new WorkspaceBusyError('too many wait');
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        share.waiting.delete(waiting);
        if (share.waiting.size === 0) this.#turns.delete(share);
        this.#forget(share);
        // Where none of its own is in the way, the database is too slow for all.
        reject(share.running > 0 ? new WorkspaceBusyError('waited for too long') : new Error('timeout exceeded when trying to connect'));
      }, this.#maxWaitMs);
      const waiting: Waiting = { isShort, go: resolve, timer };
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
    this.#turns.delete(share);
    this.#start(share);
    const [first] = share.waiting;
    if (first!.isShort) this.#startShort(share);
    else this.#go(share, first!);
    if (share.waiting.size > 0) this.#turns.add(share);
  }

  #startShort(share: Share): void {
    const turn: Turn = { client: this.#take(share), underWay: 0, isBroken: false };
    for (const waiting of share.waiting) {
      if (!waiting.isShort) continue;
      this.#go(share, waiting, turn);
      turn.underWay += 1;
      if (turn.underWay === SHORT_TOGETHER) return;
    }
  }

  #go(share: Share, waiting: Waiting, turn?: Turn): void {
    share.waiting.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.go(turn);
  }

  #forget({ workspaceId, running, waiting }: Share): void {
    if (running === 0 && waiting.size === 0) this.#shares.delete(workspaceId);
  }
}
