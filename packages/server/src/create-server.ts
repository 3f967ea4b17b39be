import { readSettings, type Settings } from './config.ts';
import { createLogger } from './logger.ts';
import { startServer } from './start-server.ts';

/** Settings by their names in the environment, such as `{ DATABASE_URL: 'postgres://…' }`. */
export type ServerSettings = { readonly [Name in keyof Settings]?: string | number };

/** A server that runs in this process. */
export interface LeadsServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** A key with every scope: that of the first workspace where the database was empty, else of a new one. */
  readonly apiKey: string;
  /** Makes another workspace, which sees nothing of the others; returns a key to it with every scope. */
  createWorkspace(): Promise<string>;
  /** Answers what is under way, and frees port and database. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** What a test wants that says nothing else: nothing kept, a free port, no rate limit, no log. */
const FOR_TESTS: ServerSettings = { LEADS_DATA_DIR: 'memory', PORT: 0, RATE_LIMIT_PER_HOUR: 0, LOG_LEVEL: 'silent' };

/**
 * Starts a server in this process, for tests: on a database in memory and a free port, without a rate limit and a log, unless
 * `settings` say otherwise. The environment is not read. Several at once are fine.
 * @throws {ConfigError} for settings that are wrong, and what keeps a server from starting.
 */
export async function createServer(settings: ServerSettings = {}): Promise<LeadsServer> {
  const given = Object.entries({ ...FOR_TESTS, ...settings }).map(([name, value]) => [name, value === undefined ? '' : String(value)]);
  const read = readSettings(Object.fromEntries(given));
  const server = await startServer(read, createLogger(read.LOG_LEVEL));
  let stopped: Promise<void> | undefined;
  return {
    url: server.url,
    apiKey: server.firstKey?.key ?? (await server.createWorkspace()),
    createWorkspace: () => server.createWorkspace(),
    stop: () => (stopped ??= server.stop()),
  };
}
