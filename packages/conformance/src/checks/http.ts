import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { bodyOf, OPERATIONS, type OperationId, RATE_LIMIT_HEADERS } from '@leads/contract';
import { requestOf } from '../calls.ts';
import type { Check } from '../check.ts';
import { operationOf } from '../check-answer.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newSource, VALID_CALLS } from '../valid-calls.ts';

/** How long a request counts, and how far apart two looks at the clock for one answer may be. */
const [HOUR_SECONDS, CLOCK_SECONDS] = [3_600, 30];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const PATHS = [...new Set(OPERATIONS.map(({ route }) => route.path))];
const WITH_JSON = OPERATIONS.filter(({ route, metadata }) => bodyOf(route) && !metadata.bodyMediaType);
/** Request ids that would do harm in a log, a header or a page, or are too long. */
const UNSAFE_IDS = [
  '<script>alert(1)</script>',
  'a b',
  '"quoted"',
  'x'.repeat(65),
  'a;b=c',
  '../../etc',
  "'or''='",
  'jane@example.com',
  'jane-smith',
  'Jane.Smith_1985',
  'Zoë',
];

/** What is promised of every request. */
export const httpChecks: readonly Check[] = [
  {
    name: 'every answer has an X-Request-Id of its own, and one that was sent comes back',
    stateless: true,
    async run({ caller }) {
      const [one, two] = [await caller.call('leads.list'), await caller.call('leads.list')];
      demand(one.headers['x-request-id'] !== two.headers['x-request-id'], 'two answers have the same id');
      const uuid = randomUUID();
      const trace = uuid.replaceAll('-', '');
      const ulid = `01JQ8Z3V${trace.slice(0, 18).toUpperCase()}`;
      for (const mine of [uuid, uuid.toUpperCase(), trace, ulid, ulid.toLowerCase(), `req_${trace}`]) {
        const { headers } = await caller.call('leads.list', { headers: { 'x-request-id': mine } });
        demandEqual(headers['x-request-id'], mine, 'the id');
      }
    },
  },
  {
    name: 'an unknown path is answered with its method and its path, without the query',
    stateless: true,
    async run({ caller }) {
      for (const method of ['GET', 'DELETE']) {
        const { status, body } = await caller.send({ method, path: '/api/v1/nothing-here?email=jane@example.com' });
        demandEqual([status, body?.details], [404, { method, path: '/api/v1/nothing-here' }], 'the answer');
      }
    },
  },
  {
    name: 'an X-Request-Id that is not safe does not come back, neither in the header nor in the body',
    stateless: true,
    async run({ caller }) {
      for (const id of UNSAFE_IDS) {
        for (const path of ['/api/v1/leads', '/api/v1/nothing-here', '/api/v1/leads?unknown=1']) {
          const { status, headers, text } = await caller.send({
            method: 'GET',
            path,
            headers: { 'x-request-id': Buffer.from(id).toString('latin1') },
          });
          demand(headers['x-request-id'] !== id, `${id} comes back from ${path}`);
          // A list holds what others have sent.
          demand(status === 200 || !text.includes(id), `${id} stands in the answer from ${path}`);
        }
      }
    },
  },
  ...PATHS.map((path): Check => ({
    name: `an unknown path below ${path} is 404 ROUTE_NOT_FOUND`,
    stateless: true,
    async run({ caller }) {
      const { status, body } = await caller.send({ method: 'GET', path: `${withIds(path)}/nothing/here/at-all` });
      demandEqual([status, body?.code], [404, 'ROUTE_NOT_FOUND'], 'the answer');
    },
  })),
  {
    name: 'an unknown path is 404 ROUTE_NOT_FOUND',
    stateless: true,
    async run({ caller }) {
      const { status, body } = await caller.send({ method: 'GET', path: '/api/v1/nothing-here' });
      demandEqual([status, body?.code], [404, 'ROUTE_NOT_FOUND'], 'the answer');
    },
  },
  ...PATHS.map((path): Check => ({
    name: `a wrong method is 405 METHOD_NOT_ALLOWED on ${path}, and Allow names those that are right`,
    stateless: true,
    async run({ caller }) {
      const right = METHODS.filter((method) => operationOf({ method, path: withIds(path) }));
      for (const method of METHODS.filter((each) => !right.includes(each))) {
        const { status, headers, body } = await caller.send({ method, path: withIds(path) });
        demandEqual([status, body?.code, body?.details?.method], [405, 'METHOD_NOT_ALLOWED', method], `the answer to ${method}`);
        for (const named of [(headers.allow ?? '').split(/, ?/), body.details.allowed as string[]]) {
          demandEqual(
            named.filter((each) => each !== 'HEAD' && each !== 'OPTIONS').toSorted(),
            right.toSorted(),
            'the methods that are allowed',
          );
        }
      }
    },
  })),
  ...WITH_JSON.map(({ id }): Check => ({
    name: `${id}: JSON that is not UTF-8, or is cut short, is 400 INVALID_JSON`,
    stateless: true,
    async run({ caller }) {
      const headers = { 'content-type': 'application/json' };
      const { body: _, ...call } = await VALID_CALLS[id as OperationId](caller);
      const request = requestOf(id as OperationId, call);
      for (const sent of [Buffer.from('{"name":"Zo\xeb"}', 'latin1'), '{"name":"Zoe"']) {
        const { status, body } = await caller.send({ ...request, headers: { ...request.headers, ...headers }, body: sent });
        demandEqual([status, body?.code], [400, 'INVALID_JSON'], String(sent));
      }
    },
  })),
  ...WITH_JSON.map(({ id, route }): Check => ({
    name: `${id}: a body with a name that is not known, or that is no object, is 400 VALIDATION_ERROR, and the name is told`,
    stateless: true,
    async run({ caller }) {
      const params = Object.fromEntries([...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, 'any']));
      const unknown = await caller.call(id as OperationId, { params, body: { unknown: 1 } });
      const locations = unknown.body.details?.issues?.map(({ location }: { location: string }) => location) ?? [];
      demandEqual([unknown.status, locations.includes('body.unknown')], [400, true], 'the answer to a name, and whether it tells it');
      const { status, body } = await caller.call(id as OperationId, { params, body: [] });
      demandEqual([status, body.code], [400, 'VALIDATION_ERROR'], 'the answer to a list');
    },
  })),
  ...WITH_JSON.map(({ id }): Check => ({
    name: `${id}: a body without a Content-Type is 415 UNSUPPORTED_MEDIA_TYPE`,
    stateless: true,
    async run({ caller }) {
      const request = requestOf(id as OperationId, { params: { leadId: 'any', campaignId: 'any', keyId: 'any' } });
      const { status, body } = await caller.send({ ...request, body: '{}' });
      demandEqual([status, body?.code], [415, 'UNSUPPORTED_MEDIA_TYPE'], 'the answer');
    },
  })),
  ...WITH_JSON.map(({ id }): Check => ({
    name: `${id}: JSON in another encoding than UTF-8 is 415 UNSUPPORTED_MEDIA_TYPE`,
    stateless: true,
    async run({ caller }) {
      const headers = { 'content-type': 'application/json; charset=iso-8859-1' };
      const { body: sent = {}, ...call } = await VALID_CALLS[id as OperationId](caller);
      const { status, body } = await caller.call(id as OperationId, { ...call, body: sent, headers });
      demandEqual([status, body?.code], [415, 'UNSUPPORTED_MEDIA_TYPE'], 'the answer');
    },
  })),
  {
    name: 'the rate limit starts anew when its oldest request is no longer counted, and not the newest',
    async run({ caller }) {
      const reset = RATE_LIMIT_HEADERS[3].toLowerCase();
      const headers = { authorization: `Bearer ${(await caller.apiKey(['leads:read'])).key}` };
      const read = async () => (await caller.call('leads.list', { headers })).headers[reset];
      const first = await read();
      // A server without a limit has none of its headers.
      if (first === undefined) return;
      // It is told in whole seconds.
      await wait(2_000);
      const second = await read();
      demand(Math.abs(Number(second) - Number(first)) <= 1, `it moved from ${String(first)} to ${String(second)}`);
    },
  },
  {
    name: 'the rate limit of a new key has one request used, and starts anew an hour after it',
    async run({ caller }) {
      const [limit, remaining, used, reset] = RATE_LIMIT_HEADERS.map((name) => name.toLowerCase());
      const authorization = `Bearer ${(await caller.apiKey(['leads:read'])).key}`;
      for (const count of [1, 2, 3]) {
        const { headers } = await caller.call('leads.list', { headers: { authorization } });
        if (headers[limit!] === undefined) return;
        const expected = [count, Number(headers[limit!]) - count];
        demandEqual([Number(headers[used!]), Number(headers[remaining!])], expected, 'how many are used, and how many remain');
        const seconds = Number(headers[reset!]) - Date.parse(headers.date ?? '') / 1000;
        // Of a server that tells its time.
        demand(!(Math.abs(seconds - HOUR_SECONDS) > CLOCK_SECONDS), `it starts anew in ${seconds} s`);
      }
    },
  },
  {
    name: 'JSON is taken in UTF-8, whether that is said or not, and in any case',
    stateless: true,
    async run({ caller }) {
      for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON']) {
        const body = { name: 'Zoë 日本', email: 'zoe@example.com' };
        const { status, text } = await caller.call('leads.create', { body, headers: { 'content-type': type } });
        demand(status === 201, `${type} is refused: ${text.slice(0, 200)}`);
      }
    },
  },
  {
    name: 'a key is taken as Bearer with one space, and nothing else',
    stateless: true,
    async run({ caller }) {
      for (const authorization of ['unknown', 'Bearer', 'Bearer one two', 'Bearer  unknown', 'Token unknown', 'Bearer one, Bearer two']) {
        const { status, body, headers } = await caller.call('leads.list', { headers: { authorization } });
        demandEqual([status, body.code], [401, 'MALFORMED_AUTH_HEADER'], `the answer to ${authorization}`);
        demand(/^Bearer/i.test(headers['www-authenticate'] ?? ''), `WWW-Authenticate is ${String(headers['www-authenticate'])}`);
      }
    },
  },
  {
    name: 'a filter that is sent twice selects no more than either, or is refused',
    async run({ caller }) {
      const [one, two] = [newSource(), newSource()];
      for (const source of [one, two, newSource()]) await caller.lead({ source });
      for (const operation of ['leads.list', 'leads.export'] as const) {
        const { status, text, body } = await caller.call(operation, { query: `source=${one}&source=${two}` });
        if (status === 400) continue;
        const leads = body?.data?.leads ?? text.split('\n').flatMap((line) => (line.startsWith('{"lead"') ? JSON.parse(line).lead : []));
        demand(leads.length <= 2, `${operation} answers ${leads.length} leads`);
      }
    },
  },
  {
    name: 'the rate limit counts each request',
    async run({ caller }) {
      const [limit, , used] = RATE_LIMIT_HEADERS.map((name) => name.toLowerCase());
      const [one, two] = [await caller.call('leads.list'), await caller.call('leads.list')];
      if (one.headers[limit!] === undefined) return demandEqual(two.headers[limit!], undefined, 'the limit of a server without one');
      demand(Number(two.headers[used!]) > Number(one.headers[used!]), 'the second request was not counted');
    },
  },
  {
    name: 'entries of the audit log hold the hash of the one before in their chain',
    async run({ caller }) {
      // One request that does several things writes them down one after the other, whatever others do at the same time.
      const ids = [(await caller.lead()).id, (await caller.lead()).id, (await caller.lead()).id, (await caller.lead()).id];
      await caller.call('leads.bulkDelete', { body: { ids } });
      const entries: { hash: string; previousHash: string }[] = [];
      for (const leadId of ids) entries.push((await caller.call('auditLog.list', { query: { leadId } })).body.data.entries[0]);
      const hashes = new Set(entries.map(({ hash }) => hash));
      const chained = entries.filter(({ previousHash }) => hashes.has(previousHash));
      demandEqual([hashes.size, chained.length], [ids.length, ids.length - 1], 'hashes, and entries that hold one of them');
    },
  },
];

function withIds(path: string): string {
  return path.replace(/:\w+/g, 'any');
}
