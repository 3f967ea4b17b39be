import { type ApiKey, type Scope, SCOPES } from '@leads/contract';
import fc from 'fast-check';
import { demand, demandEqual } from '../mismatch.ts';
import { readPage } from '../walk.ts';
import { type ChangingOf, type Commands, number, step } from './command.ts';
import { type KnownKey, pick, type World } from './world.ts';

/** How far apart two moments of one request may be. */
const CLOCK_MS = 30_000;

/** Commands of the operations on API keys. */
export const KEY_COMMANDS: Commands<ChangingOf<'apiKeys'>> = {
  'apiKeys.create': step(
    'apiKeys.create',
    fc.tuple(fc.subarray(Object.keys(SCOPES) as Scope[], { minLength: 1 })),
    async (world, scopes) => {
      const made = await world.done('apiKeys.create', { body: { name: 'Another', scopes } });
      demandEqual([made.name, made.scopes, made.expiresAt, made.revokedAt], ['Another', scopes, null, null], 'the new key');
      await addKey(world, made);
    },
  ),
  'apiKeys.rotate': step('apiKeys.rotate', fc.tuple(number, fc.constantFrom(0, 3600)), async (world, which, overlapSeconds) => {
    const old = pick([...world.keys.values()], which);
    if (!old) return;
    const { id: keyId, name, scopes, expiresAt } = old.item;
    const { status, body } = await world.call('apiKeys.rotate', { params: { keyId }, body: { overlapSeconds } });
    if (old.hasEnded) return demandEqual([status, body.code], [409, 'API_KEY_NOT_ACTIVE'], 'rotating a key that has ended');
    const { data } = body;
    demandEqual([data.name, data.scopes, data.expiresAt], [name, scopes, expiresAt], 'name, scopes and expiry');
    demand(data.id !== keyId, 'the same id');
    const end = await endOfRotated(world, old, data.createdAt, overlapSeconds);
    world.keys.set(keyId, { item: { ...old.item, expiresAt: end }, hasEnded: overlapSeconds === 0 });
    await addKey(world, data);
  }),
  'apiKeys.revoke': step('apiKeys.revoke', fc.tuple(number), async (world, which) => {
    const old = pick([...world.keys.values()], which);
    if (!old) return;
    const { id, revokedAt } = await world.done('apiKeys.revoke', { params: { keyId: old.item.id } });
    demandEqual([id, revokedAt], [old.item.id, old.item.revokedAt ?? revokedAt], 'id and revokedAt');
    world.keys.set(id, { item: { ...old.item, revokedAt }, hasEnded: true });
  }),
};

/** A new key is known from now on, after it was tried. */
export async function addKey(world: World, { key, lastUsedAt: _, ...item }: ApiKey & { readonly key: string }): Promise<void> {
  demandEqual(item.hint, key.slice(-4), 'the hint');
  const { status } = await world.caller.call('leads.list', { query: { limit: 1 }, headers: { authorization: `Bearer ${key}` } });
  demandEqual(status, item.scopes.includes('leads:read') ? 200 : 403, 'what the new key may do');
  world.keys.set(item.id, { item, hasEnded: false });
}

/** When a key ends that was rotated: after the overlap, as near as two looks at a clock are. */
async function endOfRotated(
  world: World,
  { item: { id, expiresAt } }: KnownKey,
  rotatedAt: string,
  overlapSeconds: number,
): Promise<string> {
  const { items } = await readPage(world.caller, 'apiKeys.list', { query: { limit: 100 } });
  const end = String(items.find((item) => item['id'] === id)?.['expiresAt']);
  const expected = Math.min(Date.parse(rotatedAt) + overlapSeconds * 1000, expiresAt === null ? Infinity : Date.parse(expiresAt));
  demand(Math.abs(Date.parse(end) - expected) < CLOCK_MS, `a key that was rotated at ${rotatedAt} for ${overlapSeconds} s ends at ${end}`);
  return end;
}
