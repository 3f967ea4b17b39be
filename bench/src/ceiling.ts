import { createServer, type IncomingMessage } from 'node:http';
import pg from 'pg';
import { openDatabase } from '../../packages/server/src/db/database.ts';
import { startEmbeddedPostgres } from '../../packages/server/src/db/embedded/embedded-postgres.ts';
import { migrate } from '../../packages/server/src/db/migrate.ts';
import { newId } from '../../packages/server/src/ids.ts';
import { bootstrap, DEFAULT_WORKSPACE } from '../../packages/server/src/workspaces/workspaces.ts';
import { leadStatements, type NewLead } from './lead-statements.ts';
import { listening } from './listening.ts';
import { API_KEY } from './requests.ts';

/**
 * The least that can serve the five operations on leads from Node and PostgreSQL: `node:http`, a pool of the same size,
 * the same SQL, prepared. No framework, no keys, no validation, no rate limit, no log. What our server reaches of its
 * throughput is what all of these leave over.
 */

const { DATABASE_URL, LEADS_DATA_DIR } = process.env;
const embedded = DATABASE_URL ? undefined : await startEmbeddedPostgres({ dataDir: LEADS_DATA_DIR! });
const connection: pg.ClientConfig = embedded?.connection ?? { connectionString: DATABASE_URL! };
const poolSize = embedded?.maxConnections ?? 10;

await migrate(connection);
const setup = openDatabase(connection, 1, () => {});
await bootstrap({ db: setup, now: () => new Date(), newId }, API_KEY);
await setup.destroy();

const pool = new pg.Pool({ ...connection, max: poolSize });
const leads = leadStatements(pool);
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
      return success(request.url!.includes('?') ? await leads.list(workspaceId, 20) : (await leads.get(workspaceId, id))?.lead);
    case 'POST':
      return success((await leads.create(workspaceId, (await read(request)) as NewLead))?.lead, 201);
    case 'PUT':
      return success((await leads.update(workspaceId, id, (await read(request)).status!))?.lead);
    default: {
      const deletedAt = await leads.delete(workspaceId, id, 'key_bench', 'req_bench');
      return success(deletedAt && { id, deletedAt });
    }
  }
}

function success(data: object | undefined, status = 200): { status: number; body: object } {
  return data ? { status, body: { success: true, data } } : { status: 404, body: { success: false } };
}

function read(request: IncomingMessage): Promise<Partial<NewLead>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    request.on('error', reject);
  });
}
