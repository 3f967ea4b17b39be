import type pg from 'pg';
import { newId } from '../../packages/server/src/ids.ts';
import { fold, foldPhone } from '../../packages/server/src/leads/fold.ts';

/** A lead of the API, and its version. */
export interface StoredLead {
  readonly lead: object;
  readonly version: string;
}

/** A new lead, as a caller may send it. */
export interface NewLead {
  readonly name: string;
  readonly email: string;
  readonly phone?: string | null;
  readonly source?: string | null;
  readonly status?: string;
  readonly metadata?: object;
}

// The texts of packages/server/src/leads, for the requests that are measured.
const SHOWN = 'id, name, email, phone, source, status, metadata, created_at, updated_at, workspace_id';
const COLUMNS = `${SHOWN}, version`;
const GET = { name: 'get', text: `select ${COLUMNS} from leads where workspace_id = $1 and id = $2` };
const LIST = {
  name: 'list',
  text: `select ${SHOWN}, (select coalesce(sum(count), 0)::integer as total from lead_counts where workspace_id = $1) as total
      from leads where workspace_id = $1
      order by created_at desc, id desc limit $2`,
};
const CREATE = { name: 'create', text: 'select * from create_lead(p_workspace => $1::text, p_lead => $2::jsonb)' };
const UPDATE = {
  name: 'update',
  text: `update leads set updated_at = greatest(leads.updated_at, $3), status = $4 where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
};
const DELETE = {
  name: 'delete',
  text: `
  select * from delete_leads(
    p_workspace => $1, p_ids => array[$2::text], p_versions => array[null::text], p_state => null, p_force => false, p_backup => false,
    p_erase => false, p_atomic => false, p_at => $3, p_backups_expire_at => $3, p_key => $4, p_request => $5, p_job => null, p_reason => null)`,
};

/** What our server asks PostgreSQL for the requests that are measured, prepared: the first page of a list, a change of the status. */
export function leadStatements(pool: pg.Pool) {
  return {
    async get(workspaceId: string, id: string): Promise<StoredLead | undefined> {
      const { rows } = await pool.query({ ...GET, values: [workspaceId, id] });
      return rows[0] && stored(rows[0]);
    },
    async list(workspaceId: string, limit: number): Promise<object> {
      const { rows } = await pool.query({ ...LIST, values: [workspaceId, limit + 1] });
      const total: number = rows[0]?.total ?? 0;
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const hasNext = rows.length > limit;
      const nextCursor = hasNext
        ? Buffer.from(JSON.stringify({ sort: 'createdAt desc', after: [last.created_at, last.id], page: 1 })).toString('base64url')
        : null;
      const pagination = { page: 1, limit, total, totalPages: Math.ceil(total / limit), hasNext, hasPrev: false, nextCursor };
      return { leads: page.map(toLead), pagination };
    },
    /** Undefined where the person was erased. */
    async create(workspaceId: string, fields: NewLead): Promise<(StoredLead & { readonly id: string }) | undefined> {
      const { name, email, phone = null, source = null, status = 'new', metadata = {} } = fields;
      const id = newId('lead');
      const at = new Date();
      const folded = { name: fold(name), email: fold(email), phone: phone && foldPhone(phone) };
      const columns = {
        id,
        name,
        name_lower: folded.name,
        email,
        email_lower: folded.email,
        phone,
        phone_digits: folded.phone,
        source,
        status,
      };
      const row = { ...columns, metadata, created_at: at, updated_at: at, workspace_id: workspaceId };
      const { rows } = await pool.query({ ...CREATE, values: [workspaceId, JSON.stringify(row)] });
      if (rows[0].erasure_id !== null) return undefined;
      const lead = { id, name, email, phone, source, status, metadata, createdAt: at, updatedAt: at, workspaceId };
      return { id, lead, version: rows[0].version };
    },
    async update(workspaceId: string, id: string, status: string): Promise<StoredLead | undefined> {
      const { rows } = await pool.query({ ...UPDATE, values: [workspaceId, id, new Date(), status] });
      return rows[0] && stored(rows[0]);
    },
    /** When it was deleted; undefined where there is no such lead. */
    async delete(workspaceId: string, id: string, keyId: string, requestId: string): Promise<Date | undefined> {
      const { rows } = await pool.query({ ...DELETE, values: [workspaceId, id, new Date(), keyId, requestId] });
      return rows[0].code === null ? rows[0].deleted_at : undefined;
    },
  };
}

function stored(row: Record<string, unknown>): StoredLead {
  return { lead: toLead(row), version: row['version'] as string };
}

function toLead(row: Record<string, unknown>): object {
  const { id, name, email, phone, source, status, metadata, created_at: createdAt, updated_at: updatedAt, workspace_id: workspaceId } = row;
  return { id, name, email, phone, source, status, metadata, createdAt, updatedAt, workspaceId };
}
