import { createLeadsClient, type LeadsClient } from '@leads/client';
import { createServer, type LeadsServer } from '@leads/server';
import { anyDatabase } from '../../../../server/test/support/databases.ts';

/** A server with an empty workspace. */
export interface TestServer {
  readonly url: string;
  readonly apiKey: string;
  readonly client: LeadsClient;
  stop(): Promise<void>;
}

let shared: Promise<LeadsServer> | undefined;
let users = 0;

/** One without a rate limit, which others of the process share, each in a workspace of its own. It ends with the last of them. */
export async function startTestServer(): Promise<TestServer> {
  users++;
  const server = await (shared ??= createServer(anyDatabase()));
  return withClient(server, await server.createWorkspace(), async () => {
    if (--users > 0) return;
    shared = undefined;
    await server.stop();
  });
}

/** One of its own, for what uses the rate limit up. */
export async function startLimitedServer(rateLimitPerHour: number): Promise<TestServer> {
  const server = await createServer({ ...anyDatabase(), RATE_LIMIT_PER_HOUR: rateLimitPerHour });
  return withClient(server, server.apiKey, () => server.stop());
}

function withClient({ url }: LeadsServer, apiKey: string, stop: () => Promise<void>): TestServer {
  return { url, apiKey, client: createLeadsClient({ baseUrl: url, apiKey }), stop };
}

/** Makes leads with ids that tell them apart, by an import. */
export async function seed(client: LeadsClient, prefix: string, count: number, fields: object = {}): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `lead_${prefix}${String(i).padStart(6, '0')}`);
  const lines = ids.map((id, i) => {
    const at = new Date(Date.UTC(2024, 0, 1) + i).toISOString();
    const known = { id, name: `Person ${i}`, email: `person.${prefix}.${i}@example.com`, phone: null, source: prefix, status: 'lost' };
    const lead = { ...known, metadata: { number: i }, createdAt: at, updatedAt: at, workspaceId: 'ws_1', ...fields };
    return JSON.stringify({ lead });
  });
  const { imported } = await client.leads.import(lines.join('\n'));
  if (imported !== count) throw new Error(`${imported} of ${count} leads were made`);
  return ids;
}
