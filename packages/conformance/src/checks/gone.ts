import { bodyOf, IMPLEMENTED_OPERATIONS, type OperationId } from '@leads/contract';
import type { Call, Calls } from '../calls.ts';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import { demandEqual } from '../mismatch.ts';
import { newEmail, newSource, VALID_CALLS, waitsForJob } from '../valid-calls.ts';

type Params = Readonly<Record<string, string>>;

/** How what a parameter of a path names is taken away. */
const REMOVALS: Readonly<Record<string, (caller: Calls, params: Params) => Promise<unknown>>> = {
  leadId: (caller, params) => caller.call('leads.delete', { params, query: 'force=true&reason=Gone' }),
  activityId: (caller, params) => caller.call('activities.delete', { params }),
  campaignId: async (caller, params) => {
    await caller.call('campaigns.update', { params, body: { status: 'completed' } });
    await caller.call('campaigns.delete', { params });
  },
  backupId: (caller, params) => caller.call('backups.delete', { params }),
};

/** Only what was deleted has a receipt of that. */
const OF_DELETED: OperationId = 'deletions.get';

/** What is done to a lead that a bystander must not notice, one after the other; in the end it is erased. */
export const DEEDS: readonly [string, (caller: Calls, params: Params, source: string) => Promise<unknown>][] = [
  ['an update', (caller, params) => caller.call('leads.update', { params, body: { name: 'Eve', metadata: { a: null } } })],
  ['an archive', (caller, params) => caller.call('leads.archive', { params })],
  ['an unarchive', (caller, params) => caller.call('leads.unarchive', { params })],
  ['an activity', (caller, params) => caller.call('activities.create', { params, body: { type: 'note', text: 'Met' } })],
  ['a removal from a campaign', (caller, params) => caller.call('campaigns.removeLead', { params })],
  ['an enrollment', (caller, params) => caller.call('campaigns.enrollLead', { params })],
  [
    'a removal from a campaign among others',
    (caller, params) => caller.call('campaigns.remove', { params, body: { leadIds: [params['leadId']] } }),
  ],
  ['an anonymization', (caller, params) => caller.call('leads.anonymize', { params })],
  ['a bulk anonymization', (caller, params) => caller.call('leads.bulkAnonymize', { body: { ids: [params['leadId']] } })],
  ['a job that archives by status', (caller, _, source) => caller.job('leads.bulkArchive', { source, status: 'qualified' })],
  ['a job that anonymizes what is archived', (caller, _, source) => caller.job('leads.bulkAnonymize', { source, archived: true })],
  ['a deletion', (caller, params) => caller.call('leads.delete', { params, query: 'force=true&backup=true' })],
  ['a restoring', (caller, params) => restoreLast(caller, params)],
  ['a bulk deletion with backup', (caller, params) => bulkDelete(caller, params, { backup: true })],
  ['another restoring', (caller, params) => restoreLast(caller, params)],
  ['a bulk deletion with erase', (caller, params) => bulkDelete(caller, params, { erase: true })],
];

/** What is gone is as if it had never been, for every operation; and whoever stands beside it stays as he is. */
export const goneChecks: readonly Check[] = [
  ...IMPLEMENTED_OPERATIONS.filter(({ id }) => id !== OF_DELETED && !waitsForJob(id as OperationId)).flatMap(({ id, route }) =>
    [...route.path.matchAll(/:(\w+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => name in REMOVALS)
      .map((name): Check => ({
        name: `gone: ${id} answers for a ${name.replace('Id', '')} that was deleted as for one that never was`,
        async run({ caller }) {
          const operation = id as OperationId;
          const call = await VALID_CALLS[operation](caller);
          const gone = call.params?.[name] ?? '';
          await REMOVALS[name]!(caller, { ...call.params });
          const answer = async (value: string) => {
            const { status, text } = await caller.call(operation, { ...call, params: { ...call.params, [name]: value } });
            return [status, text.replaceAll(value, 'unknown')];
          };
          demandEqual(await answer(gone), await answer('unknown'), 'the answer');
        },
      })),
  ),
  ...IMPLEMENTED_OPERATIONS.filter(({ route, metadata }) => !metadata.bodyMediaType && arraysOf(bodyOf(route)).length > 0).map(
    ({ id, route }): Check => ({
      name: `gone: ${id} does with what was deleted as with what never was`,
      async run({ caller }) {
        const operation = id as OperationId;
        const [name = ''] = arraysOf(bodyOf(route));
        const call = await VALID_CALLS[operation](caller);
        const [gone = ''] = (call.body as Record<string, string[]>)[name]!;
        await REMOVALS[name.replace(/^ids$/, 'leadIds').replace(/s$/, '')]!(caller, { ...call.params, ...paramsOf(name, gone) });
        const { status, text } = await caller.call(operation, { ...call, body: { [name]: [gone] } } satisfies Call);
        const unknown = await caller.call(operation, { ...call, body: { [name]: ['unknown'] } });
        demandEqual([status, text.replaceAll(gone, 'unknown')], [unknown.status, unknown.text], 'the answer');
      },
    }),
  ),
  {
    name: 'gone: a lead that is there has no receipt of a deletion',
    async run({ caller }) {
      const { id } = await caller.lead();
      const { status, body } = await caller.call('deletions.get', { params: { leadId: id } });
      demandEqual([status, body.code, body.details?.leadId], [404, 'DELETION_NOT_FOUND', id], 'the answer');
    },
  },
  {
    name: 'gone: whatever is done to one lead, one beside it in source and campaign stays as it is, with all that hangs on it',
    async run({ caller }) {
      const source = newSource();
      const { campaign, params: bystander } = await caller.enrolledLead({ source, email: newEmail(), metadata: { a: 1 } });
      await caller.call('backups.create', { params: bystander });
      const { id } = await caller.lead({ source, email: newEmail(), status: 'qualified', metadata: { a: 2 } });
      const params = { leadId: id as string, campaignId: campaign.id as string };
      await caller.call('campaigns.enrollLead', { params });
      await caller.call('backups.create', { params });
      const stateOf = async () => {
        const [record, { headers }] = [
          await caller.call('leads.exportOne', { params: bystander }),
          await caller.call('leads.get', { params: bystander }),
        ];
        const { backups } = (await caller.call('backups.list', { query: { leadId: bystander.leadId } })).body.data;
        const { enrollments } = (await caller.call('campaigns.listLeads', { params })).body.data;
        const own = enrollments.filter(({ leadId }: { leadId: string }) => leadId === bystander.leadId);
        return [record.body.data, headers.etag, backups, own, (await caller.call('campaigns.get', { params })).body.data];
      };
      const before = await stateOf();
      for (const [what, act] of DEEDS) {
        await act(caller, params, source);
        demandEqual(await stateOf(), before, `the bystander after ${what}`);
      }
      demandEqual((await caller.call('leads.get', { params })).status, 404, 'the status of the lead in the end');
    },
  },
];

function arraysOf(schema: ReturnType<typeof bodyOf>): string[] {
  return fieldsOf(schema)
    .filter(({ name, bounds }) => bounds.type === 'array' && /ids$/i.test(name))
    .map(({ name }) => name);
}

function paramsOf(name: string, id: string): Params {
  return name === 'backupIds' ? { backupId: id } : { leadId: id };
}

function bulkDelete(caller: Calls, { leadId }: Params, options: object) {
  return caller.call('leads.bulkDelete', { body: { ids: [leadId], force: true, ...options } });
}

async function restoreLast(caller: Calls, params: Params): Promise<void> {
  const { backupId } = (await caller.call('deletions.get', { params })).body.data;
  await caller.call('backups.restore', { params: { backupId } });
}
