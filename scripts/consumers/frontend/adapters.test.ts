/** What somebody writes who has ts-rest's adapters for React Query and Fastify: they take the contract, and know its operations by their types. */
import { contract } from '@leads/contract';
import { initServer } from '@ts-rest/fastify';
import { initTsrReactQuery } from '@ts-rest/react-query/v5';
import fastify from 'fastify';
import { expect, it } from 'vitest';

const tsr = initTsrReactQuery(contract, { baseUrl: 'http://127.0.0.1:3000' });

export function useNameOfLead(leadId: string): string | undefined {
  const { data, error } = tsr.leads.get.useQuery({ queryKey: ['lead', leadId], queryData: { params: { leadId } } });
  if (error && 'status' in error && error.status === 404) return error.body.code satisfies 'LEAD_NOT_FOUND';
  return data?.body.data.name;
}

it('Fastify serves an operation of the contract, and refuses what its schema refuses', async () => {
  const app = fastify();
  const server = initServer();
  const some = { list: contract.jobs.list };
  const router = server.router(some, {
    list: async ({ query: { limit } }) => ({
      status: 200,
      body: { success: true, data: { jobs: [], pagination: { limit, hasNext: false, nextCursor: null } } },
    }),
  });
  server.registerRouter(some, router, app);
  const answered = await app.inject('/api/v1/jobs?limit=5');
  expect([answered.statusCode, answered.json()]).toMatchObject([200, { data: { pagination: { limit: 5 } } }]);
  expect((await app.inject('/api/v1/jobs?limit=none')).statusCode).toBe(400);
});
