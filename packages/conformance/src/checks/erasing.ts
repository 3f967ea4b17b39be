import { randomUUID } from 'node:crypto';
import { type Scope, SCOPES, TOKEN_LIFETIME_SECONDS } from '@leads/contract';
import type { Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';

const EVERY_SCOPE = Object.keys(SCOPES) as Scope[];
/** How long it may be from one request to the next. */
const DELAY_SECONDS = 60;

const erase = async (caller: Calls, person: object) => {
  const { planToken } = (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data;
  return (await caller.call('erasures.create', { body: { ...person, planToken, force: true } })).body.data.erasure;
};
/** How many leads an erasure would find. */
const found = async (caller: Calls, person: object): Promise<number> =>
  (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data?.found.leads ?? 0;

/** The ways in which all that is left of a lead goes. */
export const WAYS_TO_ERASE: readonly [string, (caller: Calls, leadId: string) => Promise<unknown>][] = [
  ['a deletion with erase', (caller, leadId) => caller.call('leads.delete', { params: { leadId }, query: 'erase=true' })],
  ['a bulk deletion with erase', (caller, leadId) => caller.call('leads.bulkDelete', { body: { ids: [leadId], erase: true } })],
  ['an erasure', (caller, leadId) => erase(caller, { leadId })],
];

const PLAIN: (typeof WAYS_TO_ERASE)[number] = ['a deletion', (caller, leadId) => caller.call('leads.delete', { params: { leadId } })];

const ANONYMIZING: typeof WAYS_TO_ERASE = [
  ['an anonymization', (caller, leadId) => caller.call('leads.anonymize', { params: { leadId } })],
  ['a bulk anonymization', (caller, leadId) => caller.call('leads.bulkAnonymize', { body: { ids: [leadId] } })],
];

/** Whoever is erased is gone, whatever came before, and stays away. */
export const erasingChecks: readonly Check[] = [
  ...[false, true].flatMap((isLate) =>
    WAYS_TO_ERASE.map(([way, remove]): Check => ({
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
  {
    name: 'erasing: an erasure takes a lead out of the outcomes of a job, and leaves the others in them, in their order',
    async run({ caller }) {
      const source = newSource();
      for (let n = 0; n < 3; n++) await caller.lead({ source, email: newEmail() });
      const { id: jobId } = await caller.job('leads.bulkArchive', { source });
      const outcomes = async (): Promise<{ leadId: string }[]> =>
        (await caller.call('jobs.listOutcomes', { params: { jobId } })).body.data.outcomes;
      const before = await outcomes();
      const erased: string[] = [];
      for (const { leadId } of before.slice(1)) {
        await erase(caller, { leadId });
        erased.push(leadId);
        const after = await outcomes();
        demand(!erased.some((id) => JSON.stringify(after).includes(id)), 'a lead that was erased is still named');
        const others = (all: typeof before) => all.map((each, i) => (i > 0 && i <= erased.length ? null : each));
        demandEqual(others(after), others(before), 'the outcomes of the others');
      }
    },
  },
  ...[PLAIN, ...WAYS_TO_ERASE, ...ANONYMIZING].map(([way, remove]): Check => ({
    name: `erasing: after ${way} no answer that was kept for an Idempotency-Key holds the person, and each says that it was one`,
    async run({ caller }) {
      const body = { name: randomUUID(), email: newEmail() };
      const headers = () => ({ 'idempotency-key': randomUUID() });
      const create = { body, headers: headers() };
      const { id } = (await caller.call('leads.create', create)).body.data;
      const params = { leadId: id as string };
      const calls = [
        ['leads.create', create],
        ['leads.update', { params, body: { status: 'qualified' }, headers: headers() }],
        ['leads.archive', { params, headers: headers() }],
      ] as const;
      for (const [operation, call] of calls.slice(1))
        demand((await caller.call(operation, call)).text.includes(body.name), 'the answer does not hold the name');
      await remove(caller, id);
      for (const [operation, call] of calls) {
        const { status, text, body: answer } = await caller.call(operation, call);
        demand(!text.includes(body.name), `the answer of ${operation} that was kept holds the name`);
        demandEqual([status, answer.code], [409, 'IDEMPOTENCY_ANSWER_ERASED'], `the answer to ${operation} once more`);
      }
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
      const sent = { [field]: field === 'email' ? newEmail() : newPhone() };
      await caller.lead({ email: newEmail(), ...sent });
      const other = await caller.lead({ email: newEmail() });
      await erase(caller, sent);
      // As somebody else writes it.
      const person = { [field]: field === 'email' ? sent[field]!.toUpperCase() : sent[field]!.replace('+', '00').replaceAll(' ', '-') };
      const fields = { email: newEmail(), ...person };
      const created = (await caller.call('leads.create', { body: { name: 'Ann', ...fields } })).body;
      const updated = (await caller.call('leads.update', { params: { leadId: other.id }, body: person })).body;
      const imported = (await caller.call('leads.import', { body: JSON.stringify(newRecord(fields)) })).body.data.outcomes[0];
      demandEqual([created.code, updated.code, imported.code], Array(3).fill('SUPPRESSED'), 'a new lead, an update, an import');
    },
  })),
  {
    name: 'erasing: takes all that there is of a person, counts it ahead and afterwards, and keeps a receipt of it',
    async run({ caller }) {
      const [email, source] = [newEmail(), newSource()];
      const by = await caller.keyOf(EVERY_SCOPE);
      const { lead, campaign, params } = await caller.enrolledLead({ email, source, name: 'Zoe Miller' });
      await caller.call('activities.create', { params, body: { type: 'call', text: 'Asked' } });
      const { id: campaignId } = await caller.campaign({ status: 'paused' });
      await caller.call('campaigns.enrollLead', { params: { ...params, campaignId } });
      const backups: string[] = [];
      for (let n = 0; n < 2; n++) backups.push((await caller.call('backups.create', { params })).body.data.id);
      await caller.call('leads.update', { params, body: { status: 'qualified' }, headers: { 'idempotency-key': randomUUID() } });
      const job = await caller.job('leads.bulkArchive', { source });
      // One that is deleted, and one that has another address by now.
      const gone = { leadId: (await caller.lead({ email: email.toUpperCase() })).id as string };
      backups.push((await caller.call('leads.delete', { params: gone, query: 'backup=true' })).body.data.backupId);
      const former = { leadId: (await caller.lead({ email })).id as string };
      backups.push((await caller.call('backups.create', { params: former })).body.data.id);
      await caller.call('leads.update', { params: former, body: { email: newEmail() } });
      // And one who has nothing to do with it, but for the campaign.
      const bystander = { leadId: (await caller.lead({ email: `x${email}` })).id as string };
      await caller.call('campaigns.enrollLead', { params: { ...bystander, campaignId } });
      await caller.call('backups.create', { params: bystander });
      const beside = async () => [
        (await caller.call('leads.exportOne', { params: bystander })).body.data,
        (await caller.call('backups.list', { query: bystander })).body.data.backups,
      ];
      const before = await beside();
      const statuses = async () => {
        const found: number[] = [];
        for (const { leadId } of [params, former]) found.push((await caller.call('leads.get', { params: { leadId } })).status);
        for (const backupId of backups) found.push((await caller.call('backups.get', { params: { backupId } })).status);
        return found;
      };

      const plan = (await caller.call('erasures.create', { body: { email: email.toUpperCase(), dryRun: true } })).body.data;
      const counts = { leads: 1, activities: 2, campaigns: 2, backups: 4, storedAnswers: 1, jobOutcomes: 1 };
      demandEqual([plan.dryRun, plan.found, plan.blocked], [true, counts, 1], 'the plan');
      const seconds = (Date.parse(plan.planExpiresAt) - Date.parse(job.finishedAt)) / 1000;
      demand(seconds >= TOKEN_LIFETIME_SECONDS && seconds < TOKEN_LIFETIME_SECONDS + DELAY_SECONDS, `its token is valid for ${seconds} s`);
      const headers = { authorization: `Bearer ${by.key}` };
      const erasing = (more: object) =>
        caller.call('erasures.create', { body: { email: email.toUpperCase(), planToken: plan.planToken, ...more }, headers });
      const refused = await erasing({});
      const blocking = { leadId: lead.id, campaigns: [{ id: campaign.id, name: campaign.name }] };
      demandEqual([refused.status, refused.body.details], [409, blocking], 'the answer without force');
      demandEqual(await statuses(), Array(6).fill(200), 'what is there before');

      const done = await erasing({ force: true });
      const { erasure } = done.body.data;
      const { id, erasedAt, outside } = erasure;
      const rest = { keyId: by.id, requestId: done.headers['x-request-id'], suppressionLiftedAt: null };
      demandEqual(erasure, { id, erasedAt, outside, removed: counts, ...rest }, 'the erasure');
      demand(erasedAt >= job.finishedAt && outside.length > 0, `erasedAt is ${erasedAt}, and outside ${outside.length}`);
      demandEqual((await caller.call('erasures.get', { params: { erasureId: id } })).body.data, erasure, 'its receipt');
      demandEqual(await statuses(), [404, 200, 404, 404, 404, 404], 'what is there afterwards');
      demandEqual(await beside(), before, 'somebody else');
      const { outcomes } = (await caller.call('jobs.listOutcomes', { params: { jobId: job.id } })).body.data;
      demandEqual(outcomes, [{ leadId: 'erased', outcome: 'archived' }], 'the outcomes of its job');
      const receipt = (await caller.call('deletions.get', { params })).body.data;
      const { force, erase, removed, requestId, restoredAt } = receipt;
      demandEqual(
        [force, erase, removed, requestId, restoredAt],
        [true, true, { activities: 2, campaigns: 2, backups: 2 }, rest.requestId, null],
        'the receipt of the lead',
      );
      for (const deleted of [params, gone]) {
        const { data } = (await caller.call('deletions.get', { params: deleted })).body;
        demand(data.erasedAt !== null && data.erasedAt >= data.deletedAt, `erasedAt of a receipt is ${data.erasedAt}`);
      }

      const lifted = (await caller.call('erasures.liftSuppression', { params: { erasureId: id } })).body.data;
      demand(lifted.id === id && lifted.liftedAt >= erasedAt, `lifted: ${JSON.stringify(lifted)}`);
      const after = (await caller.call('erasures.get', { params: { erasureId: id } })).body.data;
      demandEqual(after, { ...erasure, suppressionLiftedAt: lifted.liftedAt }, 'the receipt once it is lifted');
      const again = await caller.call('erasures.liftSuppression', { params: { erasureId: id } });
      demandEqual([again.status, again.body.details?.erasureId], [404, id], 'lifting it again');
    },
  },
  {
    name: 'erasing: e-mail addresses are one in any case and encoding, for whoever is erased and whoever is kept away',
    async run({ caller }) {
      const one = `Zoe\u0308.${newEmail()}`;
      const notations = [one, one.normalize('NFC'), one.normalize('NFC').toUpperCase(), one.toLowerCase()];
      for (const email of notations) await caller.lead({ email });
      demandEqual(await Promise.all(notations.map((email) => found(caller, { email }))), [4, 4, 4, 4], 'leads by each');
      const { id: erasureId } = await erase(caller, { email: notations[2] });
      demandEqual(await found(caller, { email: one }), 0, 'leads afterwards');
      for (const email of notations) await demandKeptAway(caller, { email }, erasureId);
      demandEqual((await caller.call('leads.create', { body: { name: 'Ann', email: `x${one}` } })).status, 201, 'another address');
    },
  },
  {
    name: 'erasing: phone numbers are one by their digits in any notation, for whoever is erased and whoever is kept away',
    async run({ caller }) {
      const digits = newPhone().replace(/\D/g, '');
      const local = digits.slice(2);
      const notations = [`+${digits}`, `00${digits}`, `+49 (0) ${local}`, `+49-${local.slice(0, 3)}/${local.slice(3)}`, `(0049) ${local}`];
      const emails: string[] = [];
      for (const phone of notations) emails.push((await caller.lead({ email: newEmail(), phone })).email);
      const another = await caller.lead({ email: newEmail(), phone: `0${local}` });
      const n = notations.length;
      demandEqual(
        await Promise.all(notations.map((phone) => found(caller, { phone }))),
        notations.map(() => n),
        'leads by each',
      );
      const { id: erasureId, removed } = await erase(caller, { phone: notations[1] });
      demandEqual(
        [removed.leads, (await caller.call('leads.get', { params: { leadId: another.id } })).status],
        [n, 200],
        'those that went',
      );
      for (const phone of notations) await demandKeptAway(caller, { email: newEmail(), phone }, erasureId);
      for (const email of emails) await demandKeptAway(caller, { email }, erasureId);
      const other = { name: 'Ann', email: newEmail(), phone: `0${local}` };
      demandEqual((await caller.call('leads.create', { body: other })).status, 201, 'the number without its country');
    },
  },
  {
    name: 'erasing: by lead or address the number of a lead keeps nobody away',
    async run({ caller }) {
      for (const way of ['leadId', 'email'] as const) {
        const [email, phone] = [newEmail(), newPhone()];
        const { id } = await caller.lead({ email, phone });
        const erasure = await erase(caller, way === 'email' ? { email } : { leadId: id });
        await demandKeptAway(caller, { email, phone: newPhone() }, erasure.id);
        const { status } = await caller.call('leads.create', { body: { name: 'Ann', email: newEmail(), phone } });
        demandEqual(status, 201, `another lead with the number, after it was erased by ${way}`);
      }
    },
  },
  {
    name: 'erasing: a plan is good for its own person only, and only as long as that is as it was',
    async run({ caller }) {
      const [email, other] = [newEmail(), newEmail()];
      const { id } = await caller.lead({ email });
      const { planToken } = (await caller.call('erasures.create', { body: { email, dryRun: true } })).body.data;
      for (const person of [{ email: other }, { leadId: id }, { phone: newPhone() }]) {
        const { status, body } = await caller.call('erasures.create', { body: { ...person, planToken } });
        demandEqual([status, body.details], [400, { reason: 'other_plan' }], `the answer for ${JSON.stringify(person)}`);
      }
      await caller.lead({ email: email.toUpperCase() });
      const { status, body } = await caller.call('erasures.create', { body: { email, planToken } });
      demandEqual([status, body.code, body.details], [409, 'PLAN_DRIFTED', { planned: 1, found: 2 }], 'the answer once there is another');
      demandEqual((await caller.call('leads.get', { params: { leadId: id } })).status, 200, 'the status of the lead');
    },
  },
  {
    name: 'erasing: whoever is erased in one workspace is not looked for in another, and comes into it as before',
    needsOther: true,
    async run({ caller, other }) {
      const [email, phone] = [newEmail(), newPhone()];
      const { id } = await other!.lead({ email, phone });
      demandEqual([await found(caller, { email }), await found(caller, { phone })], [0, 0], 'leads of the other workspace');
      await erase(caller, { email });
      await erase(caller, { phone });
      demandEqual((await other!.call('leads.get', { params: { leadId: id } })).status, 200, 'the status of the lead there');
      const { status } = await other!.call('leads.create', { body: { name: 'Ann', email, phone } });
      demandEqual(status, 201, 'a new lead there');
    },
  },
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

/** Whoever has these fields becomes no lead, and the erasure that keeps the person away is named. */
async function demandKeptAway(caller: Calls, fields: object, erasureId: string): Promise<void> {
  const { status, body } = await caller.call('leads.create', { body: { name: 'Ann', ...fields } });
  demandEqual([status, body.code, body.details], [409, 'SUPPRESSED', { erasureId }], `the answer for ${JSON.stringify(fields)}`);
}

function newPhone(): string {
  return `+49 170 ${String(Math.random()).slice(2, 12)}`;
}
