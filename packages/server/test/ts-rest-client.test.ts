import { contract, type OperationId, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import { initClient } from '@ts-rest/core';
import { VALID_CALLS } from '@leads/conformance';
import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { locations, useCaller, useServer } from './support/server.ts';

onEachDatabase('ts-rest’s own client', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);

  it('calls the API through the contract, and checks what is answered', async () => {
    const client = initClient(contract, {
      baseUrl: server.url,
      baseHeaders: { authorization: `Bearer ${acme.key}` },
      validateResponse: true,
    });
    const created = await client.leads.create({ body: { name: 'Ann', email: 'ann@example.com' } });
    if (created.status !== 201) throw new Error(`${created.status}`);
    const params = { leadId: created.body.data.id };
    expect(await client.leads.get({ params })).toMatchObject({ status: 200, body: created.body });
    expect(await client.leads.list()).toMatchObject({ status: 200, body: { data: { leads: [created.body.data] } } });
    expect(await client.leads.delete({ params, query: { backup: true } })).toMatchObject({ status: 200 });
    expect(await client.leads.get({ params })).toMatchObject({ status: 404, body: { code: 'LEAD_NOT_FOUND' } });
  });
});

onEachDatabase('A parameter that an operation does not have', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);

  describe('is refused', () => {
    it.each(IMPLEMENTED_OPERATIONS.map(({ id }) => id as OperationId))('%s', async (operation) => {
      const call = operation === 'jobs.cancel' ? { params: { jobId: 'job_1' } } : await VALID_CALLS[operation](acme);
      const answer = await acme.call(operation, { ...call, query: { nope: '1' } });
      expect([answer.status, locations(answer)]).toEqual([400, ['query.nope']]);
    });
  });
});
