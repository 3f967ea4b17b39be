/** What somebody writes who tests against the server itself. */
import { createLeadsClient } from '@leads/client';
import { createServer } from '@leads/server';
import { expect, it } from 'vitest';

it('what is created is there, and in its own workspace alone', async () => {
  const server = await createServer();
  const client = createLeadsClient({ baseUrl: server.url, apiKey: server.apiKey });
  const { id } = await client.leads.create({ name: 'John Doe', email: 'john.doe@example.com' });
  const other = createLeadsClient({ baseUrl: server.url, apiKey: await server.createWorkspace() });
  await expect(other.leads.get(id)).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND' });
  await server.stop();
});
