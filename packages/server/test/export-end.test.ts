import { request } from 'node:http';
import { EXPORT_TRAILER } from '@leads/contract';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { Clock, useCaller, useServer } from './support/server.ts';

onEachDatabase('the end of an export, and the moments of an import', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);

  it('an export says how many leads it has, in its last line and in a trailer', async () => {
    const caller = await server.workspace();
    for (const leads of [0, 3]) {
      for (let i = 0; i < leads; i++) await caller.lead();
      const { text } = await caller.call('leads.export');
      expect(text.trimEnd().split('\n').at(-1)).toBe(`{"export":{"leads":${leads}}}`);
      expect(text.trimEnd().split('\n')).toHaveLength(leads + 1);
      for (const format of ['ndjson', 'csv']) expect(await trailerOf(caller, format)).toBe(String(leads));
    }
  });

  it('an export is a file named by its format, and is written down with that and with what it was filtered by', async () => {
    const caller = await server.workspace();
    for (const format of ['ndjson', 'csv']) {
      const { headers } = await caller.call('leads.export', { query: { format, status: 'new' } });
      expect(headers).toMatchObject({ 'content-disposition': `attachment; filename="leads.${format}"`, trailer: EXPORT_TRAILER });
      const { entries } = (await caller.call('auditLog.list', { query: { action: 'leads.exported', limit: '1' } })).body.data;
      expect(entries[0]).toMatchObject({ leadId: null, details: { format, filters: ['status'] } });
    }
    const { id: leadId } = await caller.lead();
    await caller.call('leads.exportOne', { params: { leadId } });
    const { entries } = (await caller.call('auditLog.list', { query: { leadId } })).body.data;
    expect(entries[0]).toMatchObject({ action: 'leads.exported', details: { format: 'json' } });
  });

  it('leads may have activities of the same ids, and each is exported with its own', async () => {
    const caller = await server.workspace();
    const moment = '2024-01-15T10:30:00.000Z';
    const bodies = ['lead_one', 'lead_two'].map((id) => {
      const activity = { id: 'act_1', leadId: id, type: 'note', text: `Of ${id}`, metadata: {}, occurredAt: moment, createdAt: moment };
      return record({ id, email: `${id}@example.com` }, { activities: [activity] });
    });
    expect((await caller.call('leads.import', { body: bodies.join('\n') })).body.data.imported).toBe(2);
    const lines = (await caller.call('leads.export')).text.trimEnd().split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line)).map(({ lead, activities }) => [lead.id, activities.length, activities[0].text])).toEqual([
      ['lead_one', 1, 'Of lead_one'],
      ['lead_two', 1, 'Of lead_two'],
    ]);
  });

  it('an export that lacks lines is not imported, and one file may hold several', async () => {
    const caller = await server.workspace();
    for (let i = 0; i < 3; i++) await caller.lead();
    const { text } = await caller.call('leads.export');
    const lines = text.trimEnd().split('\n');
    const [first, ...rest] = lines;
    const { status, body } = await acme.call('leads.import', { body: rest.join('\n') });
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(body.details.issues).toEqual([
      { location: 'body', message: expect.stringContaining('3 leads, and there are 2'), code: 'custom' },
    ]);
    expect((await acme.call('leads.list')).body.data.leads).toEqual([]);
    const two = await acme.call('leads.import', { body: `${text}${first}\n\n{"export":{"leads":1}}\n`, query: { dryRun: 'true' } });
    expect(two.body.data).toMatchObject({ imported: 3, failed: 1 });
    expect((await acme.call('leads.import', { body: lines.slice(0, 2).join('\n') })).body.data).toMatchObject({ imported: 2, failed: 0 });
  });

  const record = (lead: object, more: object = {}) =>
    JSON.stringify({
      lead: {
        id: 'lead_moments',
        name: 'Ann',
        email: 'moments@example.com',
        phone: null,
        source: null,
        status: 'new',
        metadata: {},
        createdAt: '2024-01-15T10:30:00.000Z',
        updatedAt: '2024-01-15T10:30:00.000Z',
        workspaceId: 'ws_other',
        ...lead,
      },
      ...more,
    });

  it.each([
    ['2024-01-15T10:30:00Z', '2024-01-15T10:30:00.000Z'],
    ['2024-01-15T10:30:00.123456Z', '2024-01-15T10:30:00.123Z'],
    ['2024-01-15T10:30:00+02:00', '2024-01-15T08:30:00.000Z'],
  ])('a moment written as %s is taken, and answered as %s', async (written, kept) => {
    const caller = await server.workspace();
    const { campaign } = await caller.enrolledLead();
    const activities = [
      { id: 'act_1', leadId: 'lead_moments', type: 'note', text: 'x', metadata: {}, occurredAt: written, createdAt: written },
    ];
    const body = record({ createdAt: written, updatedAt: written }, { activities, campaigns: [{ id: campaign.id, enrolledAt: written }] });
    expect((await caller.call('leads.import', { body })).body.data.imported).toBe(1);
    const { data } = (await caller.call('leads.exportOne', { params: { leadId: 'lead_moments' } })).body;
    const moments = [
      data.lead.createdAt,
      data.lead.updatedAt,
      data.activities[0].occurredAt,
      data.activities[0].createdAt,
      data.campaigns[0].enrolledAt,
    ];
    expect(moments).toEqual(moments.map(() => kept));
  });

  it('a moment in the future is refused for its line, but for the little that clocks differ', async () => {
    const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000).toISOString();
    const activity = {
      id: 'act_1',
      leadId: 'lead_moments',
      type: 'meeting',
      text: 'x',
      metadata: {},
      occurredAt: at(86_400),
      createdAt: at(0),
    };
    const cases: [string, string][] = [
      ['lead.updatedAt', record({ updatedAt: '9999-12-31T00:00:00.000Z' })],
      ['lead.createdAt', record({ createdAt: at(301) })],
      ['activities.0.createdAt', record({}, { activities: [{ ...activity, createdAt: at(301) }] })],
      ['campaigns.0.enrolledAt', record({}, { campaigns: [{ id: 'camp_1', enrolledAt: at(301) }] })],
    ];
    for (const [location, body] of cases) {
      const { data } = (await acme.call('leads.import', { body })).body;
      expect(data.outcomes).toMatchObject([{ line: 1, outcome: 'failed', code: 'VALIDATION_ERROR', issues: [{ location }] }]);
    }
    const taken = record({ updatedAt: at(300) }, { activities: [activity] });
    expect((await acme.call('leads.import', { body: taken })).body.data.imported).toBe(1);
  });

  function trailerOf({ url, key }: { url: string; key: string }, format: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}` };
      const outgoing = request(`${url}/api/v1/leads/export?format=${format}`, { headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.trailers[EXPORT_TRAILER.toLowerCase()]));
      });
      outgoing.on('error', reject).end();
    });
  }
});
