import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { piped } from '../support/pipe.ts';
import { seed, startTestServer, type TestServer } from '../support/server.ts';

/** A spreadsheet of 100,000 lines takes minutes. */
const LINES = process.env['LEADS_TEST_MORE'] ? 100_000 : 12_000;

let server: TestServer;
const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const leads = (args: string[], input = '') => piped(args, { env: { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url }, input });
const shown = (part: number) => (LINES * part).toLocaleString('en');
const fileOf = (name: string, content: string | Buffer) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

it(`a spreadsheet of ${LINES} lines with every oddity comes in, and what is refused can be mended and comes in, too`, async () => {
  const odd: ((i: number) => string)[] = [
    (i) => `Person ${i};person.${i}@example.com;+49 ${i};;;`,
    (i) => `"Person; ""${i}""";person.${i}@example.com;;;;`,
    (i) => `"Person\r\n${i}";person.${i}@example.com;;"a note\nof two lines";;`,
    (i) => `'=Person ${i};person.${i}@example.com;'+49;;2024-01-31T12:00:00+01:00;\r\n`,
    (i) => `Pérsön ${i} 😀;PERSON.${i}@EXAMPLE.COM;;;;`,
    () => ';;;;;',
    (i) => `Person ${i};no address;;;;`,
    (i) => `Person ${i};person.${i}@example.com;;;31.01.2024;`,
  ];
  const rows = Array.from({ length: LINES }, (_, i) => odd[i % odd.length]!(i));
  const text = `\uFEFFFull name;E-Mail;Phone;Notes;Created At;\r\n${rows.join('\r\n')}\r\n`;
  const file = fileOf('people.csv', Buffer.from(text, 'utf16le'));
  const options = ['--map', 'Full name=name', '--map', 'Notes='];
  const { code, stderr } = await leads(['import', file, ...options]);
  expect([code, stderr]).toEqual([8, expect.stringContaining(`${shown(5 / 8)} imported, ${shown(2 / 8)} failed`)]);
  const refused = join(folder, 'people.refused.csv');
  expect(statSync(refused).mode & 0o777).toBe(0o600);
  const mended = readFileSync(refused, 'utf8')
    .replaceAll(/Person (\d+);no address/g, 'Person $1;mended.$1@example.com')
    .replaceAll('31.01.2024', '2024-01-31T12:00:00Z');
  expect(mended).toContain('lead.email');
  const again = await leads(['import', fileOf('mended.csv', mended), ...options]);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining(`${shown(2 / 8)} imported`)]);
  expect(await server.client.leads.stats()).toMatchObject({ total: (LINES * 7) / 8 });
});

it('outcomes name the lines of the file, past line breaks in cells, and --dry-run changes nothing', async () => {
  const file = fileOf('lines.csv', 'sep=;\r\nname;email\r\n"A\r\nB";a@example.com\r\n\r\nC;none\r\nD;d@example.com');
  const { total } = await server.client.leads.stats();
  const { code, lines, stderr } = await leads(['import', file, '--dry-run']);
  expect([code, lines.map(({ line, outcome }) => [line, outcome])]).toEqual([
    8,
    [
      [3, 'imported'],
      [6, 'failed'],
      [7, 'imported'],
    ],
  ]);
  expect(stderr).toContain('2 would be imported');
  expect(existsSync(join(folder, 'lines.refused.csv'))).toBe(false);
  expect((await server.client.leads.stats()).total).toBe(total);
});

it('columns that are not clear are told with the remedy', async () => {
  const file = fileOf('columns.csv', 'Name,Mail,Notes\nA,a@example.com,x\n');
  const { code, stderr } = await leads(['import', file]);
  expect(code).toBe(2);
  expect(stderr).toContain('There is no field for the column "Mail"');
  expect((await leads(['import', file, '--map', 'Mail'])).stderr).toContain('--map must be COLUMN=FIELD');
  expect((await leads(['import', file, '--map', 'Mail=email', '--map', 'Notes='])).code).toBe(0);
});

it('export --csv has a delimiter, a byte order mark, and no guard where that is asked for, and comes back', async () => {
  await seed(server.client, 'style', 2, { name: '=1;2' });
  const { stdout } = await leads(['export', '--source', 'style', '--csv', '--delimiter', 'semicolon', '--bom', '--no-formula-guard']);
  expect(stdout).toMatch(/^\uFEFFid;name;email/);
  expect(stdout).toContain(';"=1;2";');
  expect((await leads(['import', fileOf('style.csv', stdout)])).stderr).toContain('2 there already');
  const guarded = fileOf('guarded.csv', "name;email\n'=1;guarded@example.com\n");
  expect((await leads(['import', guarded, '--no-formula-guard'])).code).toBe(0);
  const { leads: found } = await server.client.leads.list({ email: 'guarded@example.com' });
  expect(found.map(({ name }) => name)).toEqual(["'=1"]);
  expect(await leads(['export', '--bom'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--csv') });
});

it('a file that lacks lines of its export is refused ahead of all; standard input at its end', async () => {
  await seed(server.client, 'whole', 3);
  const [first, second, third, end] = (await leads(['export', '--source', 'whole'])).stdout.trimEnd().split('\n');
  const short = [first, third, end].join('\n').replaceAll('lead_whole', 'lead_short');
  for (const args of [['import'], ['restore', '--from']]) {
    const { code, stderr, stdout } = await leads([...args, fileOf('short.ndjson', short)]);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('says 3 leads, and there are 2')]);
  }
  expect((await leads(['import', '-'], short)).code).toBe(1);
  const twice = fileOf('twice.ndjson', `${[first, second, third, end].join('\n')}\n${first}\n{"export":{"leads":1}}\n`);
  expect((await leads(['import', twice])).stderr).toContain('3 there already, 1 failed');
});

it('a lead whose address another one has is brought in with --allow-duplicate-email alone', async () => {
  const { client } = server;
  const email = 'twice@example.com';
  const first = await client.leads.create({ name: 'First', email });
  const record = fileOf('first.ndjson', JSON.stringify(await client.leads.exportOne(first.id)));
  const { backupId } = await client.leads.delete(first.id, { backup: true });
  const { id: other } = await client.leads.create({ name: 'Other', email });
  for (const args of [
    ['restore', backupId!],
    ['restore', first.id],
    ['import', record],
    ['restore', '--from', record],
  ]) {
    const refused = await leads(args);
    expect([args, refused.code === 0, refused.stdout + refused.stderr]).toEqual([args, false, expect.stringContaining(other)]);
    const { code } = await leads([...args, '--allow-duplicate-email']);
    expect([args, code, (await client.leads.get(first.id)).name]).toEqual([args, 0, 'First']);
    await client.leads.delete(first.id);
  }
});
