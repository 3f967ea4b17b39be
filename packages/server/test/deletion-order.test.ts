import type { Answer } from '@leads/conformance';
import { describe, expect, inject, it } from 'vitest';
import { newId } from '../src/ids.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, Clock, useCaller, useServer } from './support/server.ts';

/** How often the race is run; a campaign sets more. */
const ROUNDS = Number(process.env['LEADS_RACE_ROUNDS'] ?? 40);
const AT_ONCE = 4;

onEachDatabase('two servers whose clocks differ', (database) => {
  const fast = new Clock();
  fast.advance(300);
  const slowServer = useServer(database);
  const fastServer = useServer(database, { now: fast.now });
  const slow = useCaller(slowServer);

  it('tell of a lead what was done last, not what was done by the fast clock', async () => {
    const ahead = slow.at(fastServer);
    const { id: leadId } = await slow.lead({ email: 'order@example.com' });
    const params = { leadId };
    const receipt = async () => (await slow.call('deletions.get', { params })).body.data;

    const first = await ahead.call('leads.delete', { params, query: { backup: 'true' } });
    const { backupId } = first.body.data;
    expect(await receipt()).toMatchObject({ deletedAt: first.body.data.deletedAt, restoredAt: null });

    await slow.call('backups.restore', { params: { backupId } });
    expect((await receipt()).restoredAt).not.toBeNull();
    await slow.call('leads.delete', { params });
    expect((await receipt()).restoredAt).toBeNull();

    await ahead.call('backups.restore', { params: { backupId } });
    const headers = { 'idempotency-key': newId('req') };
    const last = await slow.call('leads.delete', { params, headers });
    expect(await receipt()).toMatchObject({ deletedAt: last.body.data.deletedAt, restoredAt: null });
    expect((await slow.call('leads.delete', { params, headers })).body).toEqual(last.body);

    const { entries } = (await slow.call('auditLog.list', { query: { leadId } })).body.data;
    expect(entries.map(({ action }: { action: string }) => action)).toEqual([
      'lead.deleted',
      'backup.restored',
      'lead.deleted',
      'backup.restored',
      'lead.deleted',
    ]);
  });
});

const postgresql = inject('databases').find(({ name }) => name === 'postgresql');
if (!postgresql) console.warn('The race is skipped: it needs PostgreSQL, because the embedded database runs one transaction at a time.');

describe.skipIf(!postgresql)('deletes and imports of one lead at once, on two servers', () => {
  const servers = postgresql ? [useServer(postgresql), useServer(postgresql)] : [];

  it(`leave a receipt and an audit log that agree with the lead, ${ROUNDS} times`, async () => {
    const caller = await servers[0]!.workspace();
    const other = caller.at(servers[1]!);
    let left = ROUNDS;
    const runner = async () => {
      while (left-- > 0) await round(caller, other);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runner));
  });
});

async function round(caller: Caller, other: Caller): Promise<void> {
  const { id: leadId } = await caller.lead({ email: `${newId('lead')}@example.com` });
  const params = { leadId };
  const body = JSON.stringify((await caller.call('leads.exportOne', { params })).body.data);
  const erase = { params, query: { erase: 'true' } };
  const answers: Answer[] = await Promise.all([
    caller.call('leads.delete', { params }),
    other.call('leads.import', { body }),
    other.call('leads.delete', { params }),
    caller.call('leads.import', { body }),
    other.call('leads.delete', erase),
  ]);
  const isThere = (await caller.call('leads.get', { params })).status === 200;
  const receipt = (await other.call('deletions.get', { params })).body.data;
  expect(receipt.restoredAt !== null, JSON.stringify(answers.map((answer) => answer.body))).toBe(isThere);
  const { entries } = (await caller.call('auditLog.list', { query: { leadId } })).body.data;
  const [exported, ...actions] = entries.map(({ action }: { action: string }) => action).toReversed();
  expect(exported).toBe('leads.exported');
  expect(actions).toEqual(actions.map((_: string, i: number) => (i % 2 === 0 ? 'lead.deleted' : 'leads.imported')));
}
