import { Agent } from 'node:http';
import { type Answer, Calls, type Circumstances, exchange, type RawRequest } from '@leads/conformance';
import { SCOPES, type Scope } from '@leads/contract';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { createKey } from '../../src/api-keys/key-store.ts';
import { createApp } from '../../src/app.ts';
import type { Deps } from '../../src/deps.ts';
import { KeyCache } from '../../src/auth/key-cache.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { type ListeningServer, listen } from '../../src/http/listen.ts';
import { newId } from '../../src/ids.ts';
import { JobRunner } from '../../src/jobs/job-runner.ts';
import { RateLimiter } from '../../src/rate-limit/rate-limiter.ts';
import { CountExchange } from '../../src/rate-limit/share-counts.ts';
import { repeat } from '../../src/repeat.ts';
import { TokenSigner, tokenSecret } from '../../src/tokens.ts';
import { ensureWorkspace } from '../../src/workspaces/workspaces.ts';
import { checkServerAnswer } from './contract-check.ts';
import type { TestDatabase } from './databases.ts';

export { type Call, requestOf } from '@leads/conformance';
export type { OperationId } from '@leads/contract';

/** What a test may replace. */
export interface ServerOptions extends Partial<Pick<Deps, 'now' | 'newId' | 'logger' | 'corsOrigins' | 'health'>> {
  /** How many requests a key may make in an hour; 0 for a server without a limit. */
  readonly limit?: number;
  /** Whether it writes down each second when keys were used, as the real one does. */
  readonly notesUses?: boolean;
  /** The database of the operations; keys are always read from the working one. */
  readonly operationsOn?: Database;
}

const SILENT = pino({ level: 'silent' });
const BACKUP_LIFETIME_MS = 30 * 86_400_000;
const backupLifetime = (from: Date) => new Date(from.getTime() + BACKUP_LIFETIME_MS);

/** Time that passes when a test says so. */
export class Clock {
  #time = Date.now();
  readonly now = () => new Date(this.#time);
  advance(seconds: number): void {
    this.#time += seconds * 1000;
  }
}

/** Everything that was answered by an operation, as `contract-check.ts` names it, by database. */
export const answered = new Map<string, Set<string>>();

/** The real application on a real socket. Every answer is checked against the contract before a test sees it. */
export class TestServer {
  /** From the start on. */
  db!: Database;
  runner!: JobRunner;
  readonly now: () => Date;
  readonly limiter: RateLimiter;
  readonly #database: TestDatabase;
  readonly #options: ServerOptions;
  readonly #agent = new Agent({ keepAlive: true });
  #listening: ListeningServer | undefined;
  #endUses: (() => Promise<void>) | undefined;

  constructor(database: TestDatabase, options: ServerOptions = {}) {
    this.#database = database;
    this.#options = options;
    this.now = options.now ?? (() => new Date());
    this.limiter = new RateLimiter(options.limit ?? 1_000_000, this.now);
  }

  get url(): string {
    return this.#listening!.url;
  }

  async start(): Promise<this> {
    this.db = openDatabase(this.#database.connection, this.#database.maxConnections, () => {});
    const { operationsOn: db = this.db, logger = SILENT, corsOrigins = [], health = { isReady: async () => true } } = this.#options;
    this.runner = new JobRunner({ db: this.db, now: this.now, backupLifetime, logger });
    const makeId = this.#options.newId ?? newId;
    const keys = new KeyCache(this.db, this.now);
    const app = createApp({
      db,
      now: this.now,
      newId: makeId,
      logger,
      keys,
      limiter: this.limiter,
      tokens: new TokenSigner(await tokenSecret(this.db), this.now),
      backupLifetime,
      onJob: () => void this.runner.wake(),
      corsOrigins,
      health,
    });
    this.#listening = await listen(app, '127.0.0.1', 0, makeId);
    if (this.#options.notesUses) {
      const uses = new CountExchange(this.db, this.limiter, makeId('inst'));
      this.#endUses = repeat(
        () => uses.run(),
        1_000,
        () => {},
      );
    }
    return this;
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.#listening?.stop(0);
    await this.#endUses?.();
    await this.runner.stop();
    await this.db.destroy();
  }

  /** A new workspace with a key of these scopes. */
  async workspace(scopes: readonly Scope[] = Object.keys(SCOPES) as Scope[]): Promise<Caller> {
    const deps = { db: this.db, now: this.now, newId };
    return this.key(await ensureWorkspace(deps, newId('ws')), scopes);
  }

  /** Another key of a workspace, which may end some seconds from now. */
  async key(workspaceId: string, scopes: readonly Scope[], seconds?: number): Promise<Caller> {
    const expiresAt = seconds === undefined ? null : new Date(this.now().getTime() + seconds * 1000).toISOString();
    const actor = { caller: { workspaceId, keyId: 'system' }, requestId: null };
    const { id, key } = await createKey({ db: this.db, now: this.now, newId }, actor, { workspaceId, name: 'Test', scopes, expiresAt });
    return new Caller(this, workspaceId, id, key);
  }

  /** Sends a request as it is written, and checks the answer. */
  async send(request: RawRequest, circumstances?: Omit<Circumstances, 'limited'>): Promise<Answer> {
    const answer = await exchange(this.url, request, this.#agent);
    const name = checkServerAnswer(request, answer, { limited: Number.isFinite(this.limiter.limit), ...circumstances });
    if (name) {
      const names = answered.get(this.#database.name) ?? new Set();
      answered.set(this.#database.name, names.add(name));
    }
    return answer;
  }
}

/** Somebody with a key. */
export class Caller extends Calls {
  readonly server: TestServer;
  readonly workspaceId: string;
  readonly keyId: string;
  readonly key: string;

  constructor(server: TestServer, workspaceId: string, keyId: string, key: string) {
    super();
    this.server = server;
    this.workspaceId = workspaceId;
    this.keyId = keyId;
    this.key = key;
  }

  get url(): string {
    return this.server.url;
  }

  /** The same caller at another server on the same database. */
  at(server: TestServer): Caller {
    return new Caller(server, this.workspaceId, this.keyId, this.key);
  }

  protected exchange(request: RawRequest): Promise<Answer> {
    return this.server.send(request);
  }

  protected async jobDone(jobId: string): Promise<Answer> {
    await this.server.runner.wake();
    return this.call('jobs.get', { params: { jobId } });
  }
}

/** A server for the tests of a suite: started before the first, stopped after the last. */
export function useServer(database: TestDatabase, options: ServerOptions = {}): TestServer {
  const server = new TestServer(database, options);
  beforeAll(() => server.start().then(() => {}));
  afterAll(() => server.stop());
  return server;
}

/** Somebody with a key to a workspace of their own, for the tests of a suite. */
export function useCaller(server: TestServer, scopes?: readonly Scope[]): Caller {
  const caller = Object.create(Caller.prototype) as Caller;
  beforeAll(async () => {
    Object.assign(caller, await server.workspace(scopes));
  });
  return caller;
}

/** The locations in a `VALIDATION_ERROR`. */
export function locations(answer: Answer): string[] {
  return answer.body.details.issues.map(({ location }: { location: string }) => location);
}
