/** Calls a server with the types of openapi-typescript, and openapi-fetch. Arguments: the address and a key. */
import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/openapi-typescript.ts';

const [baseUrl = '', key = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${key}` } });

const created = await client.POST('/api/v1/leads', { body: { name: 'Ann', email: 'ann@example.com' } });
const lead: components['schemas']['Lead'] = created.data!.data;
const path = { leadId: lead.id };
const listed = await client.GET('/api/v1/leads', { params: { query: { email: lead.email, limit: 1 } } });
const planned = await client.POST('/api/v1/leads/bulk-delete', { body: { filter: { status: 'new' }, dryRun: true } });
await client.DELETE('/api/v1/leads/{leadId}', { params: { path, query: { backup: true }, header: { 'Idempotency-Key': lead.id } } });
const gone = await client.GET('/api/v1/leads/{leadId}', { params: { path } });

console.log(JSON.stringify([listed.data?.data.leads.length, planned.response.status, gone.error?.code]));
