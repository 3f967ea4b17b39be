/** Calls a server with the client that oazapfts makes. Arguments: the address and a key. */
import * as api from '../generated/oazapfts.ts';

const [baseUrl = '', key = ''] = process.argv.slice(2);
api.defaults.baseUrl = baseUrl;
api.defaults.headers = { authorization: `Bearer ${key}` };

const created = await api.leadsCreate({ name: 'Ann', email: 'ann@example.com' });
if (created.status !== 201) throw new Error(`${created.status}`);
const lead: api.Lead = created.data.data;
const listed = await api.leadsList({ email: lead.email, limit: 1 });
const planned = await api.leadsBulkDelete({ filter: { status: 'new' }, dryRun: true });
await api.leadsDelete(lead.id, { backup: true, idempotencyKey: lead.id });
const gone = await api.leadsGet(lead.id);

console.log(
  JSON.stringify([listed.status === 200 && listed.data.data.leads.length, planned.status, gone.status === 404 && gone.data.code]),
);
