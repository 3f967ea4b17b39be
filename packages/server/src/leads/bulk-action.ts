import { type BulkOutcome, type JobKindSchema, LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import type * as z from 'zod';
import type { Database } from '../db/database.ts';
import { bulkAction, leadsWithin, runJobStep } from '../db/functions.ts';
import { searchable } from '../http/ids.ts';
import { redactable } from './reason.ts';

/** What a bulk operation does with each lead. */
export type BulkKind = z.infer<typeof JobKindSchema>;

/** How it does it: those of a kind that are left out are off. */
export interface BulkOptions {
  readonly force?: boolean | undefined;
  readonly backup?: boolean | undefined;
  readonly erase?: boolean | undefined;
  readonly keepMetadata?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

/** On whose behalf some leads are worked on, and when. */
export interface BulkStep {
  readonly workspaceId: string;
  /** All of them or none. */
  readonly atomic: boolean;
  readonly at: Date;
  readonly backupsExpireAt: Date;
  readonly keyId: string;
  readonly requestId: string;
  readonly jobId: string | null;
}

/** What the database's functions take that do it. */
function argumentsOf(
  kind: BulkKind,
  step: BulkStep,
  { force = false, backup = false, erase = false, keepMetadata = [], reason }: BulkOptions,
) {
  return {
    workspace: step.workspaceId,
    kind,
    force,
    backup,
    erase,
    keep: keepMetadata,
    metadata_max_bytes: LEAD_METADATA_MAX_BYTES,
    at: step.at,
    backups_expire_at: step.backupsExpireAt,
    key: step.keyId,
    request: step.requestId,
    reason: reason ?? null,
    redactable: redactable(reason),
  };
}

/** How many bytes may hang on the leads of one statement: on two cores, less than 2 s of work. A larger lead is done alone. */
const STATEMENT_MAX_BYTES = 16_777_216;

/** These leads in parts, each of which one statement may do. */
export async function partsOf(db: Database, kind: BulkKind, workspaceId: string, ids: readonly string[]): Promise<string[][]> {
  // An archive leaves alone what hangs on a lead.
  if (kind === 'bulk_archive') return [[...ids]];
  const parts: string[][] = [];
  for (let start = 0; start < ids.length; start += parts.at(-1)!.length) {
    const of = { workspace: workspaceId, ids: ids.slice(start).map(searchable), bytes: STATEMENT_MAX_BYTES };
    const [fitting] = await leadsWithin.call(db, of);
    parts.push(ids.slice(start, start + fitting!.leads_within!));
  }
  return parts;
}

/** Does it to these leads, in one statement, and answers what came of each, in their order. An atomic one that cannot do all does none. */
export async function runBulk(
  db: Database,
  kind: BulkKind,
  ids: readonly string[],
  step: BulkStep,
  options: BulkOptions,
): Promise<BulkOutcome[]> {
  const which = { ids: ids.map(searchable), versions: null, atomic: step.atomic, job: step.jobId };
  const rows = await bulkAction.call(db, { ...argumentsOf(kind, step, options), ...which });
  return rows.map(({ outcome }, i) => ({ ...(outcome as BulkOutcome), leadId: ids[i]! }));
}

/** How many leads of a step ended how. */
export interface BulkCounts {
  readonly succeeded: number;
  readonly skipped: number;
  readonly failed: number;
}

/** Does the next leads of a job, as many as one statement may do, and writes down what came of them. `undefined` where none are left. */
export async function doJobStep(
  db: Database,
  kind: BulkKind,
  jobId: string,
  step: BulkStep,
  options: BulkOptions,
): Promise<BulkCounts | undefined> {
  const [counts] = await runJobStep.call(db, { ...argumentsOf(kind, step, options), job: jobId, bytes: STATEMENT_MAX_BYTES });
  return counts as BulkCounts | undefined;
}
