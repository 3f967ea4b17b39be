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

/** The call of the database's function of a kind, with which it does it, and the values of its parameters. */
type Call = (ids: string, versions: string, step: BulkStep, options: BulkOptions) => { sql: string; values: unknown[] };

const CALLS: Record<BulkKind, Call> = {
  bulk_delete: (ids, versions, step, { force = false, backup = false, erase = false, reason = null as string | null }) => ({
    sql: `delete_leads($1, ${ids}, ${versions}, null, $3, $4, $5, $2, $6, $7, $8, $9, $10, $11)`,
    values: [...scope(step), force, backup, erase, step.at, step.backupsExpireAt, ...actor(step), reason],
  }),
  bulk_archive: (ids, versions, step, { reason = null as string | null }) => ({
    sql: `archive_leads($1, ${ids}, ${versions}, $2, ${LEAD_METADATA_MAX_BYTES}, $3, $4, $5, $6, $7)`,
    values: [...scope(step), step.at, ...actor(step), reason],
  }),
  bulk_anonymize: (ids, versions, step, { keepMetadata = [], reason = null as string | null }) => ({
    sql: `anonymize_leads($1, ${ids}, ${versions}, $2, $3, $4, $5, $6, $7, $8)`,
    values: [...scope(step), keepMetadata, step.at, ...actor(step), reason],
  }),
};

function scope({ workspaceId, atomic }: BulkStep): unknown[] {
  return [workspaceId, atomic];
}

function actor({ keyId, requestId, jobId }: BulkStep): unknown[] {
  return [keyId, requestId, jobId];
}

const DONE = { bulk_delete: 'deleted', bulk_archive: 'archived', bulk_anonymize: 'anonymized' } as const satisfies Record<
  BulkKind,
  BulkOutcome['outcome']
>;

/** What came of one lead, as SQL: a BulkOutcome. */
function outcomeOf(kind: BulkKind): string {
  const object = (outcome: string, more = '') => `jsonb_build_object('leadId', lead_id, 'outcome', ${outcome}${more})`;
  const backedUp = kind === 'bulk_delete' ? `when backup_id is not null then ${object(`'deleted'`, `, 'backupId', backup_id`)}` : '';
  return `case
    when code is not null then ${object(`case when code = 'LEAD_NOT_FOUND' then 'skipped' else 'failed' end`, `, 'code', code`)}
    ${backedUp} else ${object(`'${DONE[kind]}'`)} end`;
}

/** Does it to these leads, in one statement, and answers what came of each, in their order. An atomic one that cannot do all does none. */
export async function runBulk(
  db: Database,
  kind: BulkKind,
  ids: readonly string[],
  step: BulkStep,
  options: BulkOptions,
): Promise<BulkOutcome[]> {
  const { sql, values } = CALLS[kind]('(select ids from given)', 'null', step, options);
  const given = `with given as (select $${values.length + 1}::text[] as ids)`;
  const rows = await run<{ outcome: BulkOutcome }>(db, `${given} select ${outcomeOf(kind)} as outcome from ${sql}`, [
    ...values,
    ids.map(searchable),
  ]);
  return rows.map(({ outcome }, i) => ({ ...outcome, leadId: ids[i]! }));
}

/** How many leads of a step ended how. */
export interface BulkCounts {
  readonly succeeded: number;
  readonly skipped: number;
  readonly failed: number;
}

/**
 * Does the next leads of a job and writes down what came of them, in one statement, so that no list of leads leaves the database.
 * `undefined` where none are left.
 */
export async function runJobStep(
  db: Database,
  kind: BulkKind,
  jobId: string,
  step: BulkStep,
  options: BulkOptions,
): Promise<BulkCounts | undefined> {
  // A step that the database loses in a crash is done again; the end of the job, which waits for the disk, makes all of them safe.
  const { sql, values } = CALLS[kind]('chunk.lead_ids', 'chunk.versions', step, options);
  const job = `$${values.length + 1}`;
  const [counts] = await run<BulkCounts>(
    db,
    `with chunk as materialized (
      select number, lead_ids, versions, set_config('synchronous_commit', 'off', true) from job_chunks
      where workspace_id = $1 and job_id = ${job} and outcomes is null order by number limit 1
    ), done as materialized (
      select number, code, ${outcomeOf(kind)} as outcome from chunk cross join lateral ${sql}
    ), result as materialized (
      select number, jsonb_agg(outcome) as outcomes, count(*) filter (where code is null)::integer as succeeded,
        count(*) filter (where code = 'LEAD_NOT_FOUND')::integer as skipped, count(*) filter (where code <> 'LEAD_NOT_FOUND')::integer as failed
      from done group by number
    ), kept as (
      update job_chunks set outcomes = result.outcomes, versions = '{}' from result
      where workspace_id = $1 and job_id = ${job} and job_chunks.number = result.number
    )
    select succeeded, skipped, failed from result`,
    [...values, jobId],
  );
  return counts;
}
