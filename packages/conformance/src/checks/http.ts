import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { OPERATIONS, RATE_LIMIT_HEADERS } from '@leads/contract';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';

const LEADS = '/api/v1/leads';
/** How long a revoked key may still be taken. */
const REVOCATION_MS = 5_000;

/** What is promised of every request. */
export const httpChecks: readonly Check[] = [
  {
    name: 'every answer has an X-Request-Id of its own, and one that was sent comes back, unless it could name a person',
    stateless: true,
    async run({ caller }) {
      const [one, two] = [await caller.call('leads.list'), await caller.call('leads.list')];
      demand(one.headers['x-request-id'] !== two.headers['x-request-id'], 'two answers have the same id');
      const answered = async (sent: string) =>
        (await caller.call('leads.list', { headers: { 'x-request-id': sent } })).headers['x-request-id'];
      const mine = randomUUID();
      demandEqual(await answered(mine), mine, 'the id');
      for (const name of ['ann@example.com', 'ann-smith', 'Ann.Smith_1985']) demand((await answered(name)) !== name, `${name} came back`);
    },
  },
  {
    name: 'an unknown path is 404 ROUTE_NOT_FOUND',
    stateless: true,
    async run({ caller }) {
      const { status, body } = await caller.send({ method: 'GET', path: '/api/v1/nothing-here' });
      demandEqual([status, body?.code], [404, 'ROUTE_NOT_FOUND'], 'the answer');
    },
  },
  {
    name: 'a wrong method is 405 METHOD_NOT_ALLOWED, and Allow names those that are right',
    stateless: true,
    async run({ caller }) {
      const { status, headers, body } = await caller.send({ method: 'DELETE', path: LEADS });
      demandEqual([status, body?.code], [405, 'METHOD_NOT_ALLOWED'], 'the answer');
      const allowed = (headers.allow ?? '').split(/, ?/);
      for (const { route } of OPERATIONS.filter(({ route }) => route.path === LEADS)) {
        demand(allowed.includes(route.method), `Allow does not name ${route.method}: ${headers.allow}`);
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
    name: 'a key is shown once, and refused when it was revoked',
    async run({ caller }) {
      const { id, key } = await caller.apiKey(['leads:read']);
      const headers = { authorization: `Bearer ${key}` };
      demandEqual((await caller.call('leads.list', { headers })).status, 200, 'with the new key');
      demand(!(await caller.call('apiKeys.list')).text.includes(key), 'the list shows the key');
      await caller.call('apiKeys.revoke', { params: { keyId: id } });
      const deadline = performance.now() + REVOCATION_MS;
      while ((await caller.call('leads.list', { headers })).status === 200) {
        demand(performance.now() < deadline, 'a revoked key is still taken after 5 s');
        await wait(100);
      }
    },
  },
  {
    name: 'each entry of the audit log holds the hash of the one before',
    async run({ caller }) {
      for (let n = 0; n < 3; n++) await caller.call('leads.delete', { params: { leadId: (await caller.lead()).id } });
      const { entries } = (await caller.call('auditLog.list', { query: { limit: 4 } })).body.data as {
        entries: { hash: string; previousHash: string }[];
      };
      demand(new Set(entries.map(({ hash }) => hash)).size === entries.length, 'two entries have the same hash');
      const chained = entries.slice(0, -1).filter(({ previousHash }) => entries.some(({ hash }) => hash === previousHash));
      demand(chained.length >= 2, 'no entry holds the hash of another');
    },
  },
];
