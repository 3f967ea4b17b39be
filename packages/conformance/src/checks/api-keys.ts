import { setTimeout as wait } from 'node:timers/promises';
import type { ApiKey, Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual, Mismatch } from '../mismatch.ts';
import { walk } from '../walk.ts';

/** How long a key that has ended may still be taken. */
const AFTER_END_MS = 5_000;

/** How far apart two looks at the clock of one request may be. */
const CLOCK_MS = 30_000;

const withKey = (key: string) => ({ authorization: `Bearer ${key}` });
const isTaken = async (caller: Calls, key: string) =>
  (await caller.call('leads.list', { query: { limit: 1 }, headers: withKey(key) })).status === 200;

/** What is promised of API keys. */
export const apiKeyChecks: readonly Check[] = [
  {
    name: 'a key is shown once, and refused when it was revoked',
    async run({ caller }) {
      const { id, key } = await caller.apiKey(['leads:read']);
      demand(await isTaken(caller, key), 'the new key is refused');
      demand(!(await caller.call('apiKeys.list')).text.includes(key), 'the list shows the key');
      await caller.call('apiKeys.revoke', { params: { keyId: id } });
      await demandEnded(caller, key, 'a revoked key');
    },
  },
  {
    name: 'a key that is rotated is taken during the overlap, and refused after it',
    async run({ caller }) {
      const [short, long] = [await caller.apiKey(['leads:read']), await caller.apiKey(['leads:read'])];
      const rotate = async (keyId: string, overlapSeconds: number) =>
        (await caller.call('apiKeys.rotate', { params: { keyId }, body: { overlapSeconds } })).body.data;
      const [next, other] = [await rotate(short.id, 0), await rotate(long.id, 60)];
      demandEqual([await isTaken(caller, next.key), await isTaken(caller, other.key)], [true, true], 'the new keys');
      await demandEnded(caller, short.key, 'a key that was rotated without an overlap');
      demand(await isTaken(caller, long.key), 'a key is refused during the overlap');
    },
  },
  {
    name: 'a key that is rotated has the name, the scopes and the end of the one before',
    async run({ caller }) {
      const { createdAt } = await caller.lead();
      for (const expiresAt of [null, new Date(Date.parse(createdAt) + 3_600_000).toISOString()]) {
        for (const overlapSeconds of [0, 60]) {
          const body = { name: 'To be rotated', scopes: ['leads:read', 'audit:read'], expiresAt };
          const before = (await caller.call('apiKeys.create', { body })).body.data;
          const { data } = (await caller.call('apiKeys.rotate', { params: { keyId: before.id }, body: { overlapSeconds } })).body;
          demandEqual([data.name, data.scopes, data.expiresAt], [before.name, before.scopes, before.expiresAt], 'name, scopes and end');
        }
      }
    },
  },
  {
    name: 'a key with an end is refused after it, and one that has ended already is not made',
    async run({ caller }) {
      const { createdAt } = await caller.lead();
      const at = (milliseconds: number) => new Date(Date.parse(createdAt) + milliseconds).toISOString();
      const create = (expiresAt: string) =>
        caller.call('apiKeys.create', { body: { name: 'With an end', scopes: ['leads:read'], expiresAt } });
      demandEqual((await create(at(-1_000))).status, 400, 'a key that has ended');
      const { key, expiresAt } = (await create(at(60_000))).body.data;
      demandEqual([expiresAt, await isTaken(caller, key)], [at(60_000), true], 'the end of a key, and whether it is taken before');
      const ending = await keyWithEnd(caller);
      await demandEnded(caller, ending.key, 'a key with an end', END_MS_MAX);
      const { status, body } = await caller.call('apiKeys.rotate', { params: { keyId: ending.id }, body: {} });
      demandEqual([status, body.details], [409, { keyId: ending.id }], 'the answer to rotating one that has ended');
    },
  },
  {
    name: 'keys: what is made, rotated and revoked is listed as it was answered, with the end that it has by then',
    async run({ caller }) {
      const { createdAt: now } = await caller.lead();
      const at = (seconds: number) => new Date(Date.parse(now) + seconds * 1000).toISOString();
      const listed = async (id: string) => {
        const { items } = await walk(caller, 'apiKeys.list', { query: { limit: 100 } }, (found) => found.some((key) => key['id'] === id));
        return items.find((key) => key['id'] === id);
      };
      const create = async (expiresAt: string | null) => {
        const body = { name: 'To be looked at', scopes: ['audit:read', 'leads:read'], ...(expiresAt && { expiresAt }) };
        const { key, ...item } = (await caller.call('apiKeys.create', { body })).body.data;
        const { id, createdAt, workspaceId } = item;
        const rest = { hint: key.slice(-4), lastUsedAt: null, revokedAt: null, id, createdAt, workspaceId };
        demandEqual(item, { ...body, ...rest, expiresAt }, 'the new key');
        demandEqual(await listed(id), item, 'the new key in the list');
        return item;
      };
      for (const [body, seconds, expiresAt] of [
        [{}, 86_400, null],
        [{ overlapSeconds: 3_600 }, 3_600, null],
        [{ overlapSeconds: 3_600 }, 3_600, at(7_200)],
        [{ overlapSeconds: 7_200 }, 3_600, at(3_600)],
      ] as const) {
        const old = await create(expiresAt);
        const params = { keyId: old.id as string };
        const { key, ...next } = (await caller.call('apiKeys.rotate', { params, body })).body.data;
        demandEqual(await listed(next.id), next, 'the key that is new');
        const { name, scopes, workspaceId } = old;
        const { id, createdAt } = next;
        const rest = { hint: key.slice(-4), lastUsedAt: null, revokedAt: null, expiresAt, id, createdAt };
        demandEqual(next, { name, scopes, workspaceId, ...rest }, 'the answer of the rotation');
        demand(id !== old.id, 'the id is that of the old key');
        const { expiresAt: end, ...left } = (await listed(old.id)) ?? {};
        demandEqual({ ...left, expiresAt }, old, 'the old key, but for its end');
        const late = Math.abs(Date.parse(String(end)) - Date.parse(createdAt) - seconds * 1000);
        // The clock was looked at before.
        demand(
          expiresAt === at(3_600) ? end === expiresAt : late < CLOCK_MS,
          `rotated with ${JSON.stringify(body)}, it ends at ${String(end)}`,
        );
        const revoked = await caller.call('apiKeys.revoke', { params });
        const { revokedAt } = revoked.body.data;
        demand(revokedAt >= createdAt, `revokedAt is ${revokedAt}`);
        demandEqual(await listed(old.id), { ...left, expiresAt: end, revokedAt }, 'the old key once it is revoked');
        demandEqual((await caller.call('apiKeys.revoke', { params })).body, revoked.body, 'the answer to revoking it again');
        const refused = await caller.call('apiKeys.rotate', { params, body: {} });
        demandEqual([refused.status, refused.body.details], [409, { keyId: old.id }], 'the answer to rotating it once more');
        await caller.call('apiKeys.revoke', { params: { keyId: id } });
      }
    },
  },
  {
    name: 'a key says when it was last used, to within a minute, and one that never was does not',
    async run({ caller }) {
      const [used, unused] = [await caller.apiKey(['leads:read']), await caller.apiKey(['leads:read'])];
      await isTaken(caller, used.key);
      const since = Date.parse((await caller.lead()).createdAt);
      const lastUse = async (id: string) => {
        const { apiKeys } = (await caller.call('apiKeys.list', { query: { limit: 100 } })).body.data;
        return apiKeys.find((each: { id: string }) => each.id === id)?.lastUsedAt ?? null;
      };
      const deadline = performance.now() + USE_SEEN_MS;
      let at: string | null;
      while ((at = await lastUse(used.id)) === null && performance.now() < deadline) await wait(250);
      demand(at !== null && Math.abs(Date.parse(at) - since) <= 60_000, `lastUsedAt is ${at}`);
      demandEqual(await lastUse(unused.id), null, 'lastUsedAt of the other key');
    },
  },
];

/** How long it may take until the use of a key is seen. */
const USE_SEEN_MS = 75_000;

/** The longest that is waited for a key to end by itself. */
const END_MS_MAX = 16_000;

/** A key that ends soon: the sooner, the faster the server is. */
async function keyWithEnd(caller: Calls): Promise<ApiKey> {
  for (let milliseconds = 1_000; milliseconds <= END_MS_MAX; milliseconds *= 2) {
    const { createdAt } = await caller.lead();
    const expiresAt = new Date(Date.parse(createdAt) + milliseconds).toISOString();
    const { status, body } = await caller.call('apiKeys.create', { body: { name: 'With an end', scopes: ['leads:read'], expiresAt } });
    if (status === 201) return body.data;
  }
  throw new Mismatch(`no key can be made that ends within ${END_MS_MAX / 1000} s`);
}

async function demandEnded(caller: Calls, key: string, what: string, after = 0): Promise<void> {
  const deadline = performance.now() + after + AFTER_END_MS;
  for (;;) {
    const askedAt = performance.now();
    if (!(await isTaken(caller, key))) return;
    demand(askedAt < deadline, `${what} is still taken after ${AFTER_END_MS / 1000} s`);
    await wait(100);
  }
}
