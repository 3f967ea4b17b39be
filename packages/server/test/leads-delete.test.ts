import { run } from '../src/db/database.ts';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { Clock, useCaller, useServer } from './support/server.ts';

onEachDatabase('leads.delete', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);

  it('200: answers exactly as published', async () => {
    const { id } = await acme.lead();
    clock.advance(1);
    const { status, body } = await acme.call('leads.delete', { params: { leadId: id } });
    expect([status, body]).toEqual([
      200,
      { success: true, message: 'Lead deleted successfully', data: { id, deletedAt: clock.now().toISOString() } },
    ]);
  });

  it('404 LEAD_NOT_FOUND: a deleted lead is gone for every operation, and exactly as one that never was', async () => {
    const { id } = await acme.lead();
    await acme.call('leads.delete', { params: { leadId: id } });
    for (const operation of ['leads.get', 'leads.update', 'leads.delete'] as const) {
      const call = (leadId: string) =>
        acme.call(operation, { params: { leadId }, ...(operation === 'leads.update' && { body: { status: 'lost' } }) });
      const [gone, never] = await Promise.all([call(id), call('lead_never')]);
      expect([gone.status, gone.text]).toEqual([404, never.text.replace('lead_never', id)]);
    }
    const { body } = await acme.call('leads.list');
    expect(body.data.leads.map((lead: { id: string }) => lead.id)).not.toContain(id);
  });

  it('200: leaves nothing of the lead in the database', async () => {
    const lead = await acme.lead({ name: 'Xanthippe Unique', email: 'xanthippe.unique@example.com', metadata: { note: 'xanthippe' } });
    await acme.call('leads.delete', { params: { leadId: lead.id } });
    expect(await run(server.db, `select id from leads where name_lower like '%xanthippe%'`, [])).toEqual([]);
  });

  it('400 VALIDATION_ERROR: an unknown query parameter is refused, and nothing is deleted', async () => {
    const { id } = await acme.lead();
    const refused = await acme.call('leads.delete', { params: { leadId: id }, query: 'dryRun=true' });
    expect([refused.status, refused.body.details.issues]).toEqual([
      400,
      [{ location: 'query.dryRun', message: 'Unknown parameter', code: 'unrecognized_key' }],
    ]);
    expect((await acme.call('leads.get', { params: { leadId: id } })).status).toBe(200);
  });
});
