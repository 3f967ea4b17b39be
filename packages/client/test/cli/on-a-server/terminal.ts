import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import stringWidth from 'string-width';
import { seed, startTestServer, type TestServer } from '../support/server.ts';
import { inTerminal, requireTerminal } from '../support/terminal.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach((context) => requireTerminal(context));

const env = () => ({ LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url });
const isThere = async (id: string) => (await server.client.leads.list({ search: `person.${id.slice(5, -6)}.` })).pagination.total === 1;
const widest = (text: string) => Math.max(...text.split(/[\r\n]+/).map((line) => stringWidth(line)));

it('a list is a table of 80 columns, whatever is in the leads, and what a terminal would obey is not in it', async () => {
  await seed(server.client, 'shown', 1, { name: `山田太郎${'長'.repeat(90)}`, source: 'shown' });
  await seed(server.client, 'evil', 1, { name: '\u001b]0;owned\u0007\u001b[2JEvil\u009b31m', source: 'shown' });
  const { code, text, raw } = await inTerminal(['list', '--source', 'shown'], env());
  expect(code).toBe(0);
  expect(text).toMatch(/^NAME +EMAIL +STATUS +ID/);
  expect(widest(text)).toBeLessThanOrEqual(80);
  expect(text).toContain('Evil');
  expect(raw).not.toMatch(/owned|\u009b|\[2J/);
  for (const format of ['--json', '--csv']) {
    const data = await inTerminal(['list', '--source', 'shown', format], env());
    for (const control of ['\u009b', '\u001b']) expect(data.raw).not.toContain(control);
  }
});

it('is in colour, unless NO_COLOR or --no-color says otherwise', async () => {
  const colour = '\u001b[1m';
  expect((await inTerminal(['help'], {})).raw).toContain(colour);
  expect((await inTerminal(['help'], { NO_COLOR: '1' })).raw).not.toContain(colour);
  expect((await inTerminal(['list', '--no-color'], env())).raw).not.toContain(colour);
});

it('leads delete shows the lead, what goes with it and where it is kept, and deletes after a yes', async () => {
  const [id] = await seed(server.client, 'asked', 1);
  await server.client.activities.create(id!, { type: 'call', text: 'Hello' });
  const no = await inTerminal(['delete', id!], env(), [['[y/N]', 'n\r']]);
  expect(no.code).toBe(1);
  expect(no.text).toMatch(/person\.asked\.0@example\.com[^]*With it go 1 activity\. Backup: on the server\./);
  expect(await isThere(id!)).toBe(true);
  const yes = await inTerminal(['delete', id!], env(), [['[y/N]', 'y\r']]);
  expect(yes).toMatchObject({ code: 0, text: expect.stringContaining(`leads restore ${id}`) });
  expect(await isThere(id!)).toBe(false);
});

it('leads delete says what stands in the way, and asks nothing', async () => {
  const [id] = await seed(server.client, 'held', 1);
  const campaign = await server.client.campaigns.create({ name: 'Spring \u001b[31moffer', status: 'active' });
  await server.client.campaigns.enrollLead(campaign.id, id!);
  const { code, text } = await inTerminal(['delete', id!], env());
  expect(code).toBe(5);
  expect(text).toContain('“Spring offer”');
  expect(text).toContain('--force');
  expect(await isThere(id!)).toBe(true);
});

it('ids that are typed at the terminal are not taken for an answer', async () => {
  expect(await inTerminal(['bulk-delete', '-'], env())).toMatchObject({ code: 2, text: expect.stringContaining('say --yes') });
});

it('a plan by status says that archived leads are among them, and how to leave them out', async () => {
  const [id] = await seed(server.client, 'shelf', 2, { status: 'qualified' });
  await server.client.leads.archive(id!);
  const { text } = await inTerminal(['bulk-delete', '--status', 'lost', '--dry-run'], { ...env(), NO_COLOR: '1' });
  expect(text.replaceAll('\n', ' ')).toMatch(/1 of them is archived: archiving makes a lead “lost”. Without these: --archived false/);
  const without = await inTerminal(['bulk-delete', '--status', 'lost', '--archived', 'false', '--dry-run'], env());
  expect(without.text).not.toContain('archived: archiving');
});

it('at 80 columns a name and an address are read whole beside an id of full length', async () => {
  const { id } = await server.client.leads.create({ name: 'Maximilian Mustermann', email: 'm.mustermann@example.com', source: 'whole' });
  const { text } = await inTerminal(['list', '--source', 'whole'], { ...env(), NO_COLOR: '1' });
  expect(text).toMatch(new RegExp(`^Maximilian Mustermann +m.mustermann@example.com +${id}$`, 'm'));
  expect(widest(text)).toBeLessThanOrEqual(80);
  const chosen = await inTerminal(['list', '--source', 'whole', '--columns', 'email,source'], { ...env(), NO_COLOR: '1' });
  expect(chosen.text).toBe('EMAIL                     SOURCE\nm.mustermann@example.com  whole\n');
});

it('at 80 columns the audit log and the jobs say by which key, and from which request, below each line', async () => {
  await seed(server.client, 'worked', 1);
  await inTerminal(['bulk-delete', '--source', 'worked', '--yes'], env());
  const [job] = (await server.client.jobs.list({ limit: 1 })).jobs;
  const jobs = await inTerminal(['jobs', 'list', '--limit', '1'], { ...env(), NO_COLOR: '1' });
  expect(jobs.text).toMatch(/^CREATED +KIND +OVER +STATUS +DONE +FAILED/);
  expect(jobs.text).toContain(`${job!.createdAt.slice(0, 16).replace('T', ' ')}  delete`);
  expect(jobs.text).toContain(`  id ${job!.id}, key ${job!.keyId}`);
  const entry = (await server.client.auditLog.list({ action: 'job.created', limit: 1 })).entries[0]!;
  const audit = await inTerminal(['audit', '--action', 'job.created', '--limit', '1'], { ...env(), NO_COLOR: '1' });
  expect(audit.text).toContain(entry.keyId);
  expect(audit.text).toContain(`request ${entry.requestId}`);
  expect(audit.text).toContain(`job ${job!.id}`);
  expect(widest(audit.text + jobs.text)).toBeLessThanOrEqual(80);
});

it('jobs list --watch shows the jobs anew until none runs, and jobs get --watch a job once it has ended', async () => {
  await seed(server.client, 'watched', 300);
  const { planToken } = (await server.client.leads.bulkDelete({ filter: { source: 'watched' }, dryRun: true })) as { planToken: string };
  const { id } = (await server.client.leads.bulkDelete({ filter: { source: 'watched' }, planToken })) as { id: string };
  const listed = await inTerminal(['jobs', 'list', '--watch', '--limit', '1'], { ...env(), NO_COLOR: '1' });
  expect(listed).toMatchObject({ code: 0, text: expect.stringMatching(/source=watched +completed +300\/300/) });
  expect(listed.raw.split('\u001b[H\u001b[J').length).toBeGreaterThan(1);
  const { text } = await inTerminal(['jobs', 'get', id, '--watch'], { ...env(), NO_COLOR: '1' });
  expect(text).toMatch(/status +completed/);
});

it('Ctrl-C at the prompt changes nothing', async () => {
  const [id] = await seed(server.client, 'unsure', 1);
  const { code, text } = await inTerminal(['delete', id!], env(), [['[y/N]', '\u0003']]);
  expect(code).toBe(130);
  expect(text).toContain('Interrupted.');
  expect(await isThere(id!)).toBe(true);
});

it('over 100 leads exactly the name must be typed; then they are saved and deleted, with a bar and what failed', async () => {
  const ids = await seed(server.client, 'bulky', 101);
  const campaign = await server.client.campaigns.create({ name: 'Autumn', status: 'active' });
  await server.client.campaigns.enrollLead(campaign.id, ids[0]!);
  const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  const args = ['bulk-delete', '--source', 'bulky', '--backup-dir', folder];
  const question = 'Type bulky and Enter to go on';
  const wrong = await inTerminal(args, { ...env(), NO_COLOR: '1' }, [[question, 'y\r']]);
  expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('Nothing was changed.') });
  expect(wrong.text).toMatch(
    /… and 91 newer leads\.[^]*101 leads to delete, \d+ % of the \d+ in the workspace, the newest of 2024-01-01\.[^]*1 lead is in an active campaign: “Autumn”/,
  );
  expect(readdirSync(folder)).toEqual([]);
  const right = await inTerminal(args, { ...env(), NO_COLOR: '1' }, [[question, 'bulky\r']]);
  expect(right.code).toBe(8);
  expect(right.text).toMatch(/Deleting [█░]+ +\d+ % [\d/]+/);
  expect(right.text).toContain('100 deleted, 1 failed, left as they are.');
  expect(right.text).toMatch(new RegExp(`${ids[0]} +failed +The lead is in an active campaign`));
  expect(right.text).not.toContain(ids[1] + '  deleted');
  const [file] = readdirSync(folder);
  expect(right.text.replaceAll('\n', ' ')).toContain(`To bring them back: leads restore --from ${join(folder, file!)}`);
  expect(widest(right.text)).toBeLessThanOrEqual(80);
  expect(readdirSync(folder)).toHaveLength(1);
});

it('Ctrl-C while a job runs cancels it, and says how to go on', async () => {
  await seed(server.client, 'running', 8_000);
  const steps = [
    ['Type running and Enter', 'running\r'],
    ['Deleting', '\u0003'],
  ] as const;
  const { code, text } = await inTerminal(['bulk-delete', '--source', 'running'], { ...env(), NO_COLOR: '1' }, steps);
  const { jobs } = await server.client.jobs.list({ limit: 1 });
  expect([code, jobs[0]!.status]).toEqual([130, 'cancelled']);
  expect(text).toMatch(
    /Stopped: [\d,]+ leads done, 0 skipped or failed, [\d,]+ leads untouched\.\nTo go on, run the same leads bulk-delete again/,
  );
});

it('leads login asks for the key and does not show it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  const steps = [
    ['Address of the server [http://127.0.0.1:3000]: ', `${server.url}\r`],
    ['API key (not shown): ', `${server.apiKey}\r`],
  ] as const;
  const { code, raw } = await inTerminal(['login'], { XDG_CONFIG_HOME: home }, steps);
  expect(code).toBe(0);
  expect(raw).not.toContain(server.apiKey.slice(13));
  expect((await inTerminal(['list', '--limit', '1'], { XDG_CONFIG_HOME: home })).code).toBe(0);
});
