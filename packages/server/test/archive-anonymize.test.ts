import { LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { Clock, useCaller, useServer } from './support/server.ts';

onEachDatabase('instead of a deletion', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const get = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).body.data;

  it('an archive writes exactly the fields of the published sample, and unarchiving takes them back', async () => {
    const lead = await acme.lead({ status: 'qualified', metadata: { company: 'Acme' } });
    const params = { leadId: lead.id };
    clock.advance(1);
    const archived = await acme.call('leads.archive', { params, body: { reason: 'No longer interested' } });
    expect(archived.body.data).toEqual({
      ...lead,
      status: 'lost',
      metadata: { company: 'Acme', archived: true, archived_at: clock.now().toISOString(), archived_reason: 'No longer interested' },
      updatedAt: clock.now().toISOString(),
    });
    const restored = await acme.call('leads.unarchive', { params });
    expect(restored.body.data).toEqual({ ...lead, updatedAt: clock.now().toISOString() });
  });

  it('an update with the body of the published sample means the same: unarchiving brings back the former status', async () => {
    const lead = await acme.lead({ status: 'contacted' });
    const params = { leadId: lead.id };
    const metadata = { archived: true, archived_at: clock.now().toISOString(), archived_reason: 'No longer interested' };
    await acme.call('leads.update', { params, body: { status: 'lost', metadata } });
    const ids = (await acme.call('leads.list', { query: { archived: 'true' } })).body.data.leads.map(({ id }: { id: string }) => id);
    expect(ids).toContain(lead.id);
    expect((await acme.call('leads.unarchive', { params })).body.data).toMatchObject({ status: 'contacted', metadata: {} });
  });

  it('archiving twice keeps the first archive, and a status set since is kept on unarchiving', async () => {
    const params = { leadId: (await acme.lead({ status: 'new' })).id };
    const first = await acme.call('leads.archive', { params, body: { reason: 'First' } });
    const second = await acme.call('leads.archive', { params, body: { reason: 'Second' } });
    expect([second.text, second.headers.etag]).toEqual([first.text, first.headers.etag]);
    await acme.call('leads.update', { params, body: { status: 'follow_up' } });
    expect((await acme.call('leads.unarchive', { params })).body.data.status).toBe('follow_up');
  });

  it('a lead that is changed while it is archived has its former status again afterwards, and nothing of the archive', async () => {
    const lead = await acme.lead({ status: 'contacted' });
    const params = { leadId: lead.id };
    await acme.call('leads.archive', { params });
    const { id: other } = await acme.lead();
    await acme.call('leads.archive', { params: { leadId: other } });
    await acme.call('leads.update', { params, body: { phone: '1' } });
    expect((await acme.call('leads.unarchive', { params })).body.data).toMatchObject({ status: 'contacted', metadata: {} });
    expect((await acme.call('leads.exportOne', { params })).body.data.statusBeforeArchive).toBeNull();
    expect((await get(other)).status).toBe('lost');
  });

  it('the archived filter of list tells both kinds apart, with right totals', async () => {
    const caller = await server.workspace();
    const [a] = [await caller.lead(), await caller.lead(), await caller.lead()];
    await caller.call('leads.archive', { params: { leadId: a.id } });
    const totals = await Promise.all(
      ['true', 'false'].map(async (archived) => (await caller.call('leads.list', { query: { archived } })).body.data.pagination.total),
    );
    expect(totals).toEqual([1, 2]);
  });

  it('400: an archive that leaves no room in the metadata changes nothing', async () => {
    const lead = await acme.lead({ metadata: { text: 'x'.repeat(16_370) } });
    const answer = await acme.call('leads.archive', { params: { leadId: lead.id } });
    expect([answer.status, answer.body.details.issues[0].location]).toEqual([400, 'body.reason']);
    expect(await get(lead.id)).toEqual(lead);
  });

  it('an archive may take all of the room that there is in the metadata', async () => {
    const mark = { archived: true, archived_at: clock.now().toISOString(), archived_reason: null };
    // Many keys: PostgreSQL's own text of them is longer than the JSON that is counted.
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key_${i}`, [i, { i }]]));
    const room = LEAD_METADATA_MAX_BYTES - JSON.stringify({ ...many, ...mark, text: '' }).length;
    const answers = [];
    for (const text of ['x'.repeat(room), 'x'.repeat(room + 1)]) {
      const { id } = await acme.lead({ metadata: { ...many, text } });
      answers.push((await acme.call('leads.archive', { params: { leadId: id } })).status);
    }
    expect(answers).toEqual([200, 400]);
  });

  it('an anonymization removes the person and keeps id, status, source, times, campaigns and counts', async () => {
    const caller = await server.workspace();
    const fields = {
      name: 'Ann Secret',
      phone: '+1 2',
      source: 'web',
      metadata: { segment: 'a', note: 'secret', born: '1990-01-15T00:00:00Z' },
    };
    const { lead, campaign, params } = await caller.enrolledLead(fields);
    await caller.call('backups.create', { params });
    await caller.call('leads.archive', { params, body: { reason: 'Ann asked' } });
    const before = (await caller.call('leads.stats')).body.data;
    clock.advance(60);
    const { data, message } = (await caller.call('leads.anonymize', { params, body: { keepMetadata: ['segment'], reason: 'Art. 17' } }))
      .body;
    expect(message).toBe('Lead anonymized successfully');
    expect(data.removed).toEqual({ activityTexts: 1, backups: 1 });
    expect(data.lead).toMatchObject({
      id: lead.id,
      name: 'Anonymized',
      email: `${lead.id}@anonymized.invalid`,
      phone: null,
      source: 'web',
      status: 'lost',
      metadata: { segment: 'a', archived: true, archived_at: expect.any(String) },
      createdAt: lead.createdAt,
    });
    expect(Object.keys(data.lead.metadata).toSorted()).toEqual(['archived', 'archived_at', 'segment']);
    const [activity] = (await caller.call('activities.list', { params })).body.data.activities;
    expect([activity.text, activity.metadata]).toEqual(['[anonymized]', {}]);
    expect((await caller.call('campaigns.listLeads', { params })).body.data.enrollments).toHaveLength(1);
    expect((await caller.call('backups.list', { query: { leadId: lead.id } })).body.data.backups).toEqual([]);
    expect((await caller.call('leads.stats')).body.data).toEqual(before);
    expect(campaign.status).toBe('active');
  });

  it('an anonymization keeps nothing that only has the name of what an archive writes', async () => {
    const { id: leadId } = await acme.lead({ metadata: { archived: 'Ann', archived_at: 'Ann left in 2024', archived_reason: 'Ann' } });
    expect((await acme.call('leads.anonymize', { params: { leadId } })).body.data.lead.metadata).toEqual({});
  });

  it('stats count by status, source and day, as the leads come and go', async () => {
    const caller = await server.workspace();
    const gone = [];
    for (const fields of [{ source: 'web' }, {}, { source: 'fair' }, { source: 'web' }]) await caller.lead(fields);
    for (const fields of [{ source: 'web', status: 'lost' }, { source: 'ads' }]) gone.push((await caller.lead(fields)).id);
    for (const leadId of gone) await caller.call('leads.delete', { params: { leadId } });
    const today = clock.now().toISOString().slice(0, 10);
    expect((await caller.call('leads.stats')).body.data).toEqual({
      total: 4,
      byStatus: { new: 4, contacted: 0, qualified: 0, converted: 0, lost: 0, follow_up: 0 },
      bySource: [
        { source: 'web', count: 2 },
        { source: 'fair', count: 1 },
        { source: null, count: 1 },
      ],
      otherSources: 0,
      byDay: [{ day: today, count: 4 }],
    });
    expect((await caller.call('leads.stats', { query: { from: '2000-01-01', to: '2000-01-31' } })).body.data.byDay).toEqual([]);
    expect((await caller.call('leads.stats', { query: { from: '0000-01-01', to: '0000-01-02' } })).body.data.byDay).toEqual([]);
    for (const [query, message] of [
      [{ from: '2000-01-01' }, 'Must not be more than 365 days before to'],
      [{ from: '9999-12-31' }, 'Must not be after to, which is today when left out'],
    ] as const)
      expect((await caller.call('leads.stats', { query })).body.details.issues).toMatchObject([{ location: 'query.from', message }]);
  });
});
