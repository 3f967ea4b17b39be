import { createLeadsClient, type LeadsClient } from '@leads/client';
import { createServer } from '@leads/server';

/** The key of a test server. */
export const API_KEY = `sk-workspace_${'k'.repeat(51)}`;

/** A server of its own, on the embedded database in memory. */
export interface TestServer {
  readonly url: string;
  readonly client: LeadsClient;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startTestServer(rateLimitPerHour = 0): Promise<TestServer> {
  const server = await createServer({ LEADS_BOOTSTRAP_API_KEY: API_KEY, RATE_LIMIT_PER_HOUR: rateLimitPerHour });
  return { url: server.url, client: createLeadsClient({ baseUrl: server.url, apiKey: API_KEY }), stop: () => server.stop() };
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
