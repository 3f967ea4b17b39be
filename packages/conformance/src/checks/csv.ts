import { CreateLeadSchema, CSV, CSV_DELIMITERS, LEAD_CSV_COLUMNS } from '@leads/contract';
import { type Calls, requestOf } from '../calls.ts';
import type { Check } from '../check.ts';
import type { Answer } from '../exchange.ts';
import { fieldsOf } from '../fields.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';
import { losslessValues } from '../values.ts';

const get = async (caller: Calls, leadId: string): Promise<Item> =>
  (await caller.call('leads.get', { params: { leadId } })).body.data ?? null;

/** How the name of a field may be written above its column. */
const NOTATIONS: readonly ((field: string) => string)[] = [
  (field) => field.toUpperCase(),
  (field) => wordsOf(field).join(' '),
  (field) => ` ${wordsOf(field).join('-').toLowerCase()}`,
  // Such as E-Mail, which no field is called.
  (field) => `${field[0]!}-${field.slice(1)} `,
];

/** How a file may be written. */
const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a byte order mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-16, low bytes first': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16, high bytes first': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
};

/** How an export may be asked for, and what the import must know of it. */
const STYLES: readonly { readonly asked: Readonly<Record<string, string>>; readonly told?: Readonly<Record<string, string>> }[] = [
  { asked: {} },
  { asked: { delimiter: 'semicolon', bom: 'true' } },
  { asked: { delimiter: 'tab', formulaGuard: 'false' }, told: { formulaGuard: 'false' } },
];

/** What a spreadsheet saves can be imported, and what it opens is as it was asked for. */
export const csvChecks: readonly Check[] = [
  ...STYLES.map(({ asked, told = {} }): Check => ({
    name: `CSV: an export${Object.keys(asked).length > 0 ? ` with ${new URLSearchParams(asked).toString()}` : ''} brings back each lead that was deleted, as it was`,
    async run({ caller }) {
      const source = newSource();
      const leads: Item[] = [];
      for (const field of fieldsOf(CreateLeadSchema).filter(({ name }) => name !== 'source'))
        for (const value of losslessValues(field)) leads.push(await caller.lead({ source, email: newEmail(), [field.name]: value }));
      leads.push(await caller.lead({ source, name: 'Two\r\nlines,\n"three"', phone: "'=1", metadata: { text: 'a\n"b";\t' } }));
      const { text } = await caller.call('leads.export', { query: { source, format: 'csv', ...asked } });
      for (const { id } of leads) await caller.call('leads.delete', { params: { leadId: String(id) } });
      const { data } = (await importCsv(caller, text, { ...told, allowDuplicateEmail: 'true' })).body;
      demandEqual([data.imported, data.failed], [leads.length, 0], 'what is imported');
      for (const lead of leads) demandEqual(await get(caller, String(lead['id'])), lead, 'a lead');
    },
  })),
  {
    name: 'CSV: an export begins with a byte order mark where one is asked for, and not else, and guards formulas unless it is told not to',
    async run({ caller }) {
      const source = newSource();
      await caller.lead({ source, name: '=1+1' });
      const seen: unknown[] = [];
      for (const options of [{}, { bom: 'false', formulaGuard: 'true' }, { bom: 'true', formulaGuard: 'false' }]) {
        const { text } = await caller.call('leads.export', { query: { source, format: 'csv', ...options } });
        seen.push([text.startsWith('\uFEFF'), text.includes(",'=1+1,"), text.includes(',=1+1,')]);
      }
      const guarded = [false, true, false];
      demandEqual(seen, [guarded, guarded, [true, false, true]], 'whether there is a mark, a guarded formula, and one without a guard');
    },
  },
  {
    name: 'CSV: names of columns are taken in any case, with or without spaces and hyphens',
    async run({ caller }) {
      for (const notation of NOTATIONS) {
        const { lead } = newRecord({ phone: '0049 1', source: newSource(), status: 'qualified', metadata: { a: 1 } });
        const cells = LEAD_CSV_COLUMNS.map((field) => cell(lead[field]));
        await demandImported(caller, [LEAD_CSV_COLUMNS.map((field) => cell(notation(field))), cells]);
        demandEqual(await get(caller, lead.id), { ...lead, workspaceId: (await get(caller, lead.id))['workspaceId'] }, 'the lead');
      }
    },
  },
  ...Object.entries(ENCODINGS).map(([encoding, encoded]): Check => ({
    name: `CSV: a file in ${encoding} is read with a comma, a semicolon or a tab between its cells`,
    async run({ caller }) {
      for (const delimiter of Object.values(CSV_DELIMITERS)) {
        for (const end of ['\n', '\r\n']) {
          const [name, phone] = ['Zoë "日本" 👩‍👩‍👧,;\t end', 'One\nTwo'];
          const rows = [
            ['name', 'email', 'phone'],
            [cell(name), newEmail(), cell(phone)],
          ];
          const text = rows.map((cells) => cells.join(delimiter) + end).join('');
          const type = encoding.startsWith('UTF-8') && end === '\n' ? `${CSV}; charset=utf-8` : CSV;
          const [outcome] = (await importCsv(caller, encoded(text), {}, type)).body.data.outcomes;
          const lead = await get(caller, outcome.leadId);
          demandEqual([lead['name'], lead['phone']], [name, phone], `name and phone with ${JSON.stringify(delimiter)} between cells`);
        }
      }
    },
  })),
  {
    name: 'CSV: an empty cell is none, a column error is left out, and a row without id is a new lead',
    async run({ caller }) {
      const [before, source] = [await caller.lead(), newSource()];
      const emails = [newEmail(), newEmail()];
      const empty = { id: '', phone: '', status: '', metadata: '', createdAt: '', updatedAt: '' };
      const rows = emails.map((email) => ['Ann', email, source, 'Must be mended', ...Object.values(empty)]);
      const outcomes = await demandImported(caller, [['name', 'email', 'source', 'Error', ...Object.keys(empty)], ...rows]);
      const ids = outcomes.map(({ leadId }) => leadId);
      demandEqual(new Set(ids).size, 2, 'different ids');
      const after = await caller.lead();
      for (const [i, id] of ids.entries()) {
        const lead = await get(caller, id!);
        const { createdAt, updatedAt, workspaceId } = lead;
        const rest = { phone: null, status: 'new', metadata: {}, workspaceId: before.workspaceId, createdAt, updatedAt };
        demandEqual(lead, { id, name: 'Ann', email: emails[i], source, ...rest, workspaceId }, 'the new lead');
        demand(String(createdAt) >= before.createdAt && String(updatedAt) <= after.createdAt, `it is of ${String(createdAt)}`);
      }
    },
  },
  {
    name: 'CSV: columns says which field a column is, also against its name, and null leaves it out',
    async run({ caller }) {
      const email = newEmail();
      const query = { columns: JSON.stringify({ Mail: 'email', 'Full Name': 'name', Notes: null, phone: null, Tel: 'phone' }) };
      const rows = [
        ['Mail', 'Full Name', 'Notes', 'phone', 'Tel'],
        [email, 'Zoe', 'Not to be kept', '1', '2'],
      ];
      const [outcome] = await demandImported(caller, rows, query);
      const { name, email: kept, phone, metadata } = await get(caller, outcome!.leadId!);
      demandEqual([name, kept, phone, metadata], ['Zoe', email, '2', {}], 'the lead');
    },
  },
  {
    name: 'CSV: an outcome names each cell that is wrong, and a row that is wrong holds up no other',
    async run({ caller }) {
      const [{ lead }, email] = [newRecord(), newEmail()];
      const rows = [
        ['id', 'name', 'email', 'status', 'metadata', 'createdAt'],
        ['', 'Ann', 'nobody', 'asleep', cell('{'), 'yesterday'],
        [lead.id, '', email, '', cell('[]'), ''],
        [lead.id, 'Ann', email, '', '', '2024-07-04T05:06:07.089+02:00'],
      ];
      const { data } = (await importCsv(caller, textOf(rows))).body;
      const seen = data.outcomes.map(({ line, leadId, outcome, code, issues = [] }: Outcome) => [
        line,
        leadId,
        outcome,
        code ?? null,
        [...new Set(issues.map(({ location }) => location))].toSorted(),
      ]);
      const expected = [
        [2, null, 'failed', 'VALIDATION_ERROR', ['lead.createdAt', 'lead.email', 'lead.metadata', 'lead.status']],
        [3, lead.id, 'failed', 'VALIDATION_ERROR', ['lead.metadata', 'lead.name']],
        [4, lead.id, 'imported', null, []],
      ];
      demandEqual([seen, data.imported, data.skipped, data.failed], [expected, 1, 0, 2], 'the outcomes, and their counts');
      demandEqual((await get(caller, lead.id))['createdAt'], '2024-07-04T03:06:07.089Z', 'a moment with an offset');
    },
  },
  {
    name: 'CSV: a dry run says what would come of each row, and brings none in',
    async run({ caller }) {
      const [source, there, { lead }] = [newSource(), await caller.lead({ email: newEmail() }), newRecord()];
      const text = textOf([
        ['id', 'name', 'email', 'source'],
        ['', 'Ann', newEmail(), source],
        [lead.id, 'Ann', newEmail(), source],
        ['', 'Ann', there.email.toUpperCase(), source],
        ['', '', newEmail(), source],
      ]);
      const outcomesOf = async (query: Readonly<Record<string, string>>) => {
        const { outcomes, ...counts } = (await importCsv(caller, text, query)).body.data;
        return [counts, outcomes.map(({ leadId, ...rest }: Outcome) => ({ ...rest, isKnown: leadId === lead.id }))];
      };
      const listed = async () => (await caller.call('leads.list', { query: { source } })).body.data.leads.length;
      const planned = await outcomesOf({ dryRun: 'true' });
      demandEqual(await listed(), 0, 'leads after the dry run');
      demandEqual([await outcomesOf({}), await listed()], [planned, 2], 'what comes of it then');
    },
  },
];

interface Outcome {
  readonly line: number;
  readonly leadId: string | null;
  readonly outcome: string;
  readonly code?: string;
  readonly issues?: readonly { readonly location: string }[];
}

function importCsv(
  caller: Calls,
  file: string | Buffer,
  query: Readonly<Record<string, string>> = {},
  type: string = CSV,
): Promise<Answer> {
  const body = Buffer.from(file);
  const headers = { 'content-type': type, 'content-length': String(body.length) };
  return caller.send({ ...requestOf('leads.import', { query }), headers, body });
}

async function demandImported(caller: Calls, rows: readonly (readonly string[])[], query: Readonly<Record<string, string>> = {}) {
  const { text, body } = await importCsv(caller, textOf(rows), query);
  demand(body.data?.imported === rows.length - 1, `not each row is imported: ${text.slice(0, 300)}`);
  return body.data.outcomes as Outcome[];
}

function textOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => cells.join(',')).join('\n');
}

function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replaceAll('"', '""')}"`;
}

function wordsOf(field: string): string[] {
  return field.split(/(?=[A-Z])/);
}
