import { run } from '../src/db/database.ts';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, Clock, useCaller, useServer } from './support/server.ts';

interface Line {
  readonly lead: { readonly id: string };
}

onEachDatabase('backups, export and import', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const exported = async (caller: Caller, query: Record<string, string> = {}) => (await caller.call('leads.export', { query })).text;
  const linesOf = (text: string): Line[] =>
    text
      .split('\n')
      .filter(Boolean)
      .slice(0, -1)
      .map((line) => JSON.parse(line));

  it('a restore brings back the same id, data, activities and campaigns, and is refused where the lead exists', async () => {
    const { lead, params } = await acme.enrolledLead({
      status: 'qualified',
      phone: '+1',
      source: 'web',
      metadata: { ä: ['ö', null, 1.5] },
    });
    await acme.call('leads.archive', { params });
    const before = (await acme.call('leads.exportOne', { params })).body.data;
    const { backupId } = (await acme.call('leads.delete', { params, query: { backup: 'true', force: 'true' } })).body.data;
    clock.advance(3600);
    const restored = await acme.call('backups.restore', { params: { backupId } });
    expect(restored.body.data).toMatchObject({ restored: { activities: 1, campaigns: 1 }, missingCampaigns: [] });
    expect((await acme.call('leads.exportOne', { params })).body.data).toEqual(before);
    expect(restored.headers.etag).toBe((await acme.call('leads.get', { params })).headers.etag);
    expect((await acme.call('leads.unarchive', { params })).body.data.status).toBe('qualified');
    const again = await acme.call('backups.restore', { params: { backupId } });
    expect([again.status, again.body.details]).toEqual([409, { leadId: lead.id }]);
  });

  it('a restore without a campaign that is gone says so', async () => {
    const { campaign, params } = await acme.enrolledLead({ email: 'campaign@example.com' });
    const { backupId } = (await acme.call('leads.delete', { params, query: { backup: 'true', force: 'true' } })).body.data;
    await acme.call('campaigns.update', { params, body: { status: 'completed' } });
    await acme.call('campaigns.delete', { params });
    const { data } = (await acme.call('backups.restore', { params: { backupId } })).body;
    expect([data.restored.campaigns, data.missingCampaigns]).toEqual([0, [campaign.id]]);
  });

  it('a restore of many brings back each lead as it was, and what is refused holds up no other', async () => {
    const caller = await server.workspace();
    const ids: string[] = [];
    for (let i = 0; i < 260; i++) ids.push((await caller.lead({ email: `lead.${i}@example.com`, metadata: { i } })).id);
    const { lead, params } = await caller.enrolledLead({ email: 'enrolled@example.com' });
    await caller.call('activities.create', { params, body: { type: 'note', text: 'Met at the fair' } });
    const before = await exported(caller);
    const { outcomes } = (await caller.call('leads.bulkDelete', { body: { ids: [lead.id, ...ids], backup: true, force: true } })).body.data;
    const [first, ...backupIds]: string[] = outcomes.map(({ backupId }: { backupId: string }) => backupId);
    clock.advance(3600);
    const asked = ['backup_unknown', 'no\u0000id', ...backupIds, first!];
    const { data } = (await caller.call('backups.bulkRestore', { body: { backupIds: asked } })).body;
    expect([data.restored, data.skipped, data.failed]).toEqual([261, 0, 2]);
    expect(data.outcomes.map(({ backupId }: { backupId: string }) => backupId)).toEqual(asked);
    expect(data.outcomes.slice(1, 3)).toEqual([
      { backupId: 'no\u0000id', leadId: null, outcome: 'failed', code: 'BACKUP_NOT_FOUND' },
      { backupId: backupIds[0], leadId: ids[0], outcome: 'restored' },
    ]);
    expect(await exported(caller)).toBe(before);
    const entries = (await caller.call('auditLog.list', { query: { action: 'backup.restored', leadId: ids[7]! } })).body.data.entries;
    expect(entries).toMatchObject([{ leadId: ids[7], details: { backupId: backupIds[7] } }]);
    expect((await caller.call('deletions.get', { params: { leadId: ids[7]! } })).body.data.restoredAt).not.toBeNull();
  });

  it('a restore of many says of each lead why it stays away, and of two backups of one takes the first', async () => {
    const caller = await server.workspace();
    const [erased, taken, twice, lost] = await Promise.all(
      ['erased', 'taken', 'twice', 'lost'].map((name) => caller.lead({ email: `${name}@example.com` })),
    );
    const campaign = await caller.campaign({ status: 'paused' });
    await caller.call('campaigns.enroll', { params: { campaignId: campaign.id }, body: { leadIds: [lost.id] } });
    const backupOf = async (leadId: string) => (await caller.call('backups.create', { params: { leadId } })).body.data.id as string;
    const backups = { erased: await backupOf(erased.id), taken: await backupOf(taken.id), lost: await backupOf(lost.id) };
    const [older, newer] = [await backupOf(twice.id), await backupOf(twice.id)];
    await caller.call('leads.bulkDelete', { body: { ids: [erased.id, taken.id, twice.id, lost.id] } });
    await caller.call('campaigns.delete', { params: { campaignId: campaign.id } });
    await run(server.db, 'insert into erased_leads values ($1, $2)', [caller.workspaceId, erased.id]);
    const { id: existingLeadId } = await caller.lead({ email: 'TAKEN@example.com' });
    const restore = async (query: Record<string, string>, ...backupIds: string[]) =>
      (await caller.call('backups.bulkRestore', { query, body: { backupIds } })).body.data;
    expect((await restore({}, backups.erased, backups.taken, newer, older, backups.lost)).outcomes).toEqual([
      { backupId: backups.erased, leadId: erased.id, outcome: 'failed', code: 'LEAD_ERASED' },
      { backupId: backups.taken, leadId: taken.id, outcome: 'failed', code: 'EMAIL_EXISTS', existingLeadId },
      { backupId: newer, leadId: twice.id, outcome: 'restored' },
      { backupId: older, leadId: twice.id, outcome: 'skipped', code: 'LEAD_EXISTS' },
      { backupId: backups.lost, leadId: lost.id, outcome: 'restored', missingCampaigns: [campaign.id] },
    ]);
    expect(await restore({ allowDuplicateEmail: 'true' }, backups.taken)).toMatchObject({ restored: 1, skipped: 0, failed: 0 });
  });

  it('a backup ends by itself after its time, for every operation at once', async () => {
    const params = { leadId: (await acme.lead()).id };
    const { id: backupId, expiresAt } = (await acme.call('backups.create', { params })).body.data;
    expect(Date.parse(expiresAt) - clock.now().getTime()).toBe(30 * 86_400_000);
    clock.advance(30 * 86_400);
    for (const operation of ['backups.get', 'backups.restore', 'backups.delete'] as const) {
      expect((await acme.call(operation, { params: { backupId } })).status).toBe(404);
    }
    expect((await acme.call('backups.bulkRestore', { body: { backupIds: [backupId] } })).body.data.failed).toBe(1);
    expect((await acme.call('backups.list', { query: { leadId: params.leadId } })).body.data.backups).toEqual([]);
    expect((await acme.call('leads.deletionPreview', { params })).body.data.backups).toBe(0);
  });

  it('export → delete all → import gives back equal data', async () => {
    const caller = await server.workspace();
    const { params } = await caller.enrolledLead({
      name: 'Ünï "quoted"\n',
      metadata: JSON.parse('{"__proto__":{"a":1},"n":0.1}') as object,
    });
    for (let i = 0; i < 600; i++) await caller.lead({ name: `Lead ${i}`, source: i % 2 ? 'web' : null });
    await caller.call('leads.archive', { params: { leadId: linesOf(await exported(caller))[5]!.lead.id } });
    const before = await exported(caller);
    const stats = (await caller.call('leads.stats')).body.data;
    const ids = linesOf(before).map(({ lead }) => lead.id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    for (let i = 0; i < ids.length; i += 500) {
      const { failed } = (await caller.call('leads.bulkDelete', { body: { ids: ids.slice(i, i + 500), force: true } })).body.data;
      expect(failed).toBe(0);
    }
    expect(await exported(caller)).toBe('{"export":{"leads":0}}\n');
    clock.advance(1);
    const { data } = (await caller.call('leads.import', { body: before })).body;
    expect([data.imported, data.skipped, data.failed]).toEqual([601, 0, 0]);
    expect(await exported(caller)).toBe(before);
    expect((await caller.call('leads.stats')).body.data).toEqual(stats);
    expect((await caller.call('deletions.get', { params })).body.data.restoredAt).not.toBeNull();
  });

  it('an import says what came of each line, and a wrong one holds up no other', async () => {
    const good = JSON.parse(await exportOf(acme)) as { lead: object };
    const line = (lead: object, more: object = {}) => JSON.stringify({ ...good, lead: { ...good.lead, ...lead }, ...more });
    const body = [
      line({ id: 'lead_import1' }),
      '',
      'not JSON',
      line({ id: 'lead_import2', email: 'no address', extra: 1 }),
      line({ id: 'lead_import1' }),
      JSON.stringify(good),
      line({ id: 'lead_import3' }, { campaigns: [{ id: 'camp_gone', enrolledAt: '2024-01-15T12:00:00.000Z' }] }),
      line({ id: 'lead_import4', workspaceId: 'ws_other' }),
      'null',
      line({ id: 'lead_import5', createdAt: '0000-01-01T00:00:00.000Z' }),
    ].join('\r\n');
    const { data } = (await acme.call('leads.import', { body, query: { allowDuplicateEmail: 'true' } })).body;
    expect([data.imported, data.skipped, data.failed]).toEqual([3, 1, 5]);
    expect(data.outcomes).toMatchObject([
      { line: 1, outcome: 'imported' },
      { line: 3, leadId: null, outcome: 'failed', code: 'INVALID_JSON' },
      { line: 4, leadId: 'lead_import2', code: 'VALIDATION_ERROR', issues: [{ location: 'lead.email' }, { location: 'lead.extra' }] },
      { line: 5, outcome: 'failed', issues: [{ location: 'lead.id' }] },
      { line: 6, outcome: 'skipped', code: 'LEAD_EXISTS' },
      { line: 7, outcome: 'imported', missingCampaigns: ['camp_gone'] },
      { line: 8, outcome: 'imported' },
      { line: 9, outcome: 'failed', code: 'VALIDATION_ERROR' },
      { line: 10, issues: [{ location: 'lead.createdAt' }] },
    ]);
    const imported = await acme.call('leads.get', { params: { leadId: 'lead_import4' } });
    expect(imported.body.data.workspaceId).toBe(acme.workspaceId);
  });

  it.each(['lead_\0', 'a/b', '.', '', 'x'.repeat(65)])(
    'an import refuses the id %j, or what it takes can be reached and deleted',
    async (id) => {
      const good = JSON.parse(await exportOf(acme)) as { lead: object };
      const { data } = (await acme.call('leads.import', { body: JSON.stringify({ ...good, lead: { ...good.lead, id } }) })).body;
      if (data.imported === 0) expect(data.outcomes[0].code).toBe('VALIDATION_ERROR');
      else expect((await acme.call('leads.delete', { params: { leadId: id } })).status).toBe(200);
    },
  );

  it('an import refuses a record that holds anything twice, and tells of a hundred of the things that are wrong with a line', async () => {
    const good = JSON.parse(await exportOf(acme)) as { lead: { id: string } };
    const moment = '2024-01-15T12:00:00.000Z';
    const activity = { id: 'act_1', leadId: good.lead.id, type: 'note', text: 'x', metadata: {}, occurredAt: moment, createdAt: moment };
    const campaign = { id: 'camp_1', enrolledAt: moment };
    const lines = [
      { ...good, activities: [activity, activity] },
      { ...good, campaigns: [campaign, campaign] },
      { ...good, activities: Array.from({ length: 101 }, () => ({ ...activity, type: 'none' })) },
      { ...good, lead: { ...good.lead, id: 'x'.repeat(65) } },
    ];
    // A line of blanks is no line.
    const body = lines.map((line) => `${JSON.stringify(line)}\n \t`).join('\n');
    const { outcomes } = (await acme.call('leads.import', { body })).body.data;
    expect(outcomes).toMatchObject([
      { line: 1, issues: [{ location: 'activities', message: 'Must not hold an activity twice' }] },
      { line: 3, issues: [{ location: 'campaigns', message: 'Must not hold a campaign twice' }] },
      { line: 5, issues: { length: 100, 0: { location: 'activities.0.type' } } },
      { line: 7, leadId: 'x'.repeat(64), issues: { 0: { location: 'lead.id' } } },
    ]);
  });

  it('an import says one thing of a lead whose e-mail address several have', async () => {
    const email = 'several.have.it@example.com';
    const [, other] = [await acme.lead({ email }), await acme.lead({ email })];
    const record = (await acme.call('leads.exportOne', { params: { leadId: other.id } })).body.data;
    const lines = ['lead_several1', 'lead_several2'].map((id, i) =>
      JSON.stringify({ ...record, lead: { ...record.lead, id, email: i === 0 ? email : 'nobody.has.it@example.com' } }),
    );
    expect((await acme.call('leads.import', { body: lines.join('\n') })).body.data.outcomes).toEqual([
      { line: 1, leadId: 'lead_several1', outcome: 'failed', code: 'EMAIL_EXISTS', existingLeadId: expect.stringMatching(/^lead_/) },
      { line: 2, leadId: 'lead_several2', outcome: 'imported' },
    ]);
  });

  it('an import refuses a number that would come back as another one, and names its field', async () => {
    const lead = await acme.lead({ metadata: { leadgen_id: 1 } });
    const record = (await acme.call('leads.exportOne', { params: { leadId: lead.id } })).body.data;
    const line = JSON.stringify(record).replace('"leadgen_id":1', '"leadgen_id":1234567890123456789');
    const [outcome] = (await acme.call('leads.import', { body: line })).body.data.outcomes;
    expect([outcome.outcome, outcome.code, outcome.issues.map(({ location }: { location: string }) => location)]).toEqual([
      'failed',
      'VALIDATION_ERROR',
      ['lead.metadata.leadgen_id'],
    ]);
  });

  it('an export has the filters of the list, and as CSV no formula that a spreadsheet would run', async () => {
    const caller = await server.workspace();
    const lead = await caller.lead({ name: '=HYPERLINK("http://x")', phone: '+1', source: 'a,b' });
    await caller.lead({ name: 'Other', source: 'web' });
    expect(linesOf(await exported(caller, { source: 'web' }))).toHaveLength(1);
    expect(linesOf(await exported(caller, { search: 'hyper' })).map((line) => line.lead.id)).toEqual([lead.id]);
    const csv = await caller.call('leads.export', { query: { format: 'csv', source: 'a,b' } });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.text).toBe(
      'id,name,email,phone,source,status,metadata,createdAt,updatedAt\r\n' +
        `${lead.id},"'=HYPERLINK(""http://x"")",ann@example.com,'+1,"a,b",new,{},${lead.createdAt},${lead.updatedAt}\r\n`,
    );
  });

  it('one body of an import is bounded, in lines and in bytes', async () => {
    const many = await acme.call('leads.import', { body: '{}\n'.repeat(10_001) });
    expect([many.status, many.body.details.issues[0].location]).toEqual([400, 'body']);
    const large = await acme.call('leads.import', { body: 'x'.repeat(16_777_217) });
    expect([large.status, large.body.details]).toEqual([413, { maxBytes: 16_777_216 }]);
    const json = await acme.call('leads.import', { body: '{}', headers: { 'content-type': 'application/json' } });
    expect([json.status, json.body.details]).toEqual([415, { supported: ['application/x-ndjson', 'text/csv'] }]);
  });

  async function exportOf(caller: Caller): Promise<string> {
    const lead = await caller.lead({ source: 'one' });
    return JSON.stringify((await caller.call('leads.exportOne', { params: { leadId: lead.id } })).body.data);
  }
});
