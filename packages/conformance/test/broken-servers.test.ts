import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { CreateLeadSchema } from '@leads/contract';
import { type Mock, startMock } from '@leads/mock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, exchange, type RawRequest, runConformance } from '../src/index.ts';

// A defect reaches into any body, of a request and of an answer.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;
type Request = RawRequest & { readonly json: Json };

/** One way of doing it wrong. */
interface Defect {
  readonly what: string;
  /** The check that must catch it. */
  readonly caughtBy: string;
  /** Changes what reaches the server. */
  readonly request?: (request: Request) => Partial<RawRequest>;
  /** Changes what comes back; it may ask the server again. */
  readonly answer?: (body: Json, request: Request, answer: Answer) => Partial<Answer> | undefined;
  /** Answers without the server. */
  readonly instead?: (request: Request) => Partial<Answer> | undefined;
}

const LEADS = '/api/v1/leads';
const isLead = ({ method, path }: RawRequest, wanted: string) => method === wanted && /^\/api\/v1\/leads\/lead_\w+(\?|$)/.test(path);
const isList = ({ method, path }: RawRequest) => method === 'GET' && /^\/api\/v1\/leads(\?|$)/.test(path);
const without = <Value>(headers: Readonly<Record<string, Value>> | undefined, name: string) =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([each]) => each.toLowerCase() !== name));
const withJson = (request: Request, change: object): Partial<RawRequest> => ({ body: JSON.stringify({ ...request.json, ...change }) });
const lead = (body: { data?: { id?: string } }) => body?.data?.id?.startsWith('lead_');
const changedLead = (change: object) => (body: { data: object }) =>
  lead(body) ? { body: { ...body, data: { ...body.data, ...change } } } : undefined;
const withoutHeader =
  (name: string) =>
  (_: unknown, __: Request, { headers }: Answer) => ({ headers: without(headers, name) });
const ignoring =
  (header: string) =>
  ({ headers }: Request) =>
    ({ headers: without(headers, header) }) as Partial<RawRequest>;

/** What was last written into an activity. */
let written: string | undefined;

const DEFECTS: readonly Defect[] = [
  {
    what: 'another code for an unknown lead',
    caughtBy: 'leads.get 404 LEAD_NOT_FOUND',
    answer: (body) => (body?.code === 'LEAD_NOT_FOUND' ? { body: { ...body, code: 'NOT_FOUND' } } : undefined),
  },
  {
    what: '410 instead of 404',
    caughtBy: 'leads.get 404 LEAD_NOT_FOUND',
    answer: (_, __, { status }) => (status === 404 ? { status: 410 } : undefined),
  },
  {
    what: 'an error page in HTML',
    caughtBy: 'leads.get 404 LEAD_NOT_FOUND',
    answer: (_, __, { status, headers }) => (status === 404 ? { headers: { ...headers, 'content-type': 'text/html' } } : undefined),
  },
  { what: 'no X-Request-Id', caughtBy: 'leads.list 200 success', answer: withoutHeader('x-request-id') },
  { what: 'no Location of a new lead', caughtBy: 'leads.create 201 success', answer: withoutHeader('location') },
  { what: 'no ETag of a lead', caughtBy: 'leads.get 200 success', answer: withoutHeader('etag') },
  { what: 'no WWW-Authenticate', caughtBy: 'leads.get 401 MISSING_AUTH_HEADER', answer: withoutHeader('www-authenticate') },
  {
    what: 'no Allow',
    caughtBy: 'a wrong method is 405 METHOD_NOT_ALLOWED, and Allow names those that are right',
    answer: withoutHeader('allow'),
  },
  { what: 'a field dropped', caughtBy: 'leads.get 200 success', answer: changedLead({ source: undefined }) },
  { what: 'a field too many', caughtBy: 'leads.get 200 success', answer: changedLead({ internalId: 7 }) },
  { what: 'a time without milliseconds', caughtBy: 'leads.get 200 success', answer: changedLead({ createdAt: '2024-01-15T10:30:00Z' }) },
  {
    what: 'a 500 for a malformed body',
    caughtBy: 'leads.create 400 INVALID_JSON',
    answer: (body) =>
      body?.code === 'INVALID_JSON'
        ? { status: 500, body: { success: false, error: 'Internal error', code: 'INTERNAL_ERROR' } }
        : undefined,
  },
  {
    what: 'an unknown parameter ignored',
    caughtBy: 'leads.list 400 VALIDATION_ERROR',
    request: ({ path }) => ({ path: path.replace('?unknown=1', '') }),
  },
  {
    what: 'only the first wrong field named',
    caughtBy: 'create: every wrong field is named, not only the first',
    answer: (body) => (body?.details?.issues ? { body: { ...body, details: { issues: body.details.issues.slice(0, 1) } } } : undefined),
  },
  {
    what: 'a delete that keeps the lead',
    caughtBy: 'delete: the lead is gone from read, list and activities',
    instead: (request) =>
      isLead(request, 'DELETE')
        ? {
            status: 200,
            body: {
              success: true,
              message: 'Lead deleted successfully',
              data: { id: request.path.split('/').at(-1), deletedAt: new Date().toISOString() },
            },
          }
        : undefined,
  },
  {
    what: 'another text for a deletion',
    caughtBy: 'delete: the answer is exactly the published one',
    answer: (body, request) => (isLead(request, 'DELETE') && body.success ? { body: { ...body, message: 'Deleted' } } : undefined),
  },
  {
    what: 'a second delete that succeeds',
    caughtBy: 'delete: a second one answers as for a lead that never was',
    answer: (body, request) =>
      isLead(request, 'DELETE') && body.code === 'LEAD_NOT_FOUND' && !request.path.includes('never')
        ? {
            status: 200,
            body: {
              success: true,
              message: 'Lead deleted successfully',
              data: { id: request.path.split('/').at(-1), deletedAt: new Date().toISOString() },
            },
          }
        : undefined,
  },
  {
    what: 'If-Match ignored by a delete',
    caughtBy: 'delete: with If-Match of an older version the lead stays',
    request: ignoring('if-match'),
  },
  {
    what: 'If-Match ignored by an update',
    caughtBy: 'update: the ETag changes with the lead, and If-Match of an older one changes nothing',
    request: ignoring('if-match'),
  },
  {
    what: 'a stale confirmation accepted',
    caughtBy: 'delete: with a confirmation token that an activity made stale the lead stays',
    request: ignoring('x-confirmation-token'),
  },
  {
    what: 'a confirmation of another lead accepted',
    caughtBy: 'delete: a token is good for its own lead only',
    request: ignoring('x-confirmation-token'),
  },
  {
    what: 'a lead in an active campaign deleted',
    caughtBy: 'delete: a lead in an active campaign stays, unless it is forced',
    request: (request) => (isLead(request, 'DELETE') && !request.path.includes('?') ? { path: `${request.path}?force=true` } : {}),
  },
  {
    what: 'a reason that is not kept',
    caughtBy: 'delete: leaves a receipt and an entry in the audit log, with the reason',
    answer: (body, { path }) =>
      path.startsWith('/api/v1/deletions/') && body.success ? { body: { ...body, data: { ...body.data, reason: null } } } : undefined,
  },
  {
    what: 'a backup without the metadata',
    caughtBy: 'delete: a backup brings back the same lead with what hung on it',
    request: (request) => (request.json?.['metadata'] ? withJson(request, { metadata: {} }) : {}),
    answer: (body, request) =>
      request.method === 'POST' && request.path === LEADS && lead(body)
        ? { body: { ...body, data: { ...body.data, metadata: request.json?.['metadata'] ?? {} } } }
        : undefined,
  },
  {
    what: 'Idempotency-Key ignored',
    caughtBy: 'create: repeated with its Idempotency-Key makes one lead and answers the same',
    request: ignoring('idempotency-key'),
  },
  {
    what: 'a repeated answer that does not say so',
    caughtBy: 'create: repeated with its Idempotency-Key makes one lead and answers the same',
    answer: withoutHeader('idempotency-replayed'),
  },
  {
    what: 'a repeated delete that is a 404',
    caughtBy: 'delete: repeated with its Idempotency-Key is a success, not a 404',
    request: ignoring('idempotency-key'),
  },
  {
    what: 'a repeated delete that is another one from another program',
    caughtBy: 'delete: repeated with its Idempotency-Key is a success, not a 404',
    request: ({ headers = {} }) => ({
      headers: {
        ...headers,
        ...(headers['idempotency-key'] && { 'idempotency-key': `${String(headers['idempotency-key'])}${String(headers['user-agent'])}` }),
      },
    }),
  },
  {
    what: 'a page that repeats a lead',
    caughtBy: 'list: a walk by cursor neither repeats nor skips a lead while others are deleted and created',
    answer: (body, request) =>
      isList(request) && request.path.includes('cursor') && body.data?.leads.length > 1
        ? { body: { ...body, data: { ...body.data, leads: [body.data.leads[0], ...body.data.leads.slice(0, -1)] } } }
        : undefined,
  },
  {
    what: 'a page that skips a lead',
    caughtBy: 'list: a walk by cursor neither repeats nor skips a lead while others are deleted and created',
    answer: (body, request) =>
      isList(request) && request.path.includes('cursor') && body.data?.leads.length > 1
        ? { body: { ...body, data: { ...body.data, leads: body.data.leads.slice(1) } } }
        : undefined,
  },
  {
    what: 'a total that counts the page',
    caughtBy: 'list: numbered pages show every lead once, and say where they stand',
    answer: (body, request) =>
      isList(request) && body.success
        ? { body: { ...body, data: { ...body.data, pagination: { ...body.data.pagination, total: body.data.leads.length } } } }
        : undefined,
  },
  {
    what: 'a search that minds capital letters',
    caughtBy: 'list: filters by status, e-mail address and any part of name or address, in any case',
    answer: (body, request) => {
      const search = new URL(request.path, 'http://host').searchParams.get('search');
      if (!search || !body.success) return undefined;
      const leads = body.data.leads.filter(({ name, email }: Record<string, string>) => `${name}\n${email}`.includes(search));
      return { body: { ...body, data: { ...body.data, leads } } };
    },
  },
  {
    what: 'an order ignored',
    caughtBy: 'list: sorts as it is asked',
    request: ({ path }) => ({ path: path.replace('sortOrder=asc', 'sortOrder=desc') }),
  },
  {
    what: 'metadata replaced instead of merged',
    caughtBy: 'update: what is left out stays, metadata is merged by key, null clears',
    answer: (body, request) =>
      isLead(request, 'PUT') && lead(body) && request.json?.['metadata']
        ? { body: { ...body, data: { ...body.data, metadata: { list: [3] } } } }
        : undefined,
  },
  {
    what: 'a name refused at its full length',
    caughtBy: 'bounds: leads.create body.name, 200 characters',
    request: (request) => (request.json?.name?.length === 200 ? withJson(request, { name: '' }) : {}),
  },
  {
    what: 'a name cut off where it is too long',
    caughtBy: 'bounds: leads.create body.name, 201 characters',
    request: (request) => (request.json?.name?.length > 200 ? withJson(request, { name: 'cut off' }) : {}),
  },
  {
    what: 'too many leads taken at once',
    caughtBy: 'bounds: campaigns.enroll body.leadIds, 1001 items',
    request: (request) => (request.json?.leadIds?.length > 1000 ? withJson(request, { leadIds: request.json.leadIds.slice(1) }) : {}),
  },
  {
    what: 'an idempotency key of any length',
    caughtBy: 'bounds: leads.delete headers.idempotency-key, 256 characters',
    request: ignoring('idempotency-key'),
  },
  {
    what: 'an id of any length',
    caughtBy: 'bounds: leads.get path.leadId, 65 characters',
    request: ({ path }) => ({ path: path.replace('x'.repeat(65), 'x'.repeat(64)) }),
  },
  {
    what: 'a condition of a filter that is not looked at',
    caughtBy: 'bounds: leads.bulkDelete body.filter.status, a value that is not in the list',
    request: (request) => (request.json?.filter?.status ? withJson(request, { filter: { status: 'new' } }) : {}),
  },
  {
    what: 'spaces at the end of a name cut off',
    caughtBy: 'random: a lead of any content that the schema allows is read back as it was sent',
    answer: (body) =>
      lead(body) && typeof body.data.name === 'string'
        ? { body: { ...body, data: { ...body.data, name: body.data.name.trim() } } }
        : undefined,
  },
  {
    what: 'a lead of any shape',
    caughtBy: 'random: a lead is created exactly when the schema allows it',
    request: ({ method, path, json }) =>
      method === 'POST' && path === LEADS && !CreateLeadSchema.safeParse(json).success
        ? { body: JSON.stringify({ name: 'Ann', email: 'ann@example.com' }) }
        : {},
  },
  {
    what: 'another name of a published field',
    caughtBy: 'archive: writes the published fields, and unarchive brings back what was',
    answer: (body, { path }) => {
      if (!path.endsWith('/archive') || !body.success) return undefined;
      const { archived_at: archivedAt, ...metadata } = body.data.metadata;
      return { body: { ...body, data: { ...body.data, metadata: { ...metadata, archivedAt } } } };
    },
  },
  {
    what: 'texts that an anonymization forgets',
    caughtBy: 'anonymize: the person is gone, and the numbers stay',
    request: ({ json }) => {
      if (json?.text) written = json.text;
      return {};
    },
    answer: (body) =>
      body?.data?.activities
        ? {
            body: { ...body, data: { ...body.data, activities: body.data.activities.map((each: object) => ({ ...each, text: written })) } },
          }
        : undefined,
  },
  {
    what: 'outcomes in another order',
    caughtBy: 'bulk delete: an outcome for each id, in the order of the request',
    answer: (body, { path }) =>
      path.endsWith('/bulk-delete') && body.data?.outcomes
        ? { body: { ...body, data: { ...body.data, outcomes: body.data.outcomes.toReversed() } } }
        : undefined,
  },
  {
    what: 'atomic ignored',
    caughtBy: 'bulk delete: atomic deletes all or none',
    request: (request) => (request.json?.['atomic'] ? withJson(request, { atomic: false }) : {}),
  },
  {
    what: 'a dry run that counts one lead too few',
    caughtBy: 'bulk delete by filter: a dry run deletes nothing, and the job exactly what it showed',
    answer: (body) => (body?.data?.dryRun === true ? { body: { ...body, data: { ...body.data, count: body.data.count - 1 } } } : undefined),
  },
  {
    what: 'an id that is given twice',
    caughtBy: 'create: no id is given twice',
    answer: (body, { method, path }) =>
      method === 'POST' && path === LEADS && lead(body) ? { body: { ...body, data: { ...body.data, id: 'lead_1' } } } : undefined,
  },
  {
    what: 'a request id that is not taken over',
    caughtBy: 'every answer has an X-Request-Id of its own, and one that was sent comes back, unless it could name a person',
    request: ignoring('x-request-id'),
  },
  {
    what: 'a lead of another workspace that can be read',
    caughtBy: 'isolation: leads.get answers for another workspace as for what never was',
    request: (request) => (isLead(request, 'GET') ? { headers: { ...request.headers, authorization: 'Bearer sk-workspace_one' } } : {}),
  },
  {
    what: 'a 404 that tells that another workspace has the lead',
    caughtBy: 'isolation: leads.get answers for another workspace as for what never was',
    answer: (body, { path }) =>
      body?.code === 'LEAD_NOT_FOUND' && !path.endsWith('/unknown') ? { body: { ...body, error: 'Not your lead' } } : undefined,
  },
  {
    what: 'a hash chain that is none',
    caughtBy: 'each entry of the audit log holds the hash of the one before',
    answer: (body) =>
      body?.data?.entries
        ? {
            body: {
              ...body,
              data: { ...body.data, entries: body.data.entries.map((entry: object) => ({ ...entry, previousHash: '0'.repeat(64) })) },
            },
          }
        : undefined,
  },
];

let mock: Mock;
let broken: Server;
let defect: Defect | undefined;
let url: string;
beforeAll(async () => {
  mock = await startMock({ seed: 0 });
  broken = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const headers = without(incoming.headers as RawRequest['headers'], 'content-length') as Record<string, string>;
    const sent: Request = { method: incoming.method!, path: incoming.url!, headers, json: parsed(body), ...(body.length > 0 && { body }) };
    const reached = { ...sent, ...defect?.request?.(sent), ...(defect?.instead?.(sent) && { path: '/nowhere' }) };
    const right = await exchange(mock.url, {
      ...reached,
      headers: { ...reached.headers, ...(reached.body && { 'content-length': String(Buffer.byteLength(reached.body)) }) },
    });
    const wrong = { ...right, ...(defect?.instead?.(sent) ?? defect?.answer?.(right.body, sent, right)) };
    const text = wrong.body === right.body ? wrong.text : JSON.stringify(wrong.body);
    const { 'content-length': _, 'transfer-encoding': __, ...rest } = wrong.headers;
    outgoing.writeHead(wrong.status, rest).end(text);
  });
  await new Promise<void>((resolve) => {
    broken.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
});
afterAll(async () => {
  broken.closeAllConnections();
  broken.close();
  await mock.close();
});

const run = (name: string) =>
  runConformance({ baseUrl: url, apiKey: 'sk-workspace_one', otherApiKey: 'sk-workspace_two', only: (check) => check.name === name });

describe('a server with a defect', () => {
  it('passes without it', async () => {
    defect = undefined;
    for (const name of new Set(DEFECTS.map(({ caughtBy }) => caughtBy))) {
      expect(await run(name)).toEqual([expect.objectContaining({ name, outcome: 'passed' })]);
    }
  });

  it.each(DEFECTS.map((each) => [each.what, each.caughtBy, each] as const))('%s is caught by: %s', async (_, name, each) => {
    defect = each;
    expect(await run(name)).toEqual([expect.objectContaining({ name, outcome: 'failed' })]);
  });
});

function parsed(body: Buffer): Json {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
