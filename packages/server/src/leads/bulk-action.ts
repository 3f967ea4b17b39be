import { type BulkOutcome, type JobKindSchema, LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import type * as z from 'zod';
import { type Database, run } from '../db/database.ts';
import { searchable } from '../http/ids.ts';

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

/** The leads of one step, and on whose behalf. */
export interface BulkStep {
  readonly workspaceId: string;
  readonly ids: readonly string[];
  /** The versions that they must have; null: any. */
  readonly versions: readonly string[] | null;
  /** All of them or none. */
  readonly atomic: boolean;
  readonly at: Date;
  readonly backupsExpireAt: Date;
  readonly keyId: string;
  readonly requestId: string;
  readonly jobId: string | null;
}

const DONE = { bulk_delete: 'deleted', bulk_archive: 'archived', bulk_anonymize: 'anonymized' } as const satisfies Record<
  BulkKind,
  BulkOutcome['outcome']
>;

const STATEMENTS: Record<BulkKind, (step: BulkStep, options: BulkOptions) => { sql: string; values: unknown[] }> = {
  bulk_delete: (step, { force = false, backup = false, erase = false, reason = null as string | null }) => ({
    sql: 'select lead_id, code, backup_id from delete_leads($1, $2, $3, null, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
    values: [
      ...selection(step),
      force,
      backup,
      erase,
      step.atomic,
      step.at,
      step.backupsExpireAt,
      step.keyId,
      step.requestId,
      step.jobId,
      reason,
    ],
  }),
  bulk_archive: (step, { reason = null as string | null }) => ({
    sql: `select lead_id, code, null as backup_id from archive_leads($1, $2, $3, $4, ${LEAD_METADATA_MAX_BYTES}, $5, $6, $7, $8, $9)`,
    values: [...selection(step), step.atomic, step.at, step.keyId, step.requestId, step.jobId, reason],
  }),
  bulk_anonymize: (step, { keepMetadata = [], reason = null as string | null }) => ({
    sql: 'select lead_id, code, null as backup_id from anonymize_leads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [...selection(step), step.atomic, keepMetadata, step.at, step.keyId, step.requestId, step.jobId, reason],
  }),
};

function selection({ workspaceId, ids, versions }: BulkStep): unknown[] {
  return [workspaceId, ids.map(searchable), versions];
}

/** Does it, in one statement, and answers what came of each lead, in their order. An atomic step that cannot do all does none. */
export async function runBulkStep(db: Database, kind: BulkKind, step: BulkStep, options: BulkOptions): Promise<BulkOutcome[]> {
  const { sql, values } = STATEMENTS[kind](step, options);
  const rows = await run<{ code: NonNullable<BulkOutcome['code']> | null; backup_id: string | null }>(db, sql, values);
  return rows.map(({ code, backup_id: backupId }, i) => {
    const leadId = step.ids[i]!;
    if (code !== null) return { leadId, outcome: code === 'LEAD_NOT_FOUND' ? 'skipped' : 'failed', code };
    return { leadId, outcome: DONE[kind], ...(backupId !== null && { backupId }) };
  });
}
