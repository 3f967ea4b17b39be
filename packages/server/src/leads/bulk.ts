import { BULK_MAX_LEADS, BULK_SAMPLE_MAX_LEADS, type BulkOutcome, type contract, JobFilterSchema, JOBS_MAX_OPEN } from '@leads/contract';
import { createHash } from 'node:crypto';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type Database, run, UNPREPARED } from '../db/database.ts';
import { redactReason } from '../db/functions.ts';
import { inTransaction, retrying } from '../db/transaction.ts';
import { searchable } from '../http/ids.ts';
import type { OperationHandler, OperationRequest } from '../http/implement.ts';
import { findJob, hasAllJobs, toJob } from '../jobs/job-row.ts';
import { type BulkKind, type BulkOptions, partsOf, runBulk } from './bulk-action.ts';
import { requireForce } from './force.ts';
import { filterConditions, type LeadFilter } from './lead-filter.ts';
import { LEAD_COLUMNS, type LeadRow, toLead } from './lead-fields.ts';
import { redactable } from './reason.ts';

/** How many leads a job does in one transaction: few enough that nobody waits long for their locks. */
const CHUNK_LEADS = 1_000;

type BulkRoute = (typeof contract.leads)['bulkDelete' | 'bulkArchive' | 'bulkAnonymize'];
type Request = OperationRequest<(typeof contract.leads)['bulkDelete']>;

/** The three bulk operations: all work alike, but for what they do with each lead. */
export function bulk(deps: Deps) {
  return {
    bulkDelete: bulkOperation<(typeof contract.leads)['bulkDelete']>('bulk_delete', deps),
    bulkArchive: bulkOperation<(typeof contract.leads)['bulkArchive']>('bulk_archive', deps),
    bulkAnonymize: bulkOperation<(typeof contract.leads)['bulkAnonymize']>('bulk_anonymize', deps),
  };
}

function bulkOperation<Route extends BulkRoute>(kind: BulkKind, deps: Deps): OperationHandler<Route> {
  const operate = (request: Request) => {
    const { ids, atomic, filter, dryRun, planToken, ...options } = request.body;
    if (options.force) requireForce(request.caller);
    if (ids) return byIds(deps, request, kind, ids, atomic ?? false, options);
    return dryRun ? plan(deps, request, kind, filter!) : startJob(deps, request, kind, filter!, planToken!, options);
  };
  return operate as unknown as OperationHandler<Route>;
}

async function byIds(
  { now, backupLifetime }: Deps,
  request: Request,
  kind: BulkKind,
  ids: string[],
  atomic: boolean,
  options: BulkOptions,
) {
  const { caller, requestId, refuse, db } = request;
  const at = now();
  const step = {
    workspaceId: caller.workspaceId,
    atomic,
    at,
    backupsExpireAt: backupLifetime(at),
    keyId: caller.keyId,
    requestId,
    jobId: null,
  };
  const parts = await partsOf(db, kind, caller.workspaceId, ids);
  const work = async (on: Database) => {
    let { reason } = options;
    // A part knows only its own leads.
    if (reason !== undefined && parts.length > 1) reason = await redacted(on, caller.workspaceId, ids, reason);
    const outcomes: BulkOutcome[] = [];
    for (const part of parts) outcomes.push(...(await runBulk(on, kind, part, step, { ...options, reason })));
    const refused = outcomes.filter(({ code }) => code !== undefined);
    if (atomic && refused.length > 0) throw refuse('BULK_REFUSED', { outcomes: refused });
    return { outcomes, refused };
  };
  const { outcomes, refused } = await (parts.length === 1 ? retrying(db, () => work(db)) : inTransaction(db, work));
  const count = (wanted: string) => refused.filter(({ outcome }) => outcome === wanted).length;
  const data = {
    dryRun: false,
    succeeded: outcomes.length - refused.length,
    skipped: count('skipped'),
    failed: count('failed'),
    outcomes,
  } as const;
  return { status: 200, body: { success: true, data } } as const;
}

/** A reason without the personal data of any of these leads. */
async function redacted(db: Database, workspace: string, ids: readonly string[], reason: string): Promise<string> {
  const [row] = await redactReason.call(db, { workspace, ids: ids.map(searchable), reason: redactable(reason) });
  return row!.redact_reason!;
}

const MARK = `hashtextextended(id || ' ' || version::text, 0) as mark`;

/** How many leads there are, and a number that is another one as soon as one of them is. */
const FINGERPRINT = `count(*)::integer as count, coalesce(bit_xor(mark), 0)::text || ' ' || coalesce(sum(mark), 0)::text as fingerprint`;

interface Fingerprint {
  readonly count: number;
  readonly fingerprint: string;
}

function selectionOf(workspaceId: string, filter: LeadFilter) {
  const values: unknown[] = [workspaceId];
  const conditions = filterConditions(filter, (value) => `$${values.push(value)}`);
  return { where: ['workspace_id = $1', ...conditions].join(' and '), values };
}

/** What a plan token is for besides the set of leads. */
function planSubject(kind: BulkKind, filter: LeadFilter): string {
  const sorted = Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([kind, sorted]))
    .digest('base64url');
}

async function plan({ tokens }: Deps, request: Request, kind: BulkKind, filter: LeadFilter) {
  const { caller, refuse } = request;
  const { where, values } = selectionOf(caller.workspaceId, filter);
  const { found, total, sample, blocked, blockers } = await inTransaction(request.db, async (db) => {
    const [selected] = await run<Fingerprint & { archived: number; newest: string | null }>(
      db,
      `${UNPREPARED}
      select ${FINGERPRINT}, (count(*) filter (where archived))::integer as archived, max(created_at) as newest
      from (select ${MARK}, archived, created_at from leads where ${where}) as marked`,
      values,
    );
    if (selected!.count > BULK_MAX_LEADS) throw refuse('VALIDATION_ERROR', { issues: [tooMany(selected!.count)] });
    const enrolled = `
      from campaign_leads
      join campaigns on campaigns.workspace_id = $1 and campaigns.id = campaign_id and campaigns.status = 'active'
      where campaign_leads.workspace_id = $1 and lead_id in (select id from leads where ${where})`;
    const [held] = await run<{ blocked: number }>(
      db,
      `${UNPREPARED}select count(distinct lead_id)::integer as blocked ${enrolled}`,
      values,
    );
    const [counted] = await run<{ total: number }>(
      db,
      'select coalesce(sum(count), 0)::integer as total from lead_counts where workspace_id = $1',
      [caller.workspaceId],
    );
    return {
      found: selected!,
      total: counted!.total,
      sample: await run<LeadRow>(
        db,
        `${UNPREPARED}select ${LEAD_COLUMNS} from leads where ${where} order by created_at, id limit ${BULK_SAMPLE_MAX_LEADS}`,
        values,
      ),
      blocked: held!.blocked,
      blockers: await run<{ id: string; name: string }>(
        db,
        `${UNPREPARED}select distinct campaigns.id, campaigns.name ${enrolled} order by campaigns.id`,
        values,
      ),
    };
  });
  const content = ['plan', caller.workspaceId, planSubject(kind, filter), String(found.count), found.fingerprint];
  const { token, expiresAt } = tokens.sign(content);
  const data = {
    dryRun: true,
    count: found.count,
    archived: found.archived,
    workspaceTotal: total,
    newestCreatedAt: found.newest,
    sample: sample.map(toLead),
    blocked,
    blockers,
    planToken: token,
    planExpiresAt: expiresAt,
  } as const;
  return { status: 200, body: { success: true, data } } as const;
}

const CREATE_JOB = `
  insert into jobs (workspace_id, id, kind, options, filter, status, total, key_id, request_id, created_at, advanced_at)
  values ($1, $2, $3, $4, $5, 'queued', 0, $6, $7, $8, $8)`;

const REDACT_JOB = `
  update jobs set options = options || jsonb_build_object('reason', redact_reason(
    $1, array(select unnest(lead_ids) from job_chunks where workspace_id = $1 and job_id = $2), $3::jsonb))
  where workspace_id = $1 and id = $2`;

async function startJob(deps: Deps, request: Request, kind: BulkKind, filter: LeadFilter, planToken: string, options: BulkOptions) {
  const { caller, requestId, refuse } = request;
  const read = deps.tokens.read(planToken);
  if ('problem' in read) throw refuse('PLAN_TOKEN_INVALID', { reason: read.problem });
  const [purpose, workspaceId, subject, count, fingerprint] = read.content;
  if (purpose !== 'plan') throw refuse('PLAN_TOKEN_INVALID', { reason: 'unreadable' });
  if (workspaceId !== caller.workspaceId || subject !== planSubject(kind, filter)) {
    throw refuse('PLAN_TOKEN_INVALID', { reason: 'other_plan' });
  }
  const job = await inTransaction(request.db, async (db) => {
    if (await hasAllJobs(db, caller.workspaceId)) throw refuse('JOB_LIMIT_REACHED', { limit: JOBS_MAX_OPEN });
    const jobId = deps.newId('job');
    const at = deps.now();
    const values = [caller.workspaceId, jobId, kind, JSON.stringify(options), JSON.stringify(shown(filter)), caller.keyId, requestId, at];
    await run(db, CREATE_JOB, values);
    const found = await freeze(db, caller.workspaceId, jobId, filter);
    if (found.fingerprint !== fingerprint) throw refuse('PLAN_DRIFTED', { planned: Number(count), found: found.count });
    await run(db, 'update jobs set total = $3 where workspace_id = $1 and id = $2', [caller.workspaceId, jobId, found.count]);
    // Here, because a step of the job knows only its own leads. The reason of an archive stands in the leads, and goes with them.
    if (options.reason !== undefined && kind !== 'bulk_archive')
      await run(db, REDACT_JOB, [caller.workspaceId, jobId, redactable(options.reason)]);
    const created = (await findJob(db, caller.workspaceId, jobId))!;
    await appendAudit(db, at, { caller, requestId }, { action: 'job.created', jobId, details: { kind, total: found.count } });
    return created;
  });
  // Not before the answer: until then the job may stand in a transaction that nobody else can see into.
  request.response.once('close', deps.onJob);
  return { status: 202, body: { success: true, data: toJob(job) } } as const;
}

/** The conditions of a filter that are no personal data. */
function shown(filter: LeadFilter): LeadFilter {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => Object.hasOwn(JobFilterSchema.shape, name)));
}

/**
 * Writes down which leads a job is for, as they are now. The number of a chunk is the place of its first lead, so that there are
 * numbers for the parts that it is cut into.
 */
async function freeze(db: Database, workspaceId: string, jobId: string, filter: LeadFilter): Promise<Fingerprint> {
  const { where, values } = selectionOf(workspaceId, filter);
  const job = `$${values.push(jobId)}`;
  const sql = `${UNPREPARED}
    with chosen as materialized (
      select id, version, ${MARK}, ((row_number() over (order by id) - 1) / ${CHUNK_LEADS} * ${CHUNK_LEADS})::integer as number
      from leads where ${where}
    ), frozen as (
      insert into job_chunks (workspace_id, job_id, number, lead_ids, versions)
      select $1, ${job}, number, array_agg(id), array_agg(version::text) from (select * from chosen order by id) as sorted group by number
    )
    select ${FINGERPRINT} from chosen`;
  return (await run<Fingerprint>(db, sql, values))[0]!;
}

function tooMany(count: number) {
  return {
    location: 'body.filter',
    message: `Selects ${count} leads, and may select ${BULK_MAX_LEADS}: add a condition, and do it in parts`,
    code: 'too_big',
  };
}
