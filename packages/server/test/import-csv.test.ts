import { LEAD_CSV_COLUMNS } from '@leads/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, Clock, useCaller, useServer } from './support/server.ts';

const CSV = { 'content-type': 'text/csv; charset=utf-8' };

onEachDatabase('leads as CSV', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);

  const imported = async (body: string | Buffer, query: Record<string, string> = {}, caller: Caller = acme) =>
    caller.server.send({
      method: 'POST',
      path: `/api/v1/leads/import?${new URLSearchParams(query).toString()}`,
      headers: { authorization: `Bearer ${caller.key}`, 'content-length': String(Buffer.byteLength(body)), ...CSV },
      body,
    });
  // The same address again and again: who else has one is for others to test.
  const outcomesOf = async (body: string | Buffer, query: Record<string, string> = {}, caller: Caller = acme) =>
    (await imported(body, { allowDuplicateEmail: 'true', ...query }, caller)).body.data.outcomes;
  const problemOf = async (...args: Parameters<typeof imported>) => {
    const { status, body } = await imported(...args);
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    return body.details.issues[0].message as string;
  };
  const leadOf = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).body.data;

  it('rows without an id are new leads, whatever a spreadsheet calls the columns and puts between them', async () => {
    const files: [string, string | Buffer][] = [
      ['commas', 'Name,E-Mail,Phone\nÄnne,a@example.com,+1\n'],
      ['semicolons, CRLF, a byte order mark, a comma at the end', '\uFEFFname;e mail;PHONE;\r\nÄnne;a@example.com;+1;\r\n'],
      ['tabs', 'NAME\tE_MAIL\tphone\nÄnne\ta@example.com\t+1'],
      ['the separator in the first line', 'sep=;\r\nName;Email;Phone\r\n"Änne";a@example.com;+1\r\n'],
      ['UTF-16 LE', Buffer.from('\uFEFFName;Email;Phone\r\nÄnne;a@example.com;+1\r\n', 'utf16le')],
      ['UTF-16 BE', Buffer.from('\uFEFFName;Email;Phone\r\nÄnne;a@example.com;+1\r\n', 'utf16le').swap16()],
      ['carriage returns', 'name,email,phone\rÄnne,a@example.com,+1\r'],
      ['empty lines and rows', '\n\nname,email,phone\n\n,,\nÄnne,a@example.com,+1\n , ,\n\n'],
    ];
    for (const [about, file] of files) {
      const outcomes = await outcomesOf(file);
      expect(outcomes, about).toMatchObject([{ outcome: 'imported', leadId: expect.stringMatching(/^lead_/) }]);
      const now = clock.now().toISOString();
      const made = {
        name: 'Änne',
        email: 'a@example.com',
        phone: '+1',
        source: null,
        status: 'new',
        metadata: {},
        createdAt: now,
        updatedAt: now,
      };
      expect(await leadOf(outcomes[0].leadId), about).toMatchObject(made);
    }
  });

  it('an outcome names the line where its row begins, past line breaks in cells and empty lines', async () => {
    const file = 'name,email\r\n"Ann\r\nB\nC",a@example.com\r\n\r\nBob,no address\r\n"x ""y"", z",b@example.com\n,c@example.com\n';
    expect(await outcomesOf(file)).toMatchObject([
      { line: 2, outcome: 'imported' },
      { line: 6, outcome: 'failed', code: 'VALIDATION_ERROR', issues: [{ location: 'lead.email' }] },
      { line: 7, outcome: 'imported' },
      { line: 8, outcome: 'failed', issues: [{ location: 'lead.name' }] },
    ]);
  });

  it('what a cell cannot be is told by its field', async () => {
    const header = 'name,email,status,metadata,createdAt,phone';
    const bad = async (row: string) => (await outcomesOf(`${header}\n${row}`))[0].issues;
    expect(await bad('Ann,a@example.com,old,,,')).toMatchObject([{ location: 'lead.status' }]);
    expect(await bad('Ann,a@example.com,,{a:1},,')).toMatchObject([{ location: 'lead.metadata', message: 'Must be JSON' }]);
    expect(await bad('Ann,a@example.com,,"{""a"":1234567890123456789}",,')).toMatchObject([{ location: 'lead.metadata' }]);
    expect(await bad('Ann,a@example.com,,,31.01.2024,')).toMatchObject([
      { location: 'lead.createdAt', message: expect.stringContaining('such as 2024-01-31T12:00:00Z') },
    ]);
    expect(await bad('Ann,a@example.com,,,,1,"x;y"')).toMatchObject([{ location: 'cell 7' }]);
    const [outcome] = await outcomesOf(`id,name,email\n${'x'.repeat(65)},Ann,a@example.com`);
    expect(outcome).toMatchObject({ leadId: 'x'.repeat(64), issues: [{ location: 'lead.id' }, { location: 'lead.id' }] });
    expect((await outcomesOf(`${header}\nAnn,a@example.com,lost,"{""a"":1}",2024-01-31T12:00:00+02:00,`))[0].outcome).toBe('imported');
  });

  it('columns that are not clear are refused as a whole, with the remedy', async () => {
    expect(await problemOf('name,email,E-Mail\nAnn,a@example.com,b@example.com')).toBe('The columns 2 and 3 are both email');
    expect(await problemOf('name,email,Notes\nAnn,a@example.com,x')).toContain('There is no field for the column "Notes"');
    expect(await problemOf('name,mail\nAnn,a@example.com', { columns: '{"Mail":null}' })).toContain('There is no column for email');
    expect(await problemOf('phone\n1')).toContain('There is no column for name and email');
    expect(await problemOf('name,email\nAnn,a@example.com', { columns: '{"Mail":"email"}' })).toContain('is no column of the file');
    expect(await problemOf('name,email\nAnn,a@example.com', { columns: JSON.stringify({ ['M'.repeat(101)]: 'email' }) })).toContain(
      `names "${'M'.repeat(100)}", which`,
    );
    for (const columns of ['x', '[1]', '{"a":"workspaceId"}'])
      expect((await imported('name,email\nA,a@example.com', { columns })).body.details.issues[0].location).toBe('query.columns');
    // A Mac writes the accent of a name behind its letter.
    const accented = await outcomesOf('Name,E-Mail,Straße Büro\nAnn,b@example.com,+2'.normalize('NFD'), {
      columns: '{"straße_büro":"phone"}',
    });
    expect(accented).toMatchObject([{ outcome: 'imported' }]);
    const mapped = { columns: '{"Mail":"email","Full Name":"name","Notes":null}' };
    expect(await outcomesOf('full name;Notes;MAIL;error\nAnn;x;a@example.com;old', mapped)).toMatchObject([{ outcome: 'imported' }]);
  });

  it('what is not UTF-8 is refused as such, and not for its size', async () => {
    const { body } = await imported(Buffer.from('name,email\nZo\xeb,zoe@example.com\n', 'latin1'));
    expect(body.details.issues).toEqual([expect.objectContaining({ location: 'body', code: 'invalid_encoding' })]);
  });

  it('what is no CSV, and no text, is refused by its line, without what stands in it', async () => {
    expect(await problemOf('name,email\nAnn,a@example.com\nBob,"b@example.com\n')).toBe('A quote is not closed, near line 3');
    expect(await problemOf('name,email\nAnn "B" C,a@example.com\n')).toContain('line 2');
    expect(await problemOf('name,email\n"Ann"x,a@example.com\n')).toContain('Something stands after the quote');
    expect(await problemOf(`name,email\n${'x'.repeat(1_100_000)},a\n`)).toContain('too long');
    expect(await problemOf(Buffer.from([0x6e, 0xe4, 0x0a]))).toContain('UTF-8');
    expect(await problemOf(`name,email\n${'A,a@example.com\n'.repeat(10_001)}`)).toContain('lines');
  });

  it('a dry run says the same, and changes nothing', async () => {
    const caller = await server.workspace();
    const lead = await caller.lead();
    const file = `id,name,email\n,New,new@example.com\n${lead.id},Ann,ann@example.com\nlead_csv,Bob,bob@example.com\n,X,x\n`;
    const dry = await outcomesOf(file, { dryRun: 'true' }, caller);
    expect(dry).toMatchObject([
      { line: 2, leadId: null, outcome: 'imported' },
      { line: 3, leadId: lead.id, outcome: 'skipped', code: 'LEAD_EXISTS' },
      { line: 4, leadId: 'lead_csv', outcome: 'imported' },
      { line: 5, outcome: 'failed' },
    ]);
    expect((await caller.call('leads.list')).body.data.leads).toHaveLength(1);
    const done = await outcomesOf(file, {}, caller);
    expect(done.map(({ line, outcome }: { line: number; outcome: string }) => [line, outcome])).toEqual(
      dry.map(({ line, outcome }: { line: number; outcome: string }) => [line, outcome]),
    );
  });

  it('an export as CSV comes back equal, with every separator, a byte order mark, and whatever looks like a formula', async () => {
    const caller = await server.workspace();
    const texts = fc.sample(
      fc.string({ unit: fc.constantFrom('=', "'", '+', '-', '@', '\t', '\r', '\n', '"', ',', ';', 'ä', '😀', ' '), maxLength: 12 }),
      60,
    );
    for (const text of texts)
      await caller.lead({ name: `${text}x`, source: text === '' ? null : text, metadata: { text, n: [0.1, null] } });
    await caller.lead({ name: "'=1+1", phone: "''-5" });
    const csv = async (query: Record<string, string>) => (await caller.call('leads.export', { query: { format: 'csv', ...query } })).text;
    const before = await csv({});
    const ids = (await caller.call('leads.list', { query: { limit: 100 } })).body.data.leads.map(({ id }: { id: string }) => id);
    for (const style of [{}, { delimiter: 'semicolon', bom: 'true' }, { delimiter: 'tab' }, { formulaGuard: 'false' }]) {
      const text = await csv(style);
      expect((await caller.call('leads.bulkDelete', { body: { ids } })).body.data.failed).toBe(0);
      const guard = 'formulaGuard' in style ? { formulaGuard: 'false' } : {};
      expect((await outcomesOf(text, guard, caller)).map(({ outcome }: { outcome: string }) => outcome)).toEqual(ids.map(() => 'imported'));
      expect(await csv({})).toBe(before);
    }
    expect(before.split('\r\n')[0]).toBe(LEAD_CSV_COLUMNS.join());
    const marked = await fetch(`${server.url}/api/v1/leads/export?format=csv&bom=true`, {
      headers: { authorization: `Bearer ${caller.key}` },
    });
    expect([...new Uint8Array(await marked.arrayBuffer()).subarray(0, 5)]).toEqual([0xef, 0xbb, 0xbf, 0x69, 0x64]);
    const plain = await csv({ formulaGuard: 'false' });
    expect(plain).toContain("'=1+1");
    expect(plain).not.toContain("''=1+1");
  });

  it('options of CSV are refused for another format', async () => {
    for (const query of [{ bom: 'true' }, { delimiter: 'tab' }, { formulaGuard: 'false' }] as Record<string, string>[]) {
      const { body } = await acme.call('leads.export', { query });
      expect(body.details.issues[0].location).toBe(`query.${Object.keys(query)[0]}`);
    }
  });
});
