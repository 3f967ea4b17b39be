import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BulkOutcome, LeadRecord, Scope } from '@leads/contract';
import { startEmbeddedPostgres } from './db/embedded/embedded-postgres.ts';

/** What a workspace begins with. */
export interface WorkspaceContent {
  readonly campaigns: readonly { readonly id: string; readonly name: string; readonly status: string; readonly createdAt: string }[];
  /** Leads with what hangs on them; of their campaigns those that are in `campaigns`. */
  readonly records: readonly LeadRecord[];
  /** Keys beside that of the caller; nobody has their secrets. */
  readonly keys: readonly { readonly id: string; readonly name: string; readonly scopes: readonly Scope[] }[];
  /** Deletions that have been, each with its backup; what was restored is among `records`, too. */
  readonly deletions: readonly SeededDeletion[];
  /** Erasures that have been, each of the person of one lead, which is in no active campaign. */
  readonly erasures: readonly { readonly id: string; readonly record: LeadRecord; readonly keyId: string; readonly erasedAt: string }[];
  /** Bulk deletions that have done all but end. */
  readonly jobs: readonly { readonly id: string; readonly createdAt: string; readonly outcomes: readonly BulkOutcome[] }[];
}

/** A deletion that has been, and what can be brought back of it. */
interface SeededDeletion {
  readonly record: LeadRecord;
  readonly backupId: string;
  readonly keyId: string;
  readonly reason: string;
  readonly deletedAt: string;
  readonly restoredAt: string | null;
}

/** The whole API on a database in memory, for whoever brings the socket. */
export interface MemoryCore {
  /** Answers a request, as an application of Express. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Makes a workspace of its own for a key with every scope, unless the key is known already. */
  admit(apiKey: string, content: WorkspaceContent): Promise<void>;
  /** Takes away every workspace with everything in it. Requests under way must be answered before. */
  clear(): Promise<void>;
  /** Keeps everything as it is now under a name; one of that name is replaced. */
  saveSnapshot(name: string): Promise<void>;
  /** Puts everything back as it was kept under a name; false where there is none. */
  loadSnapshot(name: string): Promise<boolean>;
  /** How many rows each table has. */
  counts(): Promise<Record<string, number>>;
  /** Ends the jobs and the database. */
  stop(): Promise<void>;
}

/** Starts it. Every key may make any number of requests; `now` is the time for everything in it. */
export async function startMemoryCore(now: () => Date): Promise<MemoryCore> {
  // The database starts in a thread of its own while the rest is loaded.
  const embedded = startEmbeddedPostgres({ dataDir: 'memory' });
  const { memoryCoreOn } = await import('./memory-core-on.ts');
  return memoryCoreOn(await embedded, now);
}
