import { createServer, type IncomingMessage } from 'node:http';
import pg from 'pg';
import { openDatabase } from '../../packages/server/src/db/database.ts';
import { startEmbeddedPostgres } from '../../packages/server/src/db/embedded/embedded-postgres.ts';
import { migrate } from '../../packages/server/src/db/migrate.ts';
import { newId } from '../../packages/server/src/ids.ts';
import { bootstrap, DEFAULT_WORKSPACE } from '../../packages/server/src/workspaces/workspaces.ts';
import { listening } from './listening.ts';
import { API_KEY } from './requests.ts';

/**
 * The least that can serve the five operations on leads from Node and PostgreSQL: `node:http`, a pool of the same size,
 * the same SQL, prepared. No framework, no keys, no validation, no rate limit, no log. What our server reaches of its
 * throughput is what all of these leave over.
 */

// The texts of packages/server/src/leads, for the requests that are measured.
const COLUMNS = 'id, name, email, phone, source, status, metadata, created_at, updated_at, workspace_id, version';
const GET = { name: 'get', text: `select ${COLUMNS} from leads where workspace_id = $1 and id = $2` };
const LIST = {
  name: 'list',
  text: `select ${COLUMNS}, name_lower, email_lower, (select coalesce(sum(count), 0)::integer as total from lead_counts where workspace_id = $1) as total
      from leads where workspace_id = $1
      order by created_at desc, id desc limit $2`,
};
const CREATE = {
  name: 'create',
  text: `
  insert into leads (workspace_id, id, name, email, name_lower, email_lower, phone, source, status, metadata, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
  returning version`,
};
const UPDATE = {
  name: 'update',
  text: `update leads set updated_at = greatest(leads.updated_at, $3), status = $4 where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
};
const DELETE = {
  name: 'delete',
  text: `
  select code, backup_id, version, blockers from delete_leads(
    p_workspace => $1, p_ids => array[$2::text], p_versions => array[null::text], p_state => null, p_force => false, p_backup => false,
    p_erase => false, p_atomic => false, p_at => $3, p_backups_expire_at => $3, p_key => 'key_bench', p_request => 'req_bench',
    p_job => null, p_reason => null)`,
};

const { DATABASE_URL, LEADS_DATA_DIR } = process.env;
const embedded = DATABASE_URL ? undefined : await startEmbeddedPostgres({ dataDir: LEADS_DATA_DIR! });
const connection: pg.ClientConfig = embedded?.connection ?? { connectionString: DATABASE_URL! };
const poolSize = embedded?.maxConnections ?? 10;

await migrate(connection);
const setup = openDatabase(connection, 1, () => {});
await bootstrap({ db: setup, now: () => new Date(), newId }, API_KEY);
await setup.destroy();

const pool = new pg.Pool({ ...connection, max: poolSize });
const workspaceId: string = (await pool.query('select id from workspaces where name = $1', [DEFAULT_WORKSPACE])).rows[0].id;

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request);
    const json = JSON.stringify(body);
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(json) }).end(json);
  } catch (error) {
    response.writeHead(500, { 'Content-Length': 0 }).end();
    process.stderr.write(`${String(error)}\n`);
  }
});
process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await pool.end();
  await embedded?.stop();
  process.exit();
});
listening(server);

async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
  const id = request.url!.slice('/api/v1/leads/'.length);
  switch (request.method) {
    case 'GET':
      return request.url!.includes('?') ? list(20) : one(await pool.query({ ...GET, values: [workspaceId, id] }));
    case 'POST':
      return create(await read(request));
    case 'PUT': {
      const { status } = await read(request);
      return one(await pool.query({ ...UPDATE, values: [workspaceId, id, new Date(), status] }));
    }
    default: {
      const { rows } = await pool.query({ ...DELETE, values: [workspaceId, id, new Date()] });
      if (rows[0].code !== null) return NOT_FOUND;
      return {
        status: 200,
        body: { success: true, message: 'Lead deleted successfully', data: { id, deletedAt: new Date().toISOString() } },
      };
    }
  }
}

const NOT_FOUND = { status: 404, body: { success: false } };

function one({ rows: [row] }: pg.QueryResult): { status: number; body: object } {
  return row ? { status: 200, body: { success: true, data: toLead(row) } } : NOT_FOUND;
}

async function list(limit: number) {
  const { rows } = await pool.query({ ...LIST, values: [workspaceId, limit + 1] });
  const total: number = rows[0].total;
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = Buffer.from(JSON.stringify({ sort: 'createdAt desc', after: [last.created_at, last.id], page: 1 })).toString(
    'base64url',
  );
  const pagination = { page: 1, limit, total, totalPages: Math.ceil(total / limit), hasNext: true, hasPrev: false, nextCursor };
  return { status: 200, body: { success: true, data: { leads: page.map(toLead), pagination } } };
}

async function create(fields: Record<string, string>) {
  const { name = '', email = '', phone = null, source = null, status = 'new', metadata = {} } = fields;
  const lead = {
    id: newId('lead'),
    name,
    email,
    phone,
    source,
    status,
    metadata,
    createdAt: new Date(),
    updatedAt: new Date(),
    workspaceId,
  };
  await pool.query({
    ...CREATE,
    values: [
      workspaceId,
      lead.id,
      name,
      email,
      name.toLowerCase(),
      email.toLowerCase(),
      phone,
      source,
      status,
      JSON.stringify(metadata),
      lead.createdAt,
    ],
  });
  return { status: 201, body: { success: true, data: lead } };
}

function toLead(row: Record<string, unknown>) {
  const { id, name, email, phone, source, status, metadata, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, name, email, phone, source, status, metadata, createdAt, updatedAt, workspaceId };
}

function read(request: IncomingMessage): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    request.on('error', reject);
  });
}
