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

/** What the lines are about, each made when a line asks for it. */
interface Fixture {
  readonly lead: () => Promise<string>;
  /** With the lead in it. */
  readonly campaign: () => Promise<string>;
  readonly activity: () => Promise<string>;
  readonly backup: () => Promise<string>;
  /** Deleted, with a backup. */
  readonly gone: () => Promise<string>;
  /** A folder with the export of a lead that was deleted. */
  readonly folder: () => Promise<string>;
  readonly job: () => Promise<string>;
  readonly key: () => Promise<string>;
  readonly erasure: () => Promise<string>;
}

type Line = readonly string[] | Promise<readonly string[]>;

/** A line of the command line that makes each operation's request. */
const LINES: Record<OperationId, (made: Fixture) => Line> = {
  'leads.create': () => ['create', '--name', 'Jane Roe', '--email', 'jane.roe@example.com'],
  'leads.list': () => ['list'],
  'leads.stats': () => ['stats'],
  'leads.export': () => ['export'],
  'leads.exportOne': async ({ lead, folder }) => ['delete', await lead(), '--backup-dir', await folder(), '--yes'],
  'leads.import': async ({ folder }) => ['import', join(await folder(), 'leads.ndjson')],
  'leads.bulkDelete': async ({ lead }) => ['bulk-delete', await lead(), '--yes'],
  'leads.bulkArchive': async ({ lead }) => ['bulk-archive', await lead(), '--yes'],
  'leads.bulkAnonymize': async ({ lead }) => ['bulk-anonymize', await lead(), '--yes'],
  'leads.get': async ({ lead }) => ['get', await lead()],
  'leads.update': async ({ lead }) => ['update', await lead(), '--status', 'qualified'],
  'leads.delete': async ({ lead }) => ['delete', await lead(), '--yes'],
  'leads.deletionPreview': async ({ lead }) => ['delete', await lead(), '--dry-run'],
  'leads.archive': async ({ lead }) => ['archive', await lead()],
  'leads.unarchive': async ({ lead }) => ['unarchive', await lead()],
  'leads.anonymize': async ({ lead }) => ['anonymize', await lead(), '--yes'],
  'activities.create': async ({ lead }) => ['activities', 'create', await lead(), '--type', 'note', '--text', 'Remember'],
  'activities.list': async ({ lead }) => ['activities', 'list', await lead()],
  'activities.get': async ({ lead, activity }) => ['activities', 'get', await lead(), await activity()],
  'activities.delete': async ({ lead, activity }) => ['activities', 'delete', await lead(), await activity(), '--yes'],
  'campaigns.create': () => ['campaigns', 'create', '--name', 'Autumn'],
  'campaigns.list': () => ['campaigns', 'list'],
  'campaigns.get': async ({ campaign }) => ['campaigns', 'get', await campaign()],
  'campaigns.update': async ({ campaign }) => ['campaigns', 'update', await campaign(), '--status', 'paused'],
  'campaigns.delete': async ({ campaign }) => ['campaigns', 'delete', await campaign(), '--yes'],
  'campaigns.listLeads': async ({ campaign }) => ['campaigns', 'leads', await campaign()],
  'campaigns.enroll': async ({ campaign, lead }) => ['campaigns', 'enroll', await campaign(), await lead(), 'lead_missing'],
  'campaigns.remove': async ({ campaign, lead }) => ['campaigns', 'remove', await campaign(), await lead(), 'lead_missing', '--yes'],
  'campaigns.enrollLead': async ({ campaign, lead }) => ['campaigns', 'enroll', await campaign(), await lead()],
  'campaigns.removeLead': async ({ campaign, lead }) => ['campaigns', 'remove', await campaign(), await lead(), '--yes'],
  'backups.create': async ({ lead }) => ['backup', await lead()],
  'backups.list': () => ['backups', 'list'],
  'backups.get': async ({ backup }) => ['backups', 'get', await backup()],
  'backups.restore': async ({ gone }) => ['restore', await gone()],
  'backups.bulkRestore': async ({ job }) => ['restore', '--job', await job()],
  'backups.delete': async ({ backup }) => ['backups', 'delete', await backup(), '--yes'],
  'jobs.list': () => ['jobs', 'list'],
  'jobs.get': async ({ job }) => ['jobs', 'get', await job()],
  'jobs.listOutcomes': async ({ job }) => ['jobs', 'outcomes', await job()],
  'jobs.cancel': async ({ job }) => ['jobs', 'cancel', await job()],
  'deletions.get': async ({ gone }) => ['receipt', await gone()],
  'erasures.create': async ({ gone }) => ['erase', '--lead', await gone(), '--yes'],
  'erasures.get': async ({ erasure }) => ['erasures', 'get', await erasure()],
  'erasures.liftSuppression': async ({ erasure }) => ['erasures', 'lift', await erasure(), '--yes'],
  'auditLog.list': () => ['audit'],
  'apiKeys.create': () => ['keys', 'create', '--name', 'Reader', '--scopes', 'leads:read'],
  'apiKeys.list': () => ['keys', 'list'],
  'apiKeys.rotate': async ({ key }) => ['keys', 'rotate', await key()],
  'apiKeys.revoke': async ({ key }) => ['keys', 'revoke', await key(), '--yes'],
};

const OPERATION_IDS = Object.keys(ROUTES) as OperationId[];

/** For a line of which only the command matters. */
const NAMELESS = new Proxy({} as Fixture, { get: () => async () => '' });

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

function make(): Fixture {
  const { client } = server;
  // Who was erased stays away: each fixture has people of its own.
  const newLead = (name: string, fields: object = {}) =>
    client.leads.create({ name, email: `${name.toLowerCase()}.${randomUUID()}@example.com`, ...fields });
  const lead = once(async () => (await newLead('John')).id);
  const gone = once(async () => {
    const { id } = await newLead('Gone');
    await client.leads.delete(id, { backup: true });
    return id;
  });
  return {
    lead,
    gone,
    campaign: once(async () => {
      const { id } = await client.campaigns.create({ name: 'Spring offer' });
      await client.campaigns.enrollLead(id, await lead());
      return id;
    }),
    activity: once(async () => (await client.activities.create(await lead(), { type: 'call', text: 'Hello' })).id),
    backup: once(async () => (await client.backups.create(await lead())).id),
    folder: once(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
      const { id } = await newLead('Exported');
      writeFileSync(join(folder, 'leads.ndjson'), JSON.stringify(await client.leads.exportOne(id)));
      await client.leads.delete(id);
      return folder;
    }),
    job: once(async () => {
      const { id } = await newLead('Passing', { source: 'passing' });
      const filter = { source: 'passing' };
      const plan = await client.leads.bulkDelete({ filter, dryRun: true });
      const job = await client.leads.bulkDelete({ filter, planToken: (plan as { planToken: string }).planToken, backup: true });
      await expect.poll(() => client.leads.get(id).catch(() => null)).toBeNull();
      return (job as { id: string }).id;
    }),
    key: once(async () => (await client.apiKeys.create({ name: 'Sample', scopes: ['leads:read'] })).id),
    erasure: once(async () => {
      const person = { leadId: (await newLead('Erased')).id };
      const { planToken } = (await client.erasures.create({ ...person, dryRun: true })) as ErasurePlan;
      const { erasure } = (await client.erasures.create({ ...person, planToken })) as ErasureDone;
      await client.erasures.liftSuppression(erasure.id);
      return erasure.id;
    }),
  };
}

function once<Value>(start: () => Promise<Value>): () => Promise<Value> {
  let started: Promise<Value> | undefined;
  return () => (started ??= start());
}

/** A line, and nothing that was asked for to make what it is about. */
async function lineFor(lineOf: (made: Fixture) => Line): Promise<readonly string[]> {
  const line = await lineOf(make());
  requests = [];
  return line;
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
    await leads(await lineFor(LINES[id]));
    expect(operationsOf(requests)).toContain(id);
  });

  it.each(OPERATION_IDS)('every input of %s', async (id) => {
    const specs = specsOf(commandOf(await LINES[id](NAMELESS)));
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
const destructive: readonly [string, (made: Fixture) => Line][] = [
  ...OPERATIONS.filter(
    ({ id, route, metadata }) => id !== 'jobs.cancel' && (route.method === 'DELETE' || metadata.scope === 'leads:delete'),
  ).map(({ id }): (typeof destructive)[number] => [id, LINES[id as OperationId]]),
  // What neither a method nor a scope tells.
  ['campaigns.remove', LINES['campaigns.remove']],
  ['apiKeys.rotate that ends the old key at once', async ({ key }) => ['keys', 'rotate', await key(), '--overlap-seconds', '0', '--yes']],
];

describe('what destroys something only looks with --dry-run', () => {
  it('there are such operations', () => expect(destructive.length).toBeGreaterThan(8));

  it.each(destructive)('%s', async (_, lineOf) => {
    const line = await lineOf(make());
    expect(Object.keys(specsOf(commandOf(line)))).toEqual(expect.arrayContaining(['dry-run', 'yes']));
    const before = await state();
    requests = [];
    const { code, stderr } = await leads([...line, '--dry-run']);
    expect([[0, 8].includes(code), stderr]).toEqual([true, expect.stringContaining('dry run')]);
    expect(changes()).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it.each(['bulk-delete', 'bulk-archive', 'bulk-anonymize'])('leads %s by a filter', async (name) => {
    await make().lead();
    const before = await state();
    requests = [];
    expect((await leads([name, '--status', 'new', '--dry-run', '--yes'])).code).toBe(0);
    expect(changes()).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it('and is not done where nobody can be asked', async () => {
    for (const [what, lineOf] of destructive) {
      const line = (await lineOf(make())).filter((word) => word !== '--yes');
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
