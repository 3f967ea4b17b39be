/** Checked by the compiler, never run: how the contract reads to those who call the API with ts-rest's own client. */
import { initClient } from '@ts-rest/core';
import { expectTypeOf } from 'vitest';
import { contract, type Lead } from '../src/index.ts';

const client = initClient(contract, { baseUrl: 'http://127.0.0.1:3000', baseHeaders: { authorization: 'Bearer sk-workspace_…' } });
const params = { leadId: 'lead_1' };

// Nothing is asked for that an operation does not need.
void client.leads.list();
void client.jobs.list({});
void client.leads.get({ params });
void client.leads.delete({ params });
void client.leads.delete({ params, query: { backup: true }, headers: { 'if-match': '"v1"' } });
void client.leads.unarchive({ params });
void client.leads.create({ body: { name: 'Ann', email: 'ann@example.com' } });
void client.leads.update({ params, body: { status: 'lost' }, headers: { 'idempotency-key': 'once' } });
void client.leads.bulkDelete({ body: { ids: ['lead_1'] } });
void client.campaigns.enrollLead({ params: { ...params, campaignId: 'camp_1' } });

// What it does need is asked for, and nothing else is taken.
// @ts-expect-error: whose lead?
void client.leads.get();
// @ts-expect-error: this path has no such parameter.
void client.leads.get({ params: { id: 'lead_1' } });
// @ts-expect-error: the e-mail address is missing.
void client.leads.create({ body: { name: 'Ann' } });
// @ts-expect-error: no such query.
void client.leads.get({ params, query: { full: true } });

// An answer has one of the statuses that are declared, and the body of that status.
type Answer = Awaited<ReturnType<typeof client.leads.get>>;
expectTypeOf<Answer['status']>().toEqualTypeOf<200 | 400 | 401 | 403 | 404 | 429 | 500 | 503>();
expectTypeOf<Extract<Answer, { status: 200 }>['body']['data']>().toEqualTypeOf<Lead>();
expectTypeOf<Extract<Answer, { status: 404 }>['body']['code']>().toEqualTypeOf<'LEAD_NOT_FOUND'>();
