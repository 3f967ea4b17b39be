import { Agent } from 'node:http';
import { type contract, type OperationMetadata, OPERATIONS, SCOPES, type Scope } from '@leads/contract';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { createKey } from '../../src/api-keys/key-store.ts';
import { createApp, type Deps } from '../../src/app.ts';
import { KeyCache } from '../../src/auth/key-cache.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { type ListeningServer, listen } from '../../src/http/listen.ts';
import { newId } from '../../src/ids.ts';
import { JobRunner } from '../../src/jobs/job-runner.ts';
import { RateLimiter } from '../../src/rate-limit/rate-limiter.ts';
import { TokenSigner, tokenSecret } from '../../src/tokens.ts';
import { ensureWorkspace } from '../../src/workspaces/workspaces.ts';
import { checkAnswer, type Circumstances } from './contract-check.ts';
import type { TestDatabase } from './databases.ts';
import { type Answer, exchange, type RawRequest } from './http.ts';

/** What a test may replace. */
export interface ServerOptions extends Partial<Pick<Deps, 'now' | 'newId' | 'logger' | 'corsOrigins' | 'health'>> {
  /** How many requests a key may make in an hour; 0 for a server without a limit. */
  readonly limit?: number;
  /** The database of the operations; keys are always read from the working one. */
  readonly operationsOn?: Database;
}

const SILENT = pino({ level: 'silent' });
const BACKUP_LIFETIME_MS = 30 * 86_400_000;
const backupLifetime = (from: Date) => new Date(from.getTime() + BACKUP_LIFETIME_MS);

/** `leads.create` and so on. */
export type OperationId = { [R in keyof typeof contract]: `${R}.${keyof (typeof contract)[R] & string}` }[keyof typeof contract];

/** One call of an operation, by the contract's names. */
export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>> | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where the operation takes text. */
  readonly body?: unknown;
}

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
  readonly db: Database;
  readonly now: () => Date;
  readonly limiter: RateLimiter;
  readonly runner: JobRunner;
  readonly #database: TestDatabase;
  readonly #options: ServerOptions;
  readonly #agent = new Agent({ keepAlive: true });
  #listening: ListeningServer | undefined;

  constructor(database: TestDatabase, options: ServerOptions = {}) {
    this.#database = database;
    this.#options = options;
    this.now = options.now ?? (() => new Date());
    this.db = openDatabase(database.connection, database.maxConnections, () => {});
    this.limiter = new RateLimiter(options.limit ?? 1_000_000, this.now);
    this.runner = new JobRunner({ db: this.db, now: this.now, backupLifetime, logger: options.logger ?? SILENT });
  }

  get url(): string {
    return this.#listening!.url;
  }

  async start(): Promise<this> {
    const { operationsOn: db = this.db, logger = SILENT, corsOrigins = [], health = { isReady: async () => true } } = this.#options;
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
    return this;
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    await this.#listening?.stop(0);
    await this.runner.stop();
    await this.db.destroy();
  }

  /** A new workspace with a key of these scopes. */
  async workspace(scopes: readonly Scope[] = Object.keys(SCOPES) as Scope[]): Promise<Caller> {
    const deps = { db: this.db, now: this.now, newId };
    return this.key(await ensureWorkspace(deps, newId('ws')), scopes);
  }

  /** Another key of a workspace. */
  async key(workspaceId: string, scopes: readonly Scope[], expiresAt: Date | null = null): Promise<Caller> {
    const actor = { caller: { workspaceId, keyId: 'system' }, requestId: null };
    const { id, key } = await createKey({ db: this.db, now: this.now, newId }, actor, { workspaceId, name: 'Test', scopes, expiresAt });
    return new Caller(this, workspaceId, id, key);
  }

  /** Sends a request as it is written, and checks the answer. */
  async send(request: RawRequest, circumstances?: Omit<Circumstances, 'limited'>): Promise<Answer> {
    const answer = await exchange(this.url, request, this.#agent);
    const name = checkAnswer(request, answer, { limited: Number.isFinite(this.limiter.limit), ...circumstances });
    if (name) {
      const names = answered.get(this.#database.name) ?? new Set();
      answered.set(this.#database.name, names.add(name));
    }
    return answer;
  }
}

/** Somebody with a key. */
export class Caller {
  readonly server: TestServer;
  readonly workspaceId: string;
  readonly keyId: string;
  readonly key: string;

  constructor(server: TestServer, workspaceId: string, keyId: string, key: string) {
    this.server = server;
    this.workspaceId = workspaceId;
    this.keyId = keyId;
    this.key = key;
  }

  /** The same caller at another server on the same database. */
  at(server: TestServer): Caller {
    return new Caller(server, this.workspaceId, this.keyId, this.key);
  }

  /** Calls an operation. */
  call(operation: OperationId, call: Call = {}): Promise<Answer> {
    return this.send(requestOf(operation, call));
  }

  /** Sends any request with the caller's key. */
  send(request: RawRequest): Promise<Answer> {
    return this.server.send({ ...request, headers: { authorization: `Bearer ${this.key}`, ...request.headers } });
  }

  /** Creates a lead that is as small as it can be but for `fields`. */
  async lead(fields: object = {}) {
    const { body } = await this.call('leads.create', { body: { name: 'Ann', email: 'ann@example.com', ...fields } });
    return body.data;
  }

  /** Creates a campaign that is active, unless `fields` say otherwise. */
  async campaign(fields: object = {}) {
    const { body } = await this.call('campaigns.create', { body: { name: 'Spring offer', status: 'active', ...fields } });
    return body.data;
  }

  /** Creates a lead that is in an active campaign and has an activity. */
  async enrolledLead(fields: object = {}) {
    const [lead, campaign] = [await this.lead(fields), await this.campaign()];
    const params = { leadId: lead.id, campaignId: campaign.id };
    await this.call('campaigns.enrollLead', { params });
    const { body } = await this.call('activities.create', { params, body: { type: 'note', text: 'Met at the fair' } });
    return { lead, campaign, activity: body.data, params };
  }

  /** Asks for what a filter selects, does it as a job, and waits until that is done. */
  async job(operation: 'leads.bulkDelete' | 'leads.bulkArchive' | 'leads.bulkAnonymize', filter: object, options: object = {}) {
    const { planToken } = (await this.call(operation, { body: { filter, dryRun: true } })).body.data;
    const { body } = await this.call(operation, { body: { filter, planToken, ...options } });
    await this.server.runner.wake();
    return (await this.call('jobs.get', { params: { jobId: body.data.id } })).body.data;
  }
}

/** The request of an operation, without a key. */
export function requestOf(operation: OperationId, { params = {}, query = '', headers = {}, body }: Call = {}): RawRequest {
  const { route, metadata } = OPERATIONS.find(({ id }) => id === operation)!;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = typeof query === 'string' ? query : new URLSearchParams(query as Record<string, string>).toString();
  const { bodyMediaType = 'application/json' }: OperationMetadata = metadata;
  const sent = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method: route.method,
    path: search ? `${path}?${search}` : path,
    headers: { ...(sent && { 'content-type': bodyMediaType, 'content-length': String(sent.length) }), ...headers },
    ...(sent && { body: sent }),
  };
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
