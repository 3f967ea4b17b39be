import { ACTIVITIES_MAX_BYTES_PER_LEAD, ACTIVITIES_MAX_PER_LEAD, type Activity, type contract } from '@leads/contract';
import type { Deps } from '../deps.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type Database, run } from '../db/database.ts';
import { activitiesBound, activitiesSize } from '../db/functions.ts';
import { inTransaction } from '../db/transaction.ts';
import { cursorPage, decodeCursor, isTimePosition } from '../http/cursor.ts';
import { searchable } from '../http/ids.ts';
import type { Implementation, OperationHandler } from '../http/implement.ts';
import { leadNotFound } from '../leads/lead-row.ts';

type Activities = typeof contract.activities;

/** The operations on the activities of a lead, implemented. */
export function activities(deps: Deps): Implementation<Activities> {
  return { create: createActivity(deps), list: listActivities(), get: getActivity(), delete: deleteActivity(deps) };
}

// A lock that a deletion waits for, and that also keeps two requests from both taking the last place.
const LOCK_LEAD = 'select 1 from leads where workspace_id = $1 and id = $2 for no key update';
// A statement of its own: one that has waited for the lock sees no more than what was there before.
const COUNT = 'select count(*)::integer as count from activities where workspace_id = $1 and lead_id = $2';
const INSERT = 'insert into activities values ($1, $2, $3, $4, $5, $6, $7, $8)';
const COLUMNS = 'lead_id, id, type, text, metadata, occurred_at, created_at';
const FIND = `select ${COLUMNS} from activities where workspace_id = $1 and lead_id = $2 and id = $3`;
const DELETE = 'delete from activities where workspace_id = $1 and lead_id = $2 and id = $3 returning id';

interface ActivityRow {
  readonly lead_id: string;
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly metadata: Record<string, unknown>;
  readonly occurred_at: string;
  readonly created_at: string;
}

function createActivity({ now, newId }: Deps): OperationHandler<Activities['create']> {
  return ({ params: { leadId }, body, caller, refuse, response, db }) =>
    inTransaction(db, async (transaction) => {
      const lead = { workspace: caller.workspaceId, lead_id: searchable(leadId) };
      const [[locked], [{ count }], [bound]] = await Promise.all([
        run(transaction, LOCK_LEAD, [lead.workspace, lead.lead_id]),
        run<{ count: number }>(transaction, COUNT, [lead.workspace, lead.lead_id]) as Promise<[{ count: number }]>,
        activitiesBound.call(transaction, lead),
      ]);
      if (!locked) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
      if (count >= ACTIVITIES_MAX_PER_LEAD) throw refuse('ACTIVITY_LIMIT_REACHED', { limit: ACTIVITIES_MAX_PER_LEAD });
      const at = now();
      const activity: Activity = {
        id: newId('act'),
        leadId,
        type: body.type,
        text: body.text,
        metadata: body.metadata ?? {},
        occurredAt: body.occurredAt === undefined ? at.toISOString() : new Date(body.occurredAt).toISOString(),
        createdAt: at.toISOString(),
      };
      if (!(await fits(transaction, lead, activity, Number(bound!.activities_bound))))
        throw refuse('LEAD_TOO_LARGE', { maxBytes: ACTIVITIES_MAX_BYTES_PER_LEAD });
      const { id, type, text, metadata, occurredAt, createdAt } = activity;
      await run(transaction, INSERT, [caller.workspaceId, leadId, id, type, text, JSON.stringify(metadata), occurredAt, createdAt]);
      response.setHeader('Location', `/api/v1/leads/${encodeURIComponent(leadId)}/activities/${id}`);
      return { status: 201, body: { success: true, data: activity } };
    });
}

/** Whether a lead has room for another activity. Its activities are read only where their bound says that they may be too large. */
async function fits(db: Database, lead: { workspace: string; lead_id: string }, activity: Activity, bound: number): Promise<boolean> {
  const bytes = Buffer.byteLength(JSON.stringify(activity));
  if (bound + bytes <= ACTIVITIES_MAX_BYTES_PER_LEAD) return true;
  const [size] = await activitiesSize.call(db, lead);
  return Number(size!.activities_size) + bytes <= ACTIVITIES_MAX_BYTES_PER_LEAD;
}

const LEAD_EXISTS = 'select 1 from leads where workspace_id = $1 and id = $2';

function listActivities(): OperationHandler<Activities['list']> {
  return async ({ params: { leadId }, query: { limit, cursor }, caller, refuse, db }) => {
    const values: unknown[] = [caller.workspaceId, searchable(leadId), limit + 1];
    const after = cursor === undefined ? '' : 'and (occurred_at, id) < ($4, $5)';
    if (cursor !== undefined) values.push(...decodeCursor(cursor, isTimePosition));
    const rows = await run<ActivityRow>(
      db,
      `select ${COLUMNS} from activities where workspace_id = $1 and lead_id = $2 ${after} order by occurred_at desc, id desc limit $3`,
      values,
    );
    if (rows.length === 0) {
      const [lead] = await run(db, LEAD_EXISTS, values.slice(0, 2));
      if (!lead) throw refuse('LEAD_NOT_FOUND', leadNotFound(leadId));
    }
    const { items, pagination } = cursorPage(rows, limit, (row) => [row.occurred_at, row.id]);
    return { status: 200, body: { success: true, data: { activities: items.map(toActivity), pagination } } };
  };
}

function getActivity(): OperationHandler<Activities['get']> {
  return async ({ params: { leadId, activityId }, caller, refuse, db }) => {
    const [row] = await run<ActivityRow>(db, FIND, [caller.workspaceId, searchable(leadId), searchable(activityId)]);
    if (!row) throw refuse('ACTIVITY_NOT_FOUND', activityNotFound(activityId));
    return { status: 200, body: { success: true, data: toActivity(row) } };
  };
}

function deleteActivity({ now }: Deps): OperationHandler<Activities['delete']> {
  return ({ params: { leadId, activityId }, caller, requestId, refuse, db }) =>
    inTransaction(db, async (transaction) => {
      const [deleted] = await run(transaction, DELETE, [caller.workspaceId, searchable(leadId), searchable(activityId)]);
      if (!deleted) throw refuse('ACTIVITY_NOT_FOUND', activityNotFound(activityId));
      const at = now();
      await appendAudit(transaction, at, { caller, requestId }, { action: 'activity.deleted', leadId, details: { activityId } });
      return {
        status: 200,
        body: { success: true, message: 'Activity deleted successfully', data: { id: activityId, deletedAt: at.toISOString() } },
      };
    });
}

function toActivity(row: ActivityRow): Activity {
  return {
    id: row.id,
    leadId: row.lead_id,
    type: row.type as Activity['type'],
    text: row.text,
    metadata: row.metadata,
    occurredAt: row.occurred_at,
    createdAt: row.created_at,
  };
}

function activityNotFound(activityId: string) {
  return { activityId, message: 'No activity found with this ID on this lead' } as const;
}
