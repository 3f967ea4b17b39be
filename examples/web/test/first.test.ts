import { createLeadsClient } from '@leads/client';
import { startMock } from '@leads/mock';
import { expect, it } from 'vitest';

it('a delete that the API does not answer at first is made once', async () => {
  const mock = await startMock({ seed: 3 });
  const client = createLeadsClient({ baseUrl: mock.url, apiKey: 'sk-workspace_test' });

  mock.fault({ operation: 'leads.delete', error: 'SERVICE_UNAVAILABLE', times: 1 });
  await client.leads.delete('lead_1234567890abcdef');
  expect(mock.requests().map(({ status }) => status)).toEqual([503, 200]);
  expect((await client.leads.list()).pagination.total).toBe(2);

  await mock.close();
});
