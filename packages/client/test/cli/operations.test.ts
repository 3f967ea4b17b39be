import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPERATIONS } from '@leads/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErasureDone, ErasurePlan, OperationId } from '../../src/api.generated.ts';
import { ROUTES } from '../../src/api.generated.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { specsOf } from '../../src/cli/arguments.ts';
import { optionOf } from '../../src/cli/option-name.ts';
import { INPUTS, type Inputs } from '../../src/constants.generated.ts';
import { piped } from './support/pipe.ts';
import { type Proxy, startProxy } from './support/proxy.ts';
import { startTestServer, type TestServer } from './support/server.ts';

/** What the lines are about, made anew for each. */
interface Fixture {
  readonly lead: string;
  readonly campaign: string;
  readonly activity: string;
  readonly backup: string;
  readonly gone: string;
  readonly job: string;
  readonly key: string;
  readonly erasure: string;
  readonly folder: string;
}

/** A line of the command line that makes each operation's request. */
const LINES: Record<OperationId, (made: Fixture) => readonly string[]> = {
  'leads.create': () => ['create', '--name', 'Jane Roe', '--email', 'jane.roe@example.com'],
  'leads.list': () => ['list'],
  'leads.stats': () => ['stats'],
  'leads.export': () => ['export'],
  'leads.exportOne': ({ lead, folder }) => ['delete', lead, '--backup-dir', folder, '--yes'],
  'leads.import': ({ folder }) => ['import', join(folder, 'leads.ndjson')],
  'leads.bulkDelete': ({ lead }) => ['bulk-delete', lead, '--yes'],
  'leads.bulkArchive': ({ lead }) => ['bulk-archive', lead, '--yes'],
  'leads.bulkAnonymize': ({ lead }) => ['bulk-anonymize', lead, '--yes'],
  'leads.get': ({ lead }) => ['get', lead],
  'leads.update': ({ lead }) => ['update', lead, '--status', 'qualified'],
  'leads.delete': ({ lead }) => ['delete', lead, '--yes'],
  'leads.deletionPreview': ({ lead }) => ['delete', lead, '--dry-run'],
  'leads.archive': ({ lead }) => ['archive', lead],
  'leads.unarchive': ({ lead }) => ['unarchive', lead],
  'leads.anonymize': ({ lead }) => ['anonymize', lead, '--yes'],
  'activities.create': ({ lead }) => ['activities', 'create', lead, '--type', 'note', '--text', 'Remember'],
  'activities.list': ({ lead }) => ['activities', 'list', lead],
  'activities.get': ({ lead, activity }) => ['activities', 'get', lead, activity],
  'activities.delete': ({ lead, activity }) => ['activities', 'delete', lead, activity, '--yes'],
  'campaigns.create': () => ['campaigns', 'create', '--name', 'Autumn'],
  'campaigns.list': () => ['campaigns', 'list'],
  'campaigns.get': ({ campaign }) => ['campaigns', 'get', campaign],
  'campaigns.update': ({ campaign }) => ['campaigns', 'update', campaign, '--status', 'paused'],
  'campaigns.delete': ({ campaign }) => ['campaigns', 'delete', campaign, '--yes'],
  'campaigns.listLeads': ({ campaign }) => ['campaigns', 'leads', campaign],
  'campaigns.enroll': ({ campaign, lead }) => ['campaigns', 'enroll', campaign, lead, 'lead_missing'],
  'campaigns.remove': ({ campaign, lead }) => ['campaigns', 'remove', campaign, lead, 'lead_missing', '--yes'],
  'campaigns.enrollLead': ({ campaign, lead }) => ['campaigns', 'enroll', campaign, lead],
  'campaigns.removeLead': ({ campaign, lead }) => ['campaigns', 'remove', campaign, lead, '--yes'],
  'backups.create': ({ lead }) => ['backup', lead],
  'backups.list': () => ['backups', 'list'],
  'backups.get': ({ backup }) => ['backups', 'get', backup],
  'backups.restore': ({ gone }) => ['restore', gone],
  'backups.bulkRestore': ({ job }) => ['restore', '--job', job],
  'backups.delete': ({ backup }) => ['backups', 'delete', backup, '--yes'],
  'jobs.list': () => ['jobs', 'list'],
  'jobs.get': ({ job }) => ['jobs', 'get', job],
  'jobs.listOutcomes': ({ job }) => ['jobs', 'outcomes', job],
  'jobs.cancel': ({ job }) => ['jobs', 'cancel', job],
  'deletions.get': ({ gone }) => ['receipt', gone],
  'erasures.create': ({ gone }) => ['erase', '--lead', gone, '--yes'],
  'erasures.get': ({ erasure }) => ['erasures', 'get', erasure],
  'erasures.liftSuppression': ({ erasure }) => ['erasures', 'lift', erasure, '--yes'],
  'auditLog.list': () => ['audit'],
  'apiKeys.create': () => ['keys', 'create', '--name', 'Reader', '--scopes', 'leads:read'],
  'apiKeys.list': () => ['keys', 'list'],
  'apiKeys.rotate': ({ key }) => ['keys', 'rotate', key],
  'apiKeys.revoke': ({ key }) => ['keys', 'revoke', key, '--yes'],
};

const OPERATION_IDS = Object.keys(ROUTES) as OperationId[];

/** What stands for an input of the API, where that is no option of its name. */
const OTHERWISE: Readonly<Record<string, string>> = {
  limit: '--limit and --all',
  cursor: '--all walks from page to page',
  page: '--all walks from page to page',
  ids: 'the ids are arguments',
  leadIds: 'the ids are arguments',
  leadId: 'the id is an argument',
  format: '--csv',
  planToken: 'the plan is made and used by the command',
  columns: '--map',
  backupIds: 'the ids are arguments',
  formulaGuard: '--no-formula-guard',
  backup: '--no-backup, for there is one unless it is told otherwise',
};

/** What the command line leaves out on purpose. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  atomic: 'the commands tell what came of each lead instead',
};

let server: TestServer;
let proxy: Proxy;
let requests: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
  proxy = await startProxy(server.url, [], async (request) => void requests.push(request));
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});

const leads = (args: readonly string[]) => piped(args, { env: { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: proxy.url } });

async function make(): Promise<Fixture> {
  const { client } = server;
  // Who was erased stays away: each fixture has people of its own.
  const address = (name: string) => `${name}.${randomUUID()}@example.com`;
  const lead = await client.leads.create({ name: 'John Doe', email: address('john.doe') });
  const gone = await client.leads.create({ name: 'Gone', email: address('gone') });
  const campaign = await client.campaigns.create({ name: 'Spring offer' });
  const activity = await client.activities.create(lead.id, { type: 'call', text: 'Hello' });
  const backup = await client.backups.create(lead.id);
  const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  writeFileSync(join(folder, 'leads.ndjson'), JSON.stringify(await client.leads.exportOne(gone.id)));
  await client.campaigns.enrollLead(campaign.id, lead.id);
  await client.leads.delete(gone.id, { backup: true });
  const passing = await client.leads.create({ name: 'Passing', email: address('passing'), source: 'passing' });
  const plan = await client.leads.bulkDelete({ filter: { source: 'passing' }, dryRun: true });
  const job = await client.leads.bulkDelete({
    filter: { source: 'passing' },
    planToken: (plan as { planToken: string }).planToken,
    backup: true,
  });
  await expect.poll(() => client.leads.get(passing.id).catch(() => null)).toBeNull();
  const key = await client.apiKeys.create({ name: 'Sample', scopes: ['leads:read'] });
  const person = { leadId: (await client.leads.create({ name: 'Erased', email: address('erased') })).id };
  const { planToken } = (await client.erasures.create({ ...person, dryRun: true })) as ErasurePlan;
  const { erasure } = (await client.erasures.create({ ...person, planToken })) as ErasureDone;
  await client.erasures.liftSuppression(erasure.id);
  requests = [];
  return {
    lead: lead.id,
    campaign: campaign.id,
    activity: activity.id,
    backup: backup.id,
    gone: gone.id,
    job: (job as { id: string }).id,
    key: key.id,
    erasure: erasure.id,
    folder,
  };
}

/** The operations of the requests that were made; one that is not the contract's would be undefined. */
function operationsOf(seen: readonly string[]) {
  return seen.map((request) => {
    const [, method, path] = /^(\w+) ([^ ?]+)/.exec(request)!;
    return OPERATION_IDS.find((id) => ROUTES[id][0] === method && new RegExp(`^${ROUTES[id][1].replace(/:\w+/g, '[^/]+')}$`).test(path!));
  });
}

function commandOf(line: readonly string[]) {
  return COMMANDS.find(({ name }) => name === `${line[0]} ${line[1]}`) ?? COMMANDS.find(({ name }) => name === line[0])!;
}

describe('the command line reaches', () => {
  it.each(OPERATION_IDS)('%s', async (id) => {
    await leads(LINES[id](await make()));
    expect(operationsOf(requests)).toContain(id);
  });

  it.each(OPERATION_IDS)('every input of %s', (id) => {
    const specs = specsOf(commandOf(LINES[id]({ folder: '' } as Fixture)));
    const inputs = Object.keys((INPUTS as Record<string, Inputs>)[id]!);
    const missing = inputs.filter((name) => !(optionOf(name) in specs) && !(name in OTHERWISE) && !(name in LEFT_OUT));
    expect(missing).toEqual([]);
  });

  it('nothing that is excused here without need', () => {
    const all = new Set(OPERATION_IDS.flatMap((id) => Object.keys(INPUTS[id])));
    expect([...Object.keys(OTHERWISE), ...Object.keys(LEFT_OUT)].filter((name) => !all.has(name))).toEqual([]);
  });
});

/** What destroys something. To cancel a job needs the scope of a deletion, and stops one. */
const destructive: readonly [string, (made: Fixture) => readonly string[]][] = [
  ...OPERATIONS.filter(
    ({ id, route, metadata }) => id !== 'jobs.cancel' && (route.method === 'DELETE' || metadata.scope === 'leads:delete'),
  ).map(({ id }): [string, (typeof LINES)[OperationId]] => [id, LINES[id as OperationId]]),
  // What neither a method nor a scope tells.
  ['campaigns.remove', LINES['campaigns.remove']],
  ['apiKeys.rotate that ends the old key at once', ({ key }) => ['keys', 'rotate', key, '--overlap-seconds', '0', '--yes']],
];

describe('what destroys something only looks with --dry-run', () => {
  it('there are such operations', () => expect(destructive.length).toBeGreaterThan(8));

  it.each(destructive)('%s', async (_, lineOf) => {
    const line = lineOf(await make());
    expect(Object.keys(specsOf(commandOf(line)))).toEqual(expect.arrayContaining(['dry-run', 'yes']));
    const before = await state();
    requests = [];
    const { code, stderr } = await leads([...line, '--dry-run']);
    expect([[0, 8].includes(code), stderr]).toEqual([true, expect.stringContaining('dry run')]);
    expect(changes()).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it.each(['bulk-delete', 'bulk-archive', 'bulk-anonymize'])('leads %s by a filter', async (name) => {
    await make();
    const before = await state();
    requests = [];
    expect((await leads([name, '--status', 'new', '--dry-run', '--yes'])).code).toBe(0);
    expect(changes()).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it('and is not done where nobody can be asked', async () => {
    for (const [what, lineOf] of destructive) {
      const line = lineOf(await make()).filter((word) => word !== '--yes');
      const before = await state();
      expect([what, (await leads(line)).code]).toEqual([what, 2]);
      expect(await state()).toEqual(before);
    }
  });

  /** The requests that are to change something. */
  const changes = () => requests.filter((request) => !request.startsWith('GET ') && !request.includes('"dryRun":true'));

  /** Everything that can be destroyed. */
  async function state() {
    const { client } = server;
    const lists = [client.leads.list(), client.campaigns.list(), client.backups.list(), client.apiKeys.list()];
    const all = await Promise.all(lists.map((list) => list.toArray({ max: Infinity })));
    // When a key was last used is written a moment later.
    return JSON.stringify(all).replaceAll(/"lastUsedAt":("[^"]*"|null)/g, '');
  }
});
