import { expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, useCaller, useServer } from './support/server.ts';

onEachDatabase('a lead that comes back', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const recordOf = async (leadId: string) => (await acme.call('leads.exportOne', { params: { leadId } })).body.data;
  const importOf = async (caller: Caller, ...records: object[]) =>
    (await caller.call('leads.import', { body: records.map((record) => JSON.stringify(record)).join('\n') })).body.data;

  it('is not one that was erased: its id is never given again, and the import says so', async () => {
    const { id: leadId } = await acme.lead({ email: 'erased@example.com' });
    const record = await recordOf(leadId);
    await acme.call('leads.delete', { params: { leadId }, query: { erase: 'true' } });
    const other = { ...record, lead: { ...record.lead, name: 'Somebody else', email: 'else@example.com' } };
    const data = await importOf(acme, other, { ...other, lead: { ...other.lead, id: 'lead_fresh' } });
    expect([data.imported, data.skipped, data.failed]).toEqual([1, 0, 1]);
    expect(data.outcomes[0]).toEqual({ line: 1, leadId, outcome: 'failed', code: 'LEAD_ERASED' });
    expect((await acme.call('leads.get', { params: { leadId } })).status).toBe(404);
    expect((await acme.call('deletions.get', { params: { leadId } })).body.data.restoredAt).toBeNull();
    const elsewhere = await server.workspace();
    expect(await importOf(elsewhere, record)).toMatchObject({ imported: 1 });
  });

  it('is not one that was erased by a bulk delete, by ids or as a job', async () => {
    const source = 'erased-in-bulk';
    const records = await Promise.all(
      ['one', 'two'].map(async (name) => recordOf((await acme.lead({ source, email: `${name}@example.com` })).id)),
    );
    await acme.call('leads.bulkDelete', { body: { ids: [records[0].lead.id], erase: true } });
    await acme.job('leads.bulkDelete', { source }, { erase: true });
    const { outcomes } = await importOf(acme, ...records);
    expect(outcomes.map(({ code }: { code: string }) => code)).toEqual(['LEAD_ERASED', 'LEAD_ERASED']);
  });

  it('is refused by a restore where it was erased, whatever is left of it', async () => {
    const { id: leadId } = await acme.lead({ email: 'left@example.com' });
    const { backupId } = (await acme.call('leads.delete', { params: { leadId }, query: { backup: 'true' } })).body.data;
    await run(server.db, 'insert into erased_leads values ($1, $2)', [acme.workspaceId, leadId]);
    const { status, body } = await acme.call('backups.restore', { params: { backupId } });
    expect([status, body.code, body.details]).toEqual([409, 'LEAD_ERASED', { leadId }]);
  });

  it('is told of another with its e-mail address, however that is written, and comes only where the caller wants both', async () => {
    const { id: leadId } = await acme.lead({ email: 'Again@example.com' });
    const record = await recordOf(leadId);
    const { backupId } = (await acme.call('leads.delete', { params: { leadId }, query: { backup: 'true' } })).body.data;
    const { id: existingLeadId } = await acme.lead({ email: 'aGAIN@EXAMPLE.COM' });
    const refused = await acme.call('backups.restore', { params: { backupId } });
    expect([refused.status, refused.body.code, refused.body.details]).toEqual([409, 'EMAIL_EXISTS', { leadId, existingLeadId }]);
    const data = await importOf(acme, record);
    expect(data.outcomes).toEqual([{ line: 1, leadId, outcome: 'failed', code: 'EMAIL_EXISTS', existingLeadId }]);
    expect((await acme.call('leads.get', { params: { leadId } })).status).toBe(404);

    const query = { allowDuplicateEmail: 'true' };
    expect((await acme.call('backups.restore', { params: { backupId }, query })).status).toBe(201);
    await acme.call('leads.delete', { params: { leadId } });
    const allowed = await acme.call('leads.import', { query, body: JSON.stringify(record) });
    expect(allowed.body.data).toMatchObject({ imported: 1 });
  });

  it('may have its e-mail address in common with others of the same import, as where they come from', async () => {
    const caller = await server.workspace();
    for (let i = 0; i < 260; i++) await caller.lead({ email: 'office@example.com' });
    const before = (await caller.call('leads.export')).text;
    await caller.job('leads.bulkDelete', { status: 'new' });
    expect((await caller.call('leads.import', { body: before })).body.data).toMatchObject({ imported: 260, failed: 0 });
    expect((await caller.call('leads.export')).text).toBe(before);
  });
});
