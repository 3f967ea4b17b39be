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

// The same of every operation, by what its route declares.
type Routes = typeof contract;
type Calls = typeof client;

/** The keys of a type that cannot be left out. */
type KeysNeeded<Type> = { [Key in keyof Type]-?: object extends Pick<Type, Key> ? never : Key }[keyof Type];
type Asked<Call> = Call extends (...request: infer Request) => unknown
  ? KeysNeeded<Exclude<Request[0 & keyof Request], undefined>>
  : 'no call';
type EachAsked<Resource> = { [Name in keyof Resource]: Asked<Resource[Name]> };

/** A part of a request, unless its schema takes an empty object. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- it is meant: `object` is not taken where no field is known
type Needed<Schema, Part> = Schema extends { _input: infer Input } ? (Record<never, never> extends Input ? never : Part) : never;
type Parts<Route> =
  | (Route extends { pathParams: infer Schema } ? Needed<Schema, 'params'> : never)
  | (Route extends { query: infer Schema } ? Needed<Schema, 'query'> : never)
  | (Route extends { headers: infer Schema } ? Needed<Schema, 'headers'> : never)
  | (Route extends { body: infer Schema } ? Needed<Schema, 'body'> : never);
type EachNeeded<Resource> = { [Name in keyof Resource]: Parts<Resource[Name]> };

expectTypeOf<{ [R in keyof Calls]: EachAsked<Calls[R]> }>().toEqualTypeOf<{ [R in keyof Routes]: EachNeeded<Routes[R]> }>();

type Statuses<Call> = Call extends (...request: never[]) => Promise<infer Answer> ? Answer['status' & keyof Answer] : 'no call';
type EachAnswered<Resource> = { [Name in keyof Resource]: Statuses<Resource[Name]> };
type EachDeclared<Resource> = { [Name in keyof Resource]: Resource[Name] extends { responses: infer Responses } ? keyof Responses : never };

expectTypeOf<{ [R in keyof Calls]: EachAnswered<Calls[R]> }>().toEqualTypeOf<{ [R in keyof Routes]: EachDeclared<Routes[R]> }>();
