import { type BulkOutcome, type JobKindSchema, LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import type * as z from 'zod';
import { type Database, run } from '../db/database.ts';
import { anonymizeLeads, archiveLeads, deleteLeads, leadsWithin } from '../db/functions.ts';
import { Sql } from '../db/sql-function.ts';
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

/** The call of the database's function of a kind, as SQL; `parameter` takes a value and answers its place in the statement. */
type Call = (ids: Sql, versions: Sql, step: BulkStep, options: BulkOptions, parameter: (value: unknown) => string) => string;

const CALLS: Record<BulkKind, Call> = {
  bulk_delete: (ids, versions, step, { force = false, backup = false, erase = false, reason }, parameter) => {
    const deletion = { state: null, force, backup, erase, backups_expire_at: step.backupsExpireAt };
    return deleteLeads.expression({ ids, versions, ...commonOf(step), reason: redactable(reason), ...deletion }, parameter);
  },
  bulk_archive: (ids, versions, step, { reason }, parameter) =>
    archiveLeads.expression(
      { ids, versions, ...commonOf(step), reason: reason ?? null, metadata_max_bytes: LEAD_METADATA_MAX_BYTES },
      parameter,
    ),
  bulk_anonymize: (ids, versions, step, { keepMetadata = [], reason }, parameter) =>
    anonymizeLeads.expression({ ids, versions, ...commonOf(step), reason: redactable(reason), keep: keepMetadata }, parameter),
};

function commonOf({ workspaceId, atomic, at, keyId, requestId, jobId }: BulkStep) {
  return { workspace: workspaceId, atomic, at, key: keyId, request: requestId, job: jobId };
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

/** How many bytes may hang on the leads of one statement: on two cores, less than 2 s of work. A larger lead is done alone. */
const STATEMENT_MAX_BYTES = 16_777_216;

/** How many of the first leads one statement may do, as SQL. */
function within(kind: BulkKind, workspace: string, ids: Sql, parameter: (value: unknown) => string): string {
  // An archive leaves alone what hangs on a lead.
  if (kind === 'bulk_archive') return `cardinality(${ids.text})`;
  return leadsWithin.expression({ workspace, ids, bytes: STATEMENT_MAX_BYTES }, parameter);
}

/** These leads in parts, each of which one statement may do. */
export async function partsOf(db: Database, kind: BulkKind, workspaceId: string, ids: readonly string[]): Promise<string[][]> {
  if (kind === 'bulk_archive') return [[...ids]];
  const parts: string[][] = [];
  for (let start = 0; start < ids.length; start += parts.at(-1)!.length) {
    const values: unknown[] = [ids.slice(start).map(searchable)];
    const fitting = within(kind, workspaceId, new Sql('$1::text[]'), (value) => `$${values.push(value)}`);
    const [row] = await run<{ fitting: number }>(db, `select ${fitting} as fitting`, values);
    parts.push(ids.slice(start, start + row!.fitting));
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
  const values: unknown[] = [ids.map(searchable)];
  const done = CALLS[kind](new Sql('$1::text[]'), new Sql('null'), step, options, (value) => `$${values.push(value)}`);
  const rows = await run<{ outcome: BulkOutcome }>(db, `select ${outcomeOf(kind)} as outcome from ${done}`, values);
  return rows.map(({ outcome }, i) => ({ ...outcome, leadId: ids[i]! }));
}

/** How many leads of a step ended how. */
export interface BulkCounts {
  readonly succeeded: number;
  readonly skipped: number;
  readonly failed: number;
}

/**
 * Does the next leads of a job, as many as one statement may do, and writes down what came of them, in that statement, so that no
 * list of leads leaves the database. `undefined` where none are left.
 */
export async function runJobStep(
  db: Database,
  kind: BulkKind,
  jobId: string,
  step: BulkStep,
  options: BulkOptions,
): Promise<BulkCounts | undefined> {
  // A step that the database loses in a crash is done again; the end of the job, which waits for the disk, makes all of them safe.
  const values: unknown[] = [step.workspaceId, jobId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const fitting = within(kind, step.workspaceId, new Sql('lead_ids'), parameter);
  const done = CALLS[kind](new Sql('chunk.lead_ids'), new Sql('chunk.versions'), step, options, parameter);
  const [counts] = await run<BulkCounts>(
    db,
    `with next as materialized (
      select number, lead_ids, versions, set_config('synchronous_commit', 'off', true) from job_chunks
      where workspace_id = $1 and job_id = $2 and outcomes is null order by number limit 1
    ), chunk as materialized (
      select number, lead_ids[:fitting] as lead_ids, versions[:fitting] as versions, lead_ids[fitting + 1:] as later_ids,
        versions[fitting + 1:] as later_versions, number + fitting as later_number
      from (select *, ${fitting} as fitting from next offset 0) as measured
    ), later as (
      insert into job_chunks (workspace_id, job_id, number, lead_ids, versions)
      select $1, $2, later_number, later_ids, later_versions from chunk where cardinality(later_ids) > 0
    ), done as materialized (
      select number, code, ${outcomeOf(kind)} as outcome from chunk cross join lateral ${done}
    ), result as materialized (
      select number, jsonb_agg(outcome) as outcomes, count(*) filter (where code is null)::integer as succeeded,
        count(*) filter (where code = 'LEAD_NOT_FOUND')::integer as skipped, count(*) filter (where code <> 'LEAD_NOT_FOUND')::integer as failed
      from done group by number
    ), kept as (
      update job_chunks set outcomes = result.outcomes, versions = '{}', lead_ids = chunk.lead_ids from result join chunk using (number)
      where workspace_id = $1 and job_id = $2 and job_chunks.number = result.number
    )
    select succeeded, skipped, failed from result`,
    values,
  );
  return counts;
}
