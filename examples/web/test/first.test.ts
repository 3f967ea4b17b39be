import { createLeadsClient } from '@leads/client';
import { startMock } from '@leads/mock';
import { expect, it } from 'vitest';

it('a delete that the API could not answer is safe to repeat', async () => {
  const mock = await startMock({ seed: 3 });
  const client = createLeadsClient({ baseUrl: mock.url, apiKey: 'sk-workspace_test' });
  const remove = () => client.leads.delete('lead_1234567890abcdef', {}, { idempotencyKey: 'one-delete' });

  mock.fault({ operation: 'leads.delete', error: 'SERVICE_UNAVAILABLE', times: 1 });
  await expect(remove()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  const first = await remove();
  expect(await remove()).toEqual(first);
  expect((await client.leads.list()).pagination.total).toBe(2);

  await mock.close();
});
