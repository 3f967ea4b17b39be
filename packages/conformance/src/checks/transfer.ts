import { CreateLeadSchema, CSV_DELIMITERS, EXPORT_FORMATS, EXPORT_TRAILER } from '@leads/contract';
import type { Check } from '../check.ts';
import { fieldsOf } from '../fields.ts';
import type { Item } from '../filters.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newRecord, newSource } from '../valid-calls.ts';

/** What a spreadsheet would run as a formula. */
const FORMULAS = ['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1'];

/** What is promised of exports and imports besides that they lose nothing. */
export const transferChecks: readonly Check[] = [
  {
    name: 'export: CSV has a column for each field, and the content of each lead',
    async run({ caller }) {
      const source = newSource();
      const made: Item[] = [
        await caller.lead({ source, name: 'Says "hello", often', phone: null, metadata: { a: [1, '"'] } }),
        await caller.lead({ source, name: 'Two\nlines', phone: '0049 1', status: 'lost' }),
      ];
      for (const character of Object.values(CSV_DELIMITERS)) made.push(await caller.lead({ source, name: `Has ${character} in it` }));
      for (const [delimiter, character] of Object.entries(CSV_DELIMITERS)) {
        const { text: exported } = await caller.call('leads.export', { query: { source, format: 'csv', delimiter } });
        const [header, ...rows] = csvRows(exported, character);
        const columns = header!.map((name) => name.replace(/^\uFEFF/, ''));
        for (const { name } of [{ name: 'id' }, ...fieldsOf(CreateLeadSchema), { name: 'createdAt' }, { name: 'updatedAt' }]) {
          demand(columns.includes(name), `no column ${name}`);
        }
        const valueOf = (lead: Item, name: string) =>
          typeof lead[name] === 'object' && lead[name] !== null ? lead[name] : (lead[name] ?? '');
        const parsed = rows.map((row) =>
          Object.fromEntries(row.map((text, i) => [columns[i]!, columns[i] === 'metadata' ? JSON.parse(text) : text])),
        );
        const expected = made.map((lead) => Object.fromEntries(columns.map((name) => [name, valueOf(lead, name)])));
        const byId = (rowsOf: readonly Item[]) => rowsOf.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
        demandEqual(byId(parsed), byId(expected), `the rows with a ${delimiter}`);
      }
    },
  },
  {
    name: 'export: CSV has no field that a spreadsheet would take for a formula',
    async run({ caller }) {
      const source = newSource();
      for (const formula of FORMULAS) await caller.lead({ source, name: `${formula}x`, phone: formula });
      await caller.lead({ source: `=${source}` });
      for (const query of [{ source }, { source: `=${source}` }]) {
        const [, ...rows] = csvRows((await caller.call('leads.export', { query: { ...query, format: 'csv' } })).text);
        demand(rows.length > 0, 'no rows');
        demandEqual(
          rows.flat().filter((text) => /^[=+\-@\t\r]/.test(text)),
          [],
          'the formulas',
        );
      }
    },
  },
  {
    name: 'export: is in the order of the ids',
    async run({ caller }) {
      const source = newSource();
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.push((await caller.lead({ source })).id);
      const { text } = await caller.call('leads.export', { query: { source } });
      const found = text
        .split('\n')
        .filter(Boolean)
        .flatMap((line) => JSON.parse(line).lead?.id ?? []);
      demandEqual(found, ids.toSorted(), 'the ids');
    },
  },
  ...Object.keys(EXPORT_FORMATS.mediaTypes).map((format): Check => ({
    name: `export: as ${format} it ends with a trailer that says how many leads it has`,
    async run({ caller }) {
      const source = newSource();
      for (let n = 0; n < 3; n++) await caller.lead({ source });
      const { trailers } = await caller.call('leads.export', { query: { source, format } });
      demandEqual(trailers[EXPORT_TRAILER.toLowerCase()], '3', EXPORT_TRAILER);
    },
  })),
  ...['lead.createdAt', 'lead.updatedAt', 'activities.0.createdAt', 'campaigns.0.enrolledAt'].map((location): Check => ({
    name: `import: ${location} cannot be in the future`,
    async run({ caller }) {
      const [{ lead, activity, campaign, params }, at] = [await caller.enrolledLead(), '2999-01-01T00:00:00.000Z'];
      await caller.call('campaigns.update', { params: { campaignId: campaign.id }, body: { status: 'paused' } });
      const record = (await caller.call('leads.exportOne', { params })).body.data;
      await caller.call('leads.delete', { params });
      const [part, ...rest] = location.split('.');
      const ahead = { [rest.at(-1)!]: at };
      const changed =
        part === 'lead' ? { lead: { ...lead, ...ahead } } : { [part!]: record[part!].map((each: object) => ({ ...each, ...ahead })) };
      demand(record.activities[0].id === activity.id, 'the record lacks the activity');
      const { outcomes } = (await caller.call('leads.import', { body: JSON.stringify({ ...record, ...changed }) })).body.data;
      demandEqual([outcomes[0].outcome, outcomes[0].issues?.[0].location], ['failed', location], 'the outcome');
      demandEqual((await caller.call('leads.get', { params })).status, 404, 'the status of the lead');
    },
  })),
  {
    name: 'import: two leads of one import may have one e-mail address',
    async run({ caller }) {
      const email = newEmail();
      const body = [newRecord({ email }), newRecord({ email: email.toUpperCase() })].map((record) => JSON.stringify(record)).join('\n');
      const { outcomes } = (await caller.call('leads.import', { body })).body.data;
      demandEqual(
        outcomes.map(({ outcome }: Item) => outcome),
        ['imported', 'imported'],
        'the outcomes',
      );
    },
  },
  {
    name: 'import: an outcome for each line, and what was there stays as it is',
    async run({ caller }) {
      const there = await caller.lead({ name: 'Zoe Miller' });
      const [one, two] = [newRecord(), newRecord()];
      const lines = [one, { lead: { ...there, name: 'Another' } }, '', 'no JSON', { lead: { ...two.lead, name: '' } }, two, two];
      const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      const { outcomes, ...counts } = (await caller.call('leads.import', { query: { allowDuplicateEmail: 'true' }, body })).body.data;
      const expected = [
        { line: 1, leadId: one.lead.id, outcome: 'imported' },
        { line: 2, leadId: there.id, outcome: 'skipped', code: 'LEAD_EXISTS' },
        { line: 4, leadId: null, outcome: 'failed', code: 'INVALID_JSON' },
        { line: 5, leadId: two.lead.id, outcome: 'failed', code: 'VALIDATION_ERROR' },
        { line: 6, leadId: two.lead.id, outcome: 'imported' },
        { line: 7, leadId: two.lead.id, outcome: 'failed', code: 'VALIDATION_ERROR' },
      ];
      const seen = outcomes.map(({ line, leadId, outcome, code }: Item) => ({
        line,
        leadId,
        outcome,
        ...(code !== undefined && { code }),
      }));
      demandEqual(seen, expected, 'the outcomes');
      demandEqual(pick(counts, ['imported', 'skipped', 'failed']), { imported: 2, skipped: 1, failed: 3 }, 'the counts');
      demandEqual((await caller.call('leads.get', { params: { leadId: there.id } })).body.data, there, 'the lead that was there');
      demand(
        outcomes[3].issues.some(({ location }: { location: string }) => location === 'lead.name'),
        'the wrong field is not named',
      );
    },
  },
  {
    name: 'import: leads come into the workspace of the key, with campaigns that it has',
    async run({ caller }) {
      const [{ workspaceId }, { id: campaignId }] = [await caller.lead(), await caller.campaign()];
      const record = newRecord({ createdAt: '2024-01-15T10:30:00.123Z', updatedAt: '2024-01-15T10:30:00.456Z' });
      const enrolledAt = '2024-01-15T10:30:00.123Z';
      const campaigns = [
        { id: campaignId, enrolledAt },
        { id: 'camp_never', enrolledAt },
      ];
      const { outcomes } = (
        await caller.call('leads.import', { query: { allowDuplicateEmail: 'true' }, body: JSON.stringify({ ...record, campaigns }) })
      ).body.data;
      demandEqual(outcomes[0].missingCampaigns, ['camp_never'], 'the missing campaigns');
      const made = (await caller.call('leads.exportOne', { params: { leadId: record.lead.id } })).body.data;
      demandEqual([made.lead, made.campaigns], [{ ...record.lead, workspaceId }, campaigns.slice(0, 1)], 'the lead, and its campaigns');
    },
  },
  {
    name: 'import: an export that lacks a line is refused, and nothing of it is imported',
    async run({ caller }) {
      const source = newSource();
      const ids = [(await caller.lead({ source })).id, (await caller.lead({ source })).id];
      const { text } = await caller.call('leads.export', { query: { source } });
      for (const leadId of ids) await caller.call('leads.delete', { params: { leadId } });
      const { status } = await caller.call('leads.import', { body: text.slice(text.indexOf('\n') + 1) });
      demandEqual(status, 400, 'the status');
      for (const leadId of ids) demandEqual((await caller.call('leads.get', { params: { leadId } })).status, 404, `the lead ${leadId}`);
    },
  },
  {
    name: 'import: CSV takes off the quote that guards a formula, unless formulaGuard is false',
    async run({ caller }) {
      for (const formulaGuard of [undefined, 'true', 'false']) {
        const query = { ...(formulaGuard && { formulaGuard }) };
        const body = `name,email\n"'=1+1",${newEmail()}`;
        const { outcomes } = (await caller.call('leads.import', { headers: { 'content-type': 'text/csv' }, query, body })).body.data;
        const { name } = (await caller.call('leads.get', { params: { leadId: outcomes[0].leadId } })).body.data;
        demandEqual(name, formulaGuard === 'false' ? "'=1+1" : '=1+1', `the name with formulaGuard=${formulaGuard}`);
      }
    },
  },
  {
    name: 'import: CSV says of each row on which line of the file it begins',
    async run({ caller }) {
      const rows = ['name,email', `"Two\r\n\nlines",${newEmail()}`, 'Ann,nobody', '', `Bob,${newEmail()}`];
      const { outcomes } = (await caller.call('leads.import', { headers: { 'content-type': 'text/csv' }, body: rows.join('\n') })).body
        .data;
      const seen = outcomes.map(({ line, outcome }: Item) => [line, outcome]);
      const expected = [
        [2, 'imported'],
        [5, 'failed'],
        [7, 'imported'],
      ];
      demandEqual(seen, expected, 'the outcomes');
    },
  },
];

function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

/** The rows of a text in CSV, as RFC 4180 has it. */
function csvRows(text: string, delimiter = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`, 'g');
  for (const [, quoted, plain, end] of text.matchAll(cells)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === delimiter) continue;
    if (row.join('') !== '') rows.push(row);
    row = [];
  }
  return rows;
}
