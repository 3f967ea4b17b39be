import { randomUUID } from 'node:crypto';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord } from '../valid-calls.ts';

const erase = async (caller: Calls, person: object) => {
  const { planToken } = (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data;
  return (await caller.call('erasures.create', { body: { ...person, planToken, force: true } })).body.data.erasure;
};
/** How many leads an erasure would find. */
const found = async (caller: Calls, person: object): Promise<number> =>
  (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data?.found.leads ?? 0;

/** The ways in which all that is left of a lead goes. */
const WAYS: readonly [string, (caller: Calls, leadId: string) => Promise<unknown>][] = [
  ['a deletion with erase', (caller, leadId) => caller.call('leads.delete', { params: { leadId }, query: 'erase=true' })],
  ['a bulk deletion with erase', (caller, leadId) => caller.call('leads.bulkDelete', { body: { ids: [leadId], erase: true } })],
  ['an erasure', (caller, leadId) => erase(caller, { leadId })],
];

const ANONYMIZING: typeof WAYS = [
  ['an anonymization', (caller, leadId) => caller.call('leads.anonymize', { params: { leadId } })],
  ['a bulk anonymization', (caller, leadId) => caller.call('leads.bulkAnonymize', { body: { ids: [leadId] } })],
];

/** Whoever is erased is gone, whatever came before, and stays away. */
export const erasingChecks: readonly Check[] = [
  ...[false, true].flatMap((isLate) =>
    WAYS.map(([way, remove]): Check => ({
      name: `erasing: ${way}${isLate ? ' of a lead that is deleted already' : ''} takes backups, and the id is given to nobody again`,
      async run({ caller }) {
        const { id } = await caller.lead({ email: newEmail() });
        const params = { leadId: id as string };
        const backupId = (await caller.call('backups.create', { params })).body.data.id;
        if (isLate) await caller.call('leads.delete', { params });
        await remove(caller, id);
        demandEqual((await caller.call('backups.get', { params: { backupId } })).status, 404, 'the backup');
        const { outcomes } = (await caller.call('leads.import', { body: JSON.stringify(newRecord({ id })) })).body.data;
        demandEqual([outcomes[0].outcome, outcomes[0].code], ['failed', 'LEAD_ERASED'], 'an import of its id');
      },
    })),
  ),
  ...[...WAYS, ...ANONYMIZING].map(([way, remove]): Check => ({
    name: `erasing: after ${way} no answer that was kept for an Idempotency-Key holds the person`,
    async run({ caller }) {
      const marker = randomUUID();
      const { id } = await caller.lead({ name: marker, email: newEmail() });
      const call = { params: { leadId: id as string }, headers: { 'idempotency-key': randomUUID() } };
      demand((await caller.call('leads.archive', call)).text.includes(marker), 'the answer does not hold the name');
      await remove(caller, id);
      demand(!(await caller.call('leads.archive', call)).text.includes(marker), 'the answer that was kept holds the name');
    },
  })),
  ...(['email', 'phone'] as const).map((field): Check => ({
    name: `erasing: finds a lead by its ${field}, and no more by one that it had`,
    async run({ caller }) {
      const values = field === 'email' ? [newEmail(), newEmail()] : [newPhone(), newPhone()];
      const { id } = await caller.lead({ email: newEmail(), [field]: values[0] });
      const counts = async () => [await found(caller, { [field]: values[0] }), await found(caller, { [field]: values[1] })];
      demandEqual(await counts(), [1, 0], 'leads by the first and by the second');
      await caller.call('leads.update', { params: { leadId: id }, body: { [field]: values[1] } });
      demandEqual(await counts(), [0, 1], 'after the change');
      if (field === 'email') return;
      await caller.call('leads.update', { params: { leadId: id }, body: { [field]: null } });
      demandEqual(await counts(), [0, 0], 'after it was cleared');
    },
  })),
  ...(['email', 'phone'] as const).map((field): Check => ({
    name: `erasing: who was erased by ${field} comes back with it neither as a new lead, nor by an update or an import`,
    async run({ caller }) {
      const person = { [field]: field === 'email' ? newEmail() : newPhone() };
      await caller.lead({ email: newEmail(), ...person });
      const other = await caller.lead({ email: newEmail() });
      await erase(caller, person);
      const fields = { email: newEmail(), ...person };
      const created = (await caller.call('leads.create', { body: { name: 'Ann', ...fields } })).body;
      const updated = (await caller.call('leads.update', { params: { leadId: other.id }, body: person })).body;
      const imported = (await caller.call('leads.import', { body: JSON.stringify(newRecord(fields)) })).body.data.outcomes[0];
      demandEqual([created.code, updated.code, imported.code], Array(3).fill('SUPPRESSED'), 'a new lead, an update, an import');
    },
  })),
  {
    name: 'erasing: who was erased twice is kept away until both suppressions are lifted',
    async run({ caller }) {
      const email = newEmail();
      const erasures: string[] = [];
      const ids = [(await caller.lead({ email })).id, (await caller.lead({ email })).id];
      for (const leadId of ids) erasures.push((await erase(caller, { leadId })).id);
      const statuses: number[] = [];
      for (const erasureId of [undefined, ...erasures]) {
        if (erasureId) await caller.call('erasures.liftSuppression', { params: { erasureId } });
        statuses.push((await caller.call('leads.create', { body: { name: 'Ann', email } })).status);
      }
      demandEqual(statuses, [409, 409, 201], 'creating it: at first, after the first was lifted, after both were');
    },
  },
];

function newPhone(): string {
  return `+49 170 ${String(Math.random()).slice(2, 12)}`;
}
