/** A project of somebody else's that uses each package: compiled strictly, and run, by packages.test.ts. */
import { createLeadsClient, type Lead, LeadsApiError } from '@leads/client';
import { type Result, runConformance } from '@leads/conformance';
import { contract, type Lead as ContractLead, OPERATIONS } from '@leads/contract';
import { type ErrorCode, ERRORS } from '@leads/contract/errors';
import { createLeadBodies } from '@leads/contract/examples';
import { CreateLeadSchema } from '@leads/contract/schemas';
import { type Mock, startMock } from '@leads/mock';
import { createServer, type LeadsServer } from '@leads/server';
import { initClient } from '@ts-rest/core';

const server: LeadsServer = await createServer();
const mock: Mock = await startMock({ seed: 3 });
try {
  const client = createLeadsClient({ baseUrl: server.url, apiKey: server.apiKey });
  const created: Lead = await client.leads.create({ name: 'John Doe', email: 'john.doe@example.com' });
  const deleted = await client.leads.delete('lead_none').catch((error: unknown) => error);
  const code: ErrorCode | undefined = deleted instanceof LeadsApiError ? deleted.code : undefined;

  const tsRest = initClient(contract, { baseUrl: server.url, baseHeaders: { authorization: `Bearer ${server.apiKey}` } });
  const listed = await tsRest.leads.list();
  const leads: ContractLead[] = listed.status === 200 ? listed.body.data.leads : [];
  const got = await tsRest.leads.get({ params: { leadId: created.id } });
  const other = initClient(contract, { baseUrl: server.url, baseHeaders: { authorization: `Bearer ${await server.createWorkspace()}` } });
  const hidden = await other.leads.get({ params: { leadId: created.id } });

  const results: Result[] = await runConformance({
    baseUrl: mock.url,
    apiKey: 'sk-workspace_a',
    only: ({ name }) => name.startsWith('leads.create'),
  });
  console.log(
    JSON.stringify({
      code,
      status: code && ERRORS[code].status,
      listed: leads.length,
      got: got.status,
      hidden: hidden.status === 404 && hidden.body.code,
      valid: Object.values(createLeadBodies).every(({ value }) => CreateLeadSchema.safeParse(value).success),
      operations: OPERATIONS.length > 40,
      checks: results.length > 5,
      failed: results.filter(({ outcome }) => outcome === 'failed'),
    }),
  );
} finally {
  await Promise.all([server.stop(), mock.close()]);
}
