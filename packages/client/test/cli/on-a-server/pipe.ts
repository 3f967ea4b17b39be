import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BARE_ENVIRONMENT } from '../../../../server/test/support/bare-environment.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { type Piped, piped } from '../support/pipe.ts';
import { seed, startTestServer, type TestServer } from '../support/server.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

let server: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const leads = (args: string[], input = '') => piped(args, { env: { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url }, input });
const outcomes = ({ lines }: Piped) => lines.map(({ leadId, outcome }) => `${String(leadId)} ${String(outcome)}`);

describe('in a pipe every command prints lines of JSON', () => {
  it('create, get, update, list', async () => {
    const [lead] = (await leads(['create', '--name', 'John', '--email', 'john@example.com', '--metadata', '{"company":"Acme"}'])).lines;
    const id = lead!.id as string;
    expect((await leads(['get', id])).lines).toEqual([lead]);
    const [updated] = (await leads(['update', id, '--status', 'qualified', '--source', '', '--metadata', '{"company":null}'])).lines;
    expect(updated).toMatchObject({ status: 'qualified', source: null, metadata: {} });
    expect((await leads(['list', '--search', 'john@'])).lines).toEqual([updated]);
  });

  it('list: pages through as many as were asked for, and says how many there are', async () => {
    const ids = await seed(server.client, 'paged', 250);
    expect((await leads(['list', '--source', 'paged'])).lines).toHaveLength(20);
    const some = await leads(['list', '--filter', 'source=paged', '--limit', '120']);
    expect(some.lines).toHaveLength(120);
    expect(some.stderr).toContain('120 of 250');
    const all = await leads(['list', '--filter', 'source=paged', '--filter', 'created-after=2024-01-01', '--all']);
    expect(all.lines.map(({ id }) => String(id)).toSorted()).toEqual(ids);
    expect(all.stderr).toBe('');
  });

  it('delete, restore, and what the audit log says of it', async () => {
    const [id] = await seed(server.client, 'removed', 1);
    const [before] = (await leads(['get', id!])).lines;
    const looked = await leads(['delete', id!, '--dry-run']);
    expect(looked.lines[0]).toMatchObject({ lead: before, deletable: true });
    expect(looked.stdout).not.toContain('oken');
    const removed = await leads(['delete', id!, '--yes', '--reason', 'Asked for it']);
    expect(removed.lines).toEqual([{ leadId: id, outcome: 'deleted', backupId: expect.stringMatching(/^backup_/) }]);
    const [entry] = (await leads(['audit', id!, '--filter', 'action=lead.deleted'])).lines;
    expect(entry).toMatchObject({ leadId: id, reason: 'Asked for it' });
    expect(outcomes(await leads(['restore', id!]))).toEqual([`${id} restored`]);
    expect((await leads(['get', id!])).lines).toEqual([before]);
  });

  it('delete --erase leaves no backup, and --no-backup makes none', async () => {
    const [erased, bare] = await seed(server.client, 'erased', 2);
    await leads(['backup', erased!]);
    expect(outcomes(await leads(['delete', erased!, '--erase', '--yes']))).toEqual([`${erased} deleted`]);
    expect((await leads(['restore', erased!])).code).toBe(4);
    expect((await leads(['delete', bare!, '--no-backup', '--yes'])).lines[0]).not.toHaveProperty('backupId');
  });

  it('archive, unarchive, anonymize', async () => {
    const [id] = await seed(server.client, 'kept', 1, { status: 'new' });
    expect(outcomes(await leads(['archive', id!, '--reason', 'Old']))).toEqual([`${id} archived`]);
    expect((await leads(['list', '--archived', 'true'])).lines.map((lead) => lead.id)).toEqual([id]);
    expect(outcomes(await leads(['unarchive', id!]))).toEqual([`${id} unarchived`]);
    expect(outcomes(await leads(['anonymize', id!, '--yes']))).toEqual([`${id} anonymized`]);
    expect((await server.client.leads.get(id!)).name).not.toContain('Person');
  });

  it('bulk-archive and bulk-anonymize, by a filter and by ids', async () => {
    const ids = await seed(server.client, 'many', 3, { status: 'new' });
    const plan = await leads(['bulk-archive', '--source', 'many', '--dry-run']);
    expect(plan.lines[0]).toMatchObject({ count: 3, blocked: 0 });
    expect(plan.stdout).not.toContain('oken');
    expect(outcomes(await leads(['bulk-archive', '--source', 'many', '--yes'])).toSorted()).toEqual(ids.map((id) => `${id} archived`));
    expect(outcomes(await leads(['bulk-anonymize', ...ids, '--yes']))).toEqual(ids.map((id) => `${id} anonymized`));
  });

  it('jobs list, get, watch and cancel', async () => {
    await seed(server.client, 'worked', 2);
    await leads(['bulk-delete', '--source', 'worked', '--yes']);
    const [job] = (await leads(['jobs', 'list', '--limit', '1'])).lines;
    expect(job).toMatchObject({ kind: 'bulk_delete', status: 'completed', total: 2 });
    expect((await leads(['jobs', 'get', job!.id as string])).lines).toEqual([job]);
    expect((await leads(['jobs', 'watch', job!.id as string])).lines).toHaveLength(2);
    expect(await leads(['jobs', 'cancel', job!.id as string])).toMatchObject({ code: 5, stderr: expect.stringContaining('JOB_FINISHED') });
  });

  it('export, import and restore --from, with what hangs on the leads', async () => {
    const ids = await seed(server.client, 'moved', 3);
    await server.client.activities.create(ids[0]!, { type: 'call', text: 'Asked for an offer' });
    const exported = await leads(['export', '--source', 'moved']);
    expect(exported.lines.slice(0, -1).map(({ lead }) => (lead as { id: string }).id)).toEqual(ids);
    const file = join(folder, 'moved.ndjson');
    writeFileSync(file, `${exported.stdout}no json\n`);
    await leads(['bulk-delete', '--source', 'moved', '--yes']);
    const imported = await leads(['import', file]);
    expect(imported.code).toBe(8);
    expect(imported.lines.map(({ line, outcome, code }) => [line, outcome, code])).toEqual([
      [1, 'imported', undefined],
      [2, 'imported', undefined],
      [3, 'imported', undefined],
      [5, 'failed', 'INVALID_JSON'],
    ]);
    expect((await leads(['export', '--source', 'moved'])).stdout).toBe(exported.stdout);
    expect(await leads(['import', '-'], exported.stdout)).toMatchObject({ code: 0, stderr: expect.stringContaining('3 there already') });
  });

  it('list sorts as it is told', async () => {
    const ids = await seed(server.client, 'sorted', 3);
    const sorted = (...how: string[]) => leads(['list', '--source', 'sorted', ...how]).then(({ lines }) => lines.map(({ id }) => id));
    expect(await sorted('--sort-by', 'email', '--sort-order', 'asc')).toEqual(ids);
    expect(await sorted('--sort-by', 'email', '--sort-order', 'desc')).toEqual(ids.toReversed());
  });

  it('a plan says how many are archived, of how many in all, and when the newest came', async () => {
    const [id] = await seed(server.client, 'planned', 2, { status: 'new' });
    await leads(['archive', id!]);
    const { lines, stderr } = await leads(['bulk-archive', '--source', 'planned', '--dry-run']);
    const { total } = await server.client.leads.stats();
    expect(lines[0]).toMatchObject({ count: 2, archived: 1, workspaceTotal: total, newestCreatedAt: '2024-01-01T00:00:00.001Z' });
    expect(stderr).toContain('1 of them is archived');
    expect((await leads(['bulk-archive', '--source', 'planned', '--archived', 'false', '--dry-run'])).stderr).not.toContain('is archived');
  });

  it('keys create and keys rotate print the key alone on standard output, and what there is to say of it beside', async () => {
    const created = await leads(['keys', 'create', '--name', 'CRM', '--scopes', 'leads:read, leads:write', '--expires-at', '9999-12-31']);
    expect(created.stdout).toMatch(/^sk-workspace_[A-Za-z0-9]{51}\n$/);
    const [id] = /key_\w+/.exec(created.stderr)!;
    expect(created.stderr).toContain('until 9999-12-31T00:00:00.000Z');
    expect(created.stderr).not.toContain(created.stdout.trim());
    const rotated = await leads(['keys', 'rotate', id, '--overlap-seconds', '0', '--yes']);
    expect(rotated.stdout).toMatch(/^sk-workspace_[A-Za-z0-9]{51}\n$/);
    const listed = await leads(['keys', 'list', '--all']);
    expect(listed.lines.filter(({ name }) => name === 'CRM')).toHaveLength(2);
    expect(listed.stdout).not.toContain(rotated.stdout.trim());
    expect((await leads(['keys', 'revoke', id, '--yes'])).code).toBe(0);
    expect((await leads(['keys', 'revoke', 'key_missing', '--yes'])).code).toBe(4);
  });

  it('keys check says who one is, and does not print the key', async () => {
    const { lines, stdout } = await leads(['keys', 'check']);
    expect(lines[0]).toMatchObject({ baseUrl: server.url, workspaceId: expect.stringMatching(/^ws_/), complete: true });
    expect(lines[0]!.scopes).toContain('leads:force');
    expect(stdout).not.toContain(server.apiKey);
  });
});

describe('--json and --csv', () => {
  it('--json is one document, also of nothing', async () => {
    await seed(server.client, 'json', 3);
    expect(JSON.parse((await leads(['list', '--source', 'json', '--json'])).stdout)).toHaveLength(3);
    expect(JSON.parse((await leads(['list', '--source', 'nowhere', '--json'])).stdout)).toEqual([]);
    expect(JSON.parse((await leads(['get', 'lead_json000000', '--json'])).stdout)).toMatchObject({ name: 'Person 0' });
    expect(JSON.parse((await leads(['export', '--source', 'json', '--json'])).stdout)).toHaveLength(3);
  });

  it('--columns chooses fields, in every format, in the order in which they are named', async () => {
    await seed(server.client, 'chosen', 1);
    const chosen = (...format: string[]) => leads(['list', '--source', 'chosen', '--columns', 'email, id', ...format]);
    const [email, id] = ['person.chosen.0@example.com', 'lead_chosen000000'];
    expect((await chosen()).stdout).toBe(`{"email":"${email}","id":"${id}"}\n`);
    expect((await chosen('--csv')).stdout).toBe(`email,id\r\n${email},${id}\r\n`);
    expect(JSON.parse((await chosen('--json')).stdout)).toEqual([{ email, id }]);
    expect(JSON.parse((await leads(['get', id, '--columns', 'email', '--json'])).stdout)).toEqual({ email });
  });

  it("--csv of a list is that of the API's own export", async () => {
    await seed(server.client, 'csv', 1, { name: '=1+1', phone: '+49 "1"', metadata: {} });
    const { stdout } = await leads(['list', '--source', 'csv', '--csv']);
    const exported = await leads(['export', '--source', 'csv', '--csv']);
    expect(stdout.replaceAll('\r\n', '\n')).toBe(exported.stdout.replaceAll('\r\n', '\n'));
    expect(stdout).toContain(`'=1+1`);
  });
});

describe('ids', () => {
  it('come from arguments, a file, or standard input, as they are or in lines of JSON', async () => {
    const ids = await seed(server.client, 'ids', 4);
    const file = join(folder, 'ids.txt');
    writeFileSync(file, `${ids[0]}\r\n\n{"id":"${ids[1]}"}\n{"leadId":"${ids[2]}"}\n{"lead":{"id":"${ids[3]}"}}\n`);
    const read = (result: Piped) => result.lines.map(({ id }) => id);
    expect(read(await leads(['get', ...ids]))).toEqual(ids);
    expect(read(await leads(['get', '--ids-file', file]))).toEqual(ids);
    expect(read(await leads(['get', '-'], readFileSync(file, 'utf8')))).toEqual(ids);
    expect(await leads(['get', '-'], 'two words\n')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Line 1 of standard input'),
    });
    expect((await leads(['get', '--ids-file', join(folder, 'missing')])).code).toBe(1);
  });

  it('of a list are what a bulk command takes', async () => {
    const ids = await seed(server.client, 'listed', 3);
    const listed = await leads(['list', '--search', 'person.listed', '--all']);
    expect(outcomes(await leads(['bulk-delete', '-', '--yes'], listed.stdout)).toSorted()).toEqual(ids.map((id) => `${id} deleted`));
  });

  it('of a list are anonymized through a pipe of a shell, as what refuses it says: looked at first, and then with a yes', async () => {
    const ids = await seed(server.client, 'person', 2);
    const env = {
      ...BARE_ENVIRONMENT,
      HOME: folder,
      NODE: process.execPath,
      MAIN,
      LEADS_API_KEY: server.apiKey,
      LEADS_BASE_URL: server.url,
    };
    const pipe = (options: string) =>
      promisify(execFile)('sh', ['-c', `"$NODE" "$MAIN" list --source person --all | "$NODE" "$MAIN" anonymize - ${options}`], { env });
    await expect(pipe('')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Look first with --dry-run, and then say --yes'),
    });
    expect((await pipe('--dry-run')).stderr).toContain('dry run');
    expect((await server.client.leads.get(ids[0]!)).name).toBe('Person 0');
    expect((await pipe('--yes')).stderr).toContain('2 anonymized');
    expect((await server.client.leads.get(ids[0]!)).name).not.toBe('Person 0');
  });
});

describe('a reader that goes away', () => {
  const closing = () => {
    const stream = new PassThrough();
    const gone: NodeJS.ErrnoException = new Error('write EPIPE');
    gone.code = 'EPIPE';
    stream.write = () => {
      stream.emit('error', gone);
      return false;
    };
    return stream;
  };

  it('ends a command that reads, quietly', async () => {
    const env = { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url };
    expect(await piped(['list', '--all'], { env, stdout: closing() })).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not stop a command that changes something halfway', async () => {
    await seed(server.client, 'unread', 2);
    const env = { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url };
    const { code } = await piped(['bulk-delete', '--source', 'unread', '--yes'], { env, stdout: closing() });
    expect(code).toBe(0);
    expect((await leads(['list', '--source', 'unread'])).lines).toEqual([]);
  });
});

describe('help and completion', () => {
  it.each(COMMANDS.map(({ name }) => name))(
    'leads %s --help fits a screen of 80 columns and 24 lines, the prompt included',
    async (name) => {
      const { code, stdout } = await piped([...name.split(' '), '--help']);
      const lines = stdout.split('\n');
      expect([code, lines.length <= 24, Math.max(...lines.map(({ length }) => length)) <= 80]).toEqual([0, true, true]);
      const { options = {}, examples } = COMMANDS.find((command) => command.name === name)!;
      for (const option of Object.keys(options)) expect(stdout).toMatch(new RegExp(` --${option}( |$)`, 'm'));
      expect(stdout.replaceAll(/ \\\n +/g, ' ')).toContain(`  ${examples[0]![0]}`);
      expect(stdout).toContain(`More: leads help ${name}`);
    },
  );

  it.each(COMMANDS.map(({ name }) => name))('leads help %s says all of it, in 80 columns', async (name) => {
    const { code, stdout } = await piped(['help', ...name.split(' ')]);
    expect(code).toBe(0);
    const [before, examples] = stdout.split('Examples\n');
    expect(examples).toContain(`leads ${name}`);
    expect(Math.max(...before!.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('…');
  });

  it('leads help names every command and every exit code, and leads --version the version', async () => {
    const { stdout } = await piped(['help']);
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name} `);
    expect(stdout).toMatch(/ {2}130 {2}interrupted/);
    expect((await piped([])).stdout).toBe(stdout);
    expect((await piped(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('the completion for bash completes commands, options and values', async () => {
    const file = join(folder, 'leads.bash');
    writeFileSync(file, (await piped(['completion', 'bash'])).stdout);
    const complete = (...words: string[]) =>
      execFileSync('bash', ['-c', 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _leads; echo "${COMPREPLY[*]}"', file, ...words])
        .toString()
        .trim();
    expect(complete('leads', 'bulk')).toBe('bulk-delete bulk-archive bulk-anonymize');
    expect(complete('leads', 'jobs', 'w')).toBe('watch');
    expect(complete('leads', 'bulk-delete', '--ba')).toBe('--backup-dir --base-url');
    expect(complete('leads', 'list', '--status', 'lo')).toBe('lost');
  });

  it('the completion asks for profiles, and for the newest ids, by the profile of the line', async () => {
    const job = await server.client.leads.bulkDelete({ filter: { source: 'nobody' }, dryRun: true });
    const { planToken } = job as { planToken: string };
    const { id } = (await server.client.leads.bulkDelete({ filter: { source: 'nobody' }, planToken })) as { id: string };
    const campaign = await server.client.campaigns.create({ name: 'Completed' });
    const lead = await server.client.leads.create({ name: 'Completed', email: 'completed@example.com' });
    const home = mkdtempSync(join(tmpdir(), 'leads-cli-'));
    const env = { XDG_CONFIG_HOME: home };
    await piped(['login', '--profile', 'staging', '--base-url', server.url], { env, input: server.apiKey });
    const file = join(folder, 'leads.bash');
    writeFileSync(file, (await piped(['completion', 'bash'])).stdout);
    // The command that the script asks is this one.
    writeFileSync(join(folder, 'leads'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, { mode: 0o755 });
    const complete = async (...words: string[]) => {
      const line = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _leads; echo "${COMPREPLY[*]}"';
      const { stdout } = await promisify(execFile)('bash', ['-c', line, file, ...words], {
        env: { ...BARE_ENVIRONMENT, ...env, HOME: home, PATH: `${folder}:${process.env.PATH}` },
      });
      return stdout.trim().split(' ');
    };
    expect(await complete('leads', 'list', '--profile', 's')).toEqual(['staging']);
    expect(await complete('leads', 'jobs', 'watch', '--profile', 'staging', 'job_')).toContain(id);
    expect(await complete('leads', 'restore', '--profile', 'staging', '--job', 'job_')).toContain(id);
    expect(await complete('leads', 'campaigns', 'get', '--profile', 'staging', campaign.id.slice(0, 12))).toContain(campaign.id);
    for (const command of [['get'], ['delete'], ['activities', 'list'], ['backups', 'list']])
      expect(await complete('leads', ...command, '--profile', 'staging', lead.id.slice(0, 12))).toContain(lead.id);
    expect(await complete('leads', 'erase', '--profile', 'staging', '--lead', 'lead_')).toContain(lead.id);
    expect(await complete('leads', 'jobs', 'watch', 'job_')).toEqual(['']);
    const { stdout: fish } = await piped(['completion', 'fish']);
    expect(fish).toContain('leads completion --values JOB_ID');
    const leadGet = fish.split('\n').find((line) => line.includes('_from get') && line.includes('--values LEAD_ID'));
    expect(leadGet).toMatch(/; and not __fish_seen_subcommand_from [^']*campaigns/);
  });

  it('the completions for zsh and fish name every command', async () => {
    for (const shell of ['zsh', 'fish']) {
      const { stdout } = await piped(['completion', shell]);
      for (const { name } of COMMANDS) expect(stdout).toContain(name.split(' ')[0]);
    }
    expect(await piped(['completion', 'fihs'])).toMatchObject({ code: 2, stderr: expect.stringContaining('leads completion fish') });
  });
});
