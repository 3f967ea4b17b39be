import { randomUUID } from 'node:crypto';
import { TOKEN_LIFETIME_SECONDS } from '@leads/contract';
import type { Check } from '../check.ts';
import type { Calls } from '../calls.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';

const statusOf = async (caller: Calls, leadId: string) => (await caller.call('leads.get', { params: { leadId } })).status;

/** How long it may be from one request to the next. */
const DELAY_SECONDS = 60;

/** What one has seen in a preview, and how it becomes another thing. */
const CONFIRMED: readonly [string, (caller: Calls, params: { leadId: string; campaignId: string }) => Promise<unknown>][] = [
  ['another name', (caller, params) => caller.call('leads.update', { params, body: { name: 'Another' } })],
  ['other metadata', (caller, params) => caller.call('leads.update', { params, body: { metadata: { a: 1 } } })],
  ['an archive', (caller, params) => caller.call('leads.archive', { params })],
  ['an activity more', (caller, params) => caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } })],
  ['a campaign that becomes active', (caller, params) => caller.call('campaigns.update', { params, body: { status: 'active' } })],
  ['a campaign less', (caller, params) => caller.call('campaigns.removeLead', { params })],
  [
    'another activity in place of one',
    async (caller, params) => {
      const [{ id: activityId }] = (await caller.call('activities.list', { params })).body.data.activities;
      await caller.call('activities.delete', { params: { ...params, activityId } });
      await caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } });
    },
  ],
  [
    'another campaign in place of one',
    async (caller, params) => {
      await caller.call('campaigns.removeLead', { params });
      const { id: campaignId } = await caller.campaign({ status: 'paused' });
      await caller.call('campaigns.enrollLead', { params: { ...params, campaignId } });
    },
  ],
];

/** What is promised of deleting. */
export const deletionChecks: readonly Check[] = [
  {
    name: 'delete: the answer has exactly what is published',
    async run({ caller }) {
      const { id } = await caller.lead();
      const { status, body } = await caller.call('leads.delete', { params: { leadId: id } });
      const expected = { success: true, message: body.message, data: { id, deletedAt: body.data?.deletedAt } };
      demandEqual([status, body], [200, expected], 'the answer');
    },
  },
  {
    name: 'delete: the lead is gone from read, list and activities',
    async run({ caller }) {
      const source = newSource();
      const params = { leadId: (await caller.lead({ source })).id };
      await caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } });
      await caller.call('leads.delete', { params });
      demandEqual(await statusOf(caller, params.leadId), 404, 'reading it');
      demandEqual((await caller.call('leads.list', { query: { source } })).body.data.leads, [], 'listing it');
      demandEqual((await caller.call('activities.list', { params })).status, 404, 'its activities');
    },
  },
  {
    name: 'delete: a second one answers as for a lead that never was',
    async run({ caller }) {
      const params = { leadId: (await caller.lead()).id };
      await caller.call('leads.delete', { params });
      const again = await caller.call('leads.delete', { params });
      const never = await caller.call('leads.delete', { params: { leadId: 'lead_never' } });
      demandEqual([again.status, again.text.replace(params.leadId, 'lead_never')], [404, never.text], 'the second answer');
    },
  },
  {
    name: 'delete: a lead in an active campaign stays, unless it is forced',
    async run({ caller }) {
      const { lead, campaign, params } = await caller.enrolledLead();
      const refused = await caller.call('leads.delete', { params });
      demandEqual([refused.status, refused.body.code], [409, 'LEAD_IN_USE'], 'the answer');
      demand(JSON.stringify(refused.body.details).includes(campaign.id), 'the campaign is not named');
      demandEqual(await statusOf(caller, lead.id), 200, 'the lead');
      demandEqual((await caller.call('leads.delete', { params, query: 'force=true' })).status, 200, 'by force');
    },
  },
  {
    name: 'delete: with If-Match of an older version the lead stays',
    async run({ caller }) {
      const params = { leadId: (await caller.lead()).id };
      const { etag } = (await caller.call('leads.get', { params })).headers;
      await caller.call('leads.update', { params, body: { name: 'Eve' } });
      const { status } = await caller.call('leads.delete', { params, headers: { 'if-match': etag! } });
      demandEqual([status, await statusOf(caller, params.leadId)], [412, 200], 'the answer and the lead');
    },
  },
  {
    name: 'delete: with a confirmation token that an activity made stale the lead stays',
    async run({ caller }) {
      const params = { leadId: (await caller.lead()).id };
      const preview = async () => (await caller.call('leads.deletionPreview', { params })).body.data.confirmationToken as string;
      const stale = await preview();
      await caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } });
      const refused = await caller.call('leads.delete', { params, headers: { 'x-confirmation-token': stale } });
      demandEqual([refused.status, await statusOf(caller, params.leadId)], [409, 200], 'the answer and the lead');
      const { status } = await caller.call('leads.delete', { params, headers: { 'x-confirmation-token': await preview() } });
      demandEqual(status, 200, 'with a fresh token');
    },
  },
  {
    name: 'delete: a token is good for its own lead only',
    async run({ caller }) {
      const [one, two] = [await caller.lead(), await caller.lead()];
      const { confirmationToken } = (await caller.call('leads.deletionPreview', { params: { leadId: one.id } })).body.data;
      const remove = (leadId: string, token: string) =>
        caller.call('leads.delete', { params: { leadId }, headers: { 'x-confirmation-token': token } });
      const { status, body } = await remove(two.id, confirmationToken);
      demandEqual([status, body.details, await statusOf(caller, two.id)], [400, { reason: 'other_lead' }, 200], 'the answer and the lead');
      const forged = await remove(one.id, forgedOf(confirmationToken));
      demandEqual(
        [forged.status, forged.body.code, await statusOf(caller, one.id)],
        [400, 'CONFIRMATION_TOKEN_INVALID', 200],
        'the answer to a token that was changed, and the lead',
      );
    },
  },
  {
    name: 'delete: a backup brings back the same lead with what hung on it',
    async run({ caller }) {
      const { lead, activity, params } = await caller.enrolledLead({ email: newEmail(), metadata: { company: 'Acme' } });
      const { backupId } = (await caller.call('leads.delete', { params, query: 'force=true&backup=true' })).body.data;
      demand(backupId, 'no backup is named');
      demandEqual(
        (await caller.call('backups.restore', { params: { backupId }, query: { allowDuplicateEmail: 'true' } })).status,
        201,
        'restoring it',
      );
      demandEqual((await caller.call('leads.get', { params })).body.data, lead, 'the lead');
      demandEqual((await caller.call('activities.list', { params })).body.data.activities, [activity], 'its activities');
    },
  },
  {
    name: 'delete: a backup brings back a lead without the campaigns that are gone, and says which',
    async run({ caller }) {
      const { params, campaign } = await caller.enrolledLead({ email: newEmail() });
      const { backupId } = (await caller.call('leads.delete', { params, query: { backup: 'true', force: 'true' } })).body.data;
      await caller.call('campaigns.update', { params, body: { status: 'completed' } });
      await caller.call('campaigns.delete', { params });
      const { restored, missingCampaigns } = (await caller.call('backups.restore', { params: { backupId } })).body.data;
      demandEqual([restored, missingCampaigns], [{ activities: 1, campaigns: 0 }, [campaign.id]], 'what came back, and what is gone');
    },
  },
  {
    name: 'delete: repeated with its Idempotency-Key is a success, not a 404',
    async run({ caller }) {
      const call = { params: { leadId: (await caller.lead()).id }, headers: { 'idempotency-key': randomUUID() } };
      const first = await caller.call('leads.delete', call);
      const second = await caller.call('leads.delete', call);
      demandEqual([second.status, second.body], [200, first.body], 'the second answer');
      const third = await caller.call('leads.delete', { ...call, headers: { 'user-agent': 'another', ...call.headers } });
      demandEqual([third.status, third.body], [200, first.body], 'the answer to another program');
    },
  },
  {
    name: 'delete: each guard holds beside others, and one that refuses leaves the lead, and no backup',
    async run({ caller }) {
      const { lead, params } = await caller.enrolledLead({ email: newEmail() });
      const etag = async () => (await caller.call('leads.get', { params })).headers.etag!;
      const token = async () => (await caller.call('leads.deletionPreview', { params })).body.data.confirmationToken as string;
      const [oldTag, oldToken] = [await etag(), await token()];
      await caller.call('leads.update', { params, body: { name: 'Eve' } });
      const [newTag, newToken] = [await etag(), await token()];
      const { confirmationToken: foreign } = (await caller.call('leads.deletionPreview', { params: { leadId: (await caller.lead()).id } }))
        .body.data;
      const remove = (ifMatch: string, confirmation: string, query: string) =>
        caller.call('leads.delete', { params, query, headers: { 'if-match': ifMatch, 'x-confirmation-token': confirmation } });
      for (const [tag, confirmation, query, code] of [
        [oldTag, newToken, 'force=true&backup=true', 'PRECONDITION_FAILED'],
        [newTag, oldToken, 'force=true&backup=true', 'CONFIRMATION_STALE'],
        ['*', oldToken, 'force=true&backup=true', 'CONFIRMATION_STALE'],
        [newTag, foreign, 'force=true&backup=true', 'CONFIRMATION_TOKEN_INVALID'],
        [newTag, newToken, 'backup=true', 'LEAD_IN_USE'],
        [newTag, newToken, 'force=false&backup=true', 'LEAD_IN_USE'],
      ] as const) {
        const { body } = await remove(tag, confirmation, query);
        demandEqual([body.code, await statusOf(caller, params.leadId)], [code, 200], 'the answer and the lead');
      }
      demandEqual((await caller.call('backups.list', { query: { leadId: lead.id } })).body.data.backups, [], 'the backups');
      const { status, body } = await remove(newTag, newToken, 'force=true&backup=true');
      demandEqual([status, body.data?.id, typeof body.data?.backupId], [200, lead.id, 'string'], 'the answer where all guards hold');
    },
  },
  {
    name: 'delete: leaves a receipt and an entry in the audit log, with the reason',
    async run({ caller }) {
      const params = { leadId: (await caller.lead({ name: 'Zoe Miller' })).id };
      const { headers } = await caller.call('leads.delete', { params, query: { reason: 'Asked to be forgotten' } });
      const receipt = (await caller.call('deletions.get', { params })).body.data;
      demandEqual([receipt.reason, receipt.requestId], ['Asked to be forgotten', headers['x-request-id']], 'the receipt');
      const [entry] = (await caller.call('auditLog.list', { query: { leadId: params.leadId, action: 'lead.deleted' } })).body.data.entries;
      demandEqual([entry?.id, entry?.hash], [receipt.auditEntryId, receipt.auditHash], 'the entry');
    },
  },
  {
    name: 'preview: shows what would go, and changes nothing',
    async run({ caller }) {
      const { lead, campaign, params } = await caller.enrolledLead();
      const { id: campaignId } = await caller.campaign({ status: 'paused' });
      await caller.call('campaigns.enrollLead', { params: { ...params, campaignId } });
      await caller.call('backups.create', { params });
      const { data } = (await caller.call('leads.deletionPreview', { params })).body;
      demandEqual(
        [data.lead, data.attached, data.backups, data.deletable],
        [lead, { activities: 1, campaigns: 2 }, 1, false],
        'the preview',
      );
      demandEqual(
        data.blockers.map(({ id }: { id: string }) => id),
        [campaign.id],
        'the campaigns that stand in the way',
      );
      demandEqual(await statusOf(caller, lead.id), 200, 'the lead');
    },
  },
  {
    name: 'preview and dry run: their tokens are valid for 10 minutes',
    async run({ caller }) {
      const { source, id, createdAt } = await caller.lead({ source: newSource() });
      const preview = (await caller.call('leads.deletionPreview', { params: { leadId: id } })).body.data;
      const plan = (await caller.call('leads.bulkDelete', { body: { filter: { source }, dryRun: true } })).body.data;
      for (const expiresAt of [preview.confirmationExpiresAt, plan.planExpiresAt]) {
        const seconds = (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000;
        demand(seconds >= TOKEN_LIFETIME_SECONDS && seconds < TOKEN_LIFETIME_SECONDS + DELAY_SECONDS, `valid for ${seconds} s`);
      }
    },
  },
  {
    name: 'bulk by filter: a plan token is good for its own operation and filter only',
    async run({ caller, other }) {
      const filter = { source: newSource() };
      const { id } = await caller.lead(filter);
      const { planToken } = (await caller.call('leads.bulkArchive', { body: { filter, dryRun: true } })).body.data;
      const others = [
        await caller.call('leads.bulkDelete', { body: { filter, planToken } }),
        await caller.call('leads.bulkArchive', { body: { filter: { ...filter, status: 'new' }, planToken } }),
        ...(other ? [await other.call('leads.bulkArchive', { body: { filter, planToken } })] : []),
      ];
      demandEqual(
        others.map(({ status, body }) => [status, body.details?.reason]),
        others.map(() => [400, 'other_plan']),
        'the answers to another operation, another filter and another workspace',
      );
      const forged = await caller.call('leads.bulkArchive', { body: { filter, planToken: forgedOf(planToken) } });
      demandEqual([forged.status, forged.body.code], [400, 'PLAN_TOKEN_INVALID'], 'the answer to a token that was changed');
      const { status, metadata } = (await caller.call('leads.get', { params: { leadId: id } })).body.data;
      demandEqual([status, metadata], ['new', {}], 'the lead');
    },
  },
  {
    name: 'bulk by filter: a plan is refused once a lead of it was changed',
    async run({ caller }) {
      const filter = { source: newSource() };
      const [one, two] = [await caller.lead(filter), await caller.lead(filter)];
      const { planToken } = (await caller.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
      await caller.call('leads.update', { params: { leadId: one.id }, body: { name: 'Another' } });
      const { status, body } = await caller.call('leads.bulkDelete', { body: { filter, planToken } });
      demandEqual([status, body.details], [409, { planned: 2, found: 2 }], 'the answer');
      demandEqual([await statusOf(caller, one.id), await statusOf(caller, two.id)], [200, 200], 'the leads');
    },
  },
  {
    name: 'delete: the name, address and phone number of the lead do not stand in the audit log',
    async run({ caller }) {
      const person = { name: 'Zoe Quimby-Miller', email: 'zoe.quimby@example.com', phone: '+49 170 5551299' };
      const params = { leadId: (await caller.lead(person)).id };
      // As people write them, too.
      const others = ['ZOE QUIMBY-MILLER', '0170 555 12 99'];
      const reason = `${person.name} (${person.email}, ${person.phone}; ${others.join(', ')}) asked by letter`;
      await caller.call('leads.delete', { params, query: { reason } });
      const receipt = await caller.call('deletions.get', { params });
      const log = await caller.call('auditLog.list', { query: { leadId: params.leadId } });
      for (const part of [...Object.values(person), ...others]) demand(!(receipt.text + log.text).includes(part), `${part} stands there`);
      demand(receipt.body.data.reason.endsWith('asked by letter'), 'the rest of the reason is gone');
    },
  },
  ...CONFIRMED.map(([what, change]): Check => ({
    name: `delete: ${what} makes a confirmation stale`,
    async run({ caller }) {
      const { params } = await caller.enrolledLead();
      await caller.call('campaigns.update', { params, body: { status: 'paused' } });
      const { confirmationToken } = (await caller.call('leads.deletionPreview', { params })).body.data;
      await change(caller, params);
      const { status, body } = await caller.call('leads.delete', {
        params,
        query: 'force=true',
        headers: { 'x-confirmation-token': confirmationToken },
      });
      demandEqual([status, body.code, await statusOf(caller, params.leadId)], [409, 'CONFIRMATION_STALE', 200], 'the answer and the lead');
    },
  })),
  {
    name: 'bulk delete: a dry run says how many leads are in an active campaign, and in which',
    async run({ caller }) {
      const filter = { source: newSource() };
      const { campaign, params } = await caller.enrolledLead(filter);
      const plan = async () => (await caller.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
      const { blocked, blockers } = await plan();
      demandEqual([blocked, blockers], [1, [{ id: campaign.id, name: campaign.name }]], 'what stands in the way');
      const other = await caller.campaign();
      await caller.call('campaigns.enrollLead', { params: { ...params, campaignId: other.id } });
      const both = await plan();
      demandEqual([both.blocked, both.blockers.length], [1, 2], 'a lead in two campaigns');
    },
  },
  {
    name: 'bulk delete: an outcome for each id, in the order of the request',
    async run({ caller }) {
      const { lead: used } = await caller.enrolledLead();
      const [one, two] = [await caller.lead(), await caller.lead()];
      const { data } = (await caller.call('leads.bulkDelete', { body: { ids: [two.id, 'lead_never', used.id, one.id] } })).body;
      const outcomes = data.outcomes.map(({ leadId, outcome, code }: Record<string, string>) => [leadId, outcome, code ?? null]);
      const expected = [
        [two.id, 'deleted', null],
        ['lead_never', 'skipped', 'LEAD_NOT_FOUND'],
        [used.id, 'failed', 'LEAD_IN_USE'],
        [one.id, 'deleted', null],
      ];
      demandEqual(outcomes, expected, 'the outcomes');
      demandEqual(await Promise.all([one, two, used].map(({ id }) => statusOf(caller, id))), [404, 404, 200], 'the leads');
    },
  },
  ...(['leads.bulkDelete', 'leads.bulkArchive', 'leads.bulkAnonymize'] as const).map((operation): Check => ({
    name: `${operation}: atomic changes all or none`,
    async run({ caller }) {
      const leads = [await caller.lead(), await caller.lead()];
      const ids = leads.map(({ id }) => id as string);
      const read = async () =>
        (await Promise.all(ids.map((leadId) => caller.call('leads.get', { params: { leadId } })))).map(({ body }) => body.data);
      const refused = await caller.call(operation, { body: { ids: [...ids, 'lead_never'], atomic: true } });
      demandEqual([refused.status, await read()], [409, leads], 'the answer, and leads beside an unknown one');
      const { status } = await caller.call(operation, { body: { ids, atomic: true } });
      const changed = (await read()).map((lead, i) => JSON.stringify(lead) !== JSON.stringify(leads[i]));
      demandEqual([status, changed], [200, [true, true]], 'the answer, and whether each of two is changed');
    },
  })),
  {
    name: 'bulk anonymize: the keys of the metadata that are to stay do, by ids and by filter',
    async run({ caller }) {
      const metadata = { kept: 1, gone: 'Ann' };
      const [one, two] = [await caller.lead({ metadata }), await caller.lead({ metadata, source: newSource() })];
      await caller.call('leads.bulkAnonymize', { body: { ids: [one.id], keepMetadata: ['kept'] } });
      await caller.job('leads.bulkAnonymize', { source: two.source }, { keepMetadata: ['kept'] });
      for (const { id } of [one, two]) {
        const { data } = (await caller.call('leads.get', { params: { leadId: id } })).body;
        demandEqual(data.metadata, { kept: 1 }, 'the metadata');
      }
    },
  },
  {
    name: 'bulk by filter: a dry run shows the oldest leads first',
    async run({ caller }) {
      const source = newSource();
      const moments = ['2024-03-01', '2024-01-01', '2024-02-01'].map((day) => `${day}T12:00:00.000Z`);
      const lines = moments.map((at) => JSON.stringify(newRecord({ source, createdAt: at, updatedAt: at })));
      await caller.call('leads.import', { query: { allowDuplicateEmail: 'true' }, body: lines.join('\n') });
      for (const operation of ['leads.bulkDelete', 'leads.bulkArchive', 'leads.bulkAnonymize'] as const) {
        const { sample } = (await caller.call(operation, { body: { filter: { source }, dryRun: true } })).body.data;
        demandEqual(
          sample.map(({ createdAt }: { createdAt: string }) => createdAt),
          moments.toSorted(),
          `the sample of ${operation}`,
        );
      }
    },
  },
  {
    name: 'bulk delete by filter: a dry run deletes nothing, and the job exactly what it showed',
    async run({ caller }) {
      const filter = { source: newSource() };
      const leads = [await caller.lead(filter), await caller.lead(filter), await caller.lead(filter)];
      const bystander = await caller.lead();
      const { data } = (await caller.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body;
      demandEqual([data.count, await statusOf(caller, leads[0].id)], [3, 200], 'the dry run');
      const job = await caller.job('leads.bulkDelete', filter);
      demandEqual([job.status, job.total, job.succeeded, job.failed], ['completed', 3, 3, 0], 'the job');
      const statuses = await Promise.all([...leads, bystander].map(({ id }) => statusOf(caller, id)));
      demandEqual(statuses, [404, 404, 404, 200], 'the leads');
      const { outcomes } = (await caller.call('jobs.listOutcomes', { params: { jobId: job.id } })).body.data;
      const ids = outcomes.map(({ leadId }: { leadId: string }) => leadId).toSorted();
      demandEqual(ids, leads.map(({ id }) => id as string).toSorted(), 'the outcomes of the job');
    },
  },
];

/** A token with another letter in its middle, and one at its end. */
function forgedOf(token: string): string {
  const changed = (at: number, text: string) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  return changed(token.length - 10, changed(Math.floor(token.length / 2), token));
}
