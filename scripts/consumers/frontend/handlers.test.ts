/** What somebody writes who tests without a server, with MSW. */
import { createLeadsClient } from '@leads/client';
import { leadsHandlers } from '@leads/mock/msw';
import { setupServer } from 'msw/node';
import { expect, it } from 'vitest';

it('the contract answers inside the test', async () => {
  const server = setupServer(...leadsHandlers({ baseUrl: 'https://leads.example.com', answers: { 'leads.delete': 'LEAD_IN_USE' } }));
  server.listen();
  const client = createLeadsClient({ baseUrl: 'https://leads.example.com', apiKey: 'sk-workspace_test' });
  expect((await client.leads.get('lead_1234567890abcdef')).name).toBe('John Doe');
  await expect(client.leads.delete('lead_1234567890abcdef')).rejects.toMatchObject({ code: 'LEAD_IN_USE' });
  server.close();
});
