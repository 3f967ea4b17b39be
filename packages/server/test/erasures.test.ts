import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { newId } from '../src/ids.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, useCaller, useServer } from './support/server.ts';

onEachDatabase('an erasure', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const plan = async (person: object, caller: Caller = acme) =>
    (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data;
  const erase = async (person: object, options: object = {}) => {
    const { planToken } = await plan(person);
    return acme.call('erasures.create', { body: { ...person, planToken, ...options } });
  };
  const statusOf = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).status;
  const backedUp = async (leadId: string) => (await acme.call('backups.create', { params: { leadId } })).body.data.id as string;
  const backupStatus = async (backupId: string) => (await acme.call('backups.get', { params: { backupId } })).status;

  it('finds and erases living leads, backups of deleted ones, stored answers and outcomes of jobs, and tells how many', async () => {
    const email = 'All.Of.It@example.com';
    const headers = { 'idempotency-key': newId('req') };
    const living = (await acme.call('leads.create', { body: { name: 'Ann', email, source: 'erasure-all' }, headers })).body.data;
    // Of somebody else, who is in the same job.
    const { params } = await acme.enrolledLead({ source: 'erasure-all', email: 'somebody.else@example.com' });
    await acme.call('activities.create', { params, body: { type: 'note', text: 'y' } });
    await acme.call('activities.create', { params: { leadId: living.id }, body: { type: 'note', text: 'x' } });
    await acme.job('leads.bulkArchive', { source: 'erasure-all' });
    const deleted = await acme.lead({ email: email.toUpperCase() });
    const { backupId } = (await acme.call('leads.delete', { params: { leadId: deleted.id }, query: { backup: 'true' } })).body.data;
    const other = await acme.lead({ email: 'other@example.com' });

    const person = { email: 'all.of.it@EXAMPLE.com' };
    const found = { leads: 1, activities: 1, campaigns: 0, backups: 1, storedAnswers: 1, jobOutcomes: 1 };
    expect(await plan(person)).toMatchObject({ dryRun: true, found, blocked: 0 });
    expect([await statusOf(living.id), await backupStatus(backupId)]).toEqual([200, 200]);

    const { status, body } = await erase(person);
    expect([status, body.data.dryRun, body.data.erasure.removed]).toEqual([200, false, found]);
    const { erasure } = body.data;
    expect(erasure).toMatchObject({ keyId: acme.keyId, suppressionLiftedAt: null });
    expect((await acme.call('erasures.get', { params: { erasureId: erasure.id } })).body.data).toEqual(erasure);
    expect([await statusOf(living.id), await backupStatus(backupId), await statusOf(other.id)]).toEqual([404, 404, 200]);
    expect(await plan(person)).toMatchObject({ found: { leads: 0, backups: 0, storedAnswers: 0, jobOutcomes: 0 } });
    expect((await acme.call('deletions.get', { params: { leadId: living.id } })).body.data).toMatchObject({ erase: true });
    const receipt = (await acme.call('deletions.get', { params: { leadId: deleted.id } })).body.data;
    expect([receipt.erase, receipt.restoredAt, receipt.erasedAt]).toEqual([false, null, expect.any(String)]);
    const { entries } = (await acme.call('auditLog.list', { query: { action: 'erasure.created' } })).body.data;
    expect(entries[0].details).toEqual({ ...found, erasureId: erasure.id });
  });

  it('by the id of a lead takes this lead and its backups, also where it is deleted', async () => {
    const email = 'by.id@example.com';
    const [one, two] = [await acme.lead({ email }), await acme.lead({ email })];
    const backupId = await backedUp(one.id);
    await acme.call('leads.delete', { params: { leadId: one.id } });
    expect((await erase({ leadId: one.id })).status).toBe(200);
    expect([await backupStatus(backupId), await statusOf(two.id)]).toEqual([404, 200]);
  });

  it('by a phone number takes all notations of its digits', async () => {
    const notations = ['+49 (0) 170 / 1112223', '0049-170-1112223', '＋４９ １７０ １１１２２２３'];
    const leads = await Promise.all([...notations, '+49 170 1112224'].map((phone) => acme.lead({ phone })));
    expect((await erase({ phone: '+491701112223' })).body.data.erasure.removed.leads).toBe(3);
    expect(await Promise.all(leads.map(({ id }) => statusOf(id)))).toEqual([404, 404, 404, 200]);
    expect((await acme.call('leads.create', { body: { name: 'A', email: 'a@example.com', phone: '+49 170 1112223' } })).status).toBe(409);
  });

  it('of an address that a lead had takes the backup from then, and leaves the lead', async () => {
    const { id: leadId } = await acme.lead({ email: 'former@example.com' });
    const backupId = await backedUp(leadId);
    await acme.call('leads.update', { params: { leadId }, body: { email: 'present@example.com' } });
    const later = await backedUp(leadId);
    expect((await erase({ email: 'former@example.com' })).body.data.erasure.removed).toMatchObject({ leads: 0, backups: 1 });
    expect([await statusOf(leadId), await backupStatus(backupId), await backupStatus(later)]).toEqual([200, 404, 200]);
  });

  it('keeps the person away from create, update, import and restore, by whatever notation, until it is lifted', async () => {
    const email = 'Kept.Away@example.com';
    const lead = await acme.lead({ email });
    const record = (await acme.call('leads.exportOne', { params: { leadId: lead.id } })).body.data;
    const { id: erasureId } = (await erase({ email })).body.data.erasure;
    const suppressed = [409, 'SUPPRESSED', { erasureId }];
    const create = () => acme.call('leads.create', { body: { name: 'Ann', email: 'KEPT.away@example.com' } });
    const answerOf = ({ status, body }: Awaited<ReturnType<typeof create>>) => [status, body.code, body.details];
    const other = await acme.lead({ email: 'unrelated@example.com' });
    const update = () => acme.call('leads.update', { params: { leadId: other.id }, body: { email, metadata: { a: 1 } } });
    expect([answerOf(await create()), answerOf(await update())]).toEqual([suppressed, suppressed]);
    expect((await acme.call('leads.get', { params: { leadId: other.id } })).body.data).toEqual(other);
    const fresh = { ...record, lead: { ...record.lead, id: newId('lead') } };
    const imported = () => acme.call('leads.import', { body: JSON.stringify(fresh) });
    expect((await imported()).body.data.outcomes).toEqual([
      { line: 1, leadId: fresh.lead.id, outcome: 'failed', code: 'SUPPRESSED', erasureId },
    ]);
    expect((await (await server.workspace()).call('leads.create', { body: { name: 'Ann', email } })).status).toBe(201);

    const lift = () => acme.call('erasures.liftSuppression', { params: { erasureId } });
    const { liftedAt } = (await lift()).body.data;
    expect((await lift()).status).toBe(404);
    expect((await acme.call('erasures.get', { params: { erasureId } })).body.data.suppressionLiftedAt).toBe(liftedAt);
    expect((await acme.call('auditLog.list', { query: { action: 'erasure.suppression_lifted' } })).body.data.entries).toHaveLength(1);
    expect([(await create()).status, (await update()).status, (await imported()).body.data.imported]).toEqual([201, 200, 0]);
  });

  it('needs the token of its own dry run: another person, or anything that came since, stops it', async () => {
    const { id: leadId } = await acme.lead({ email: 'drift@example.com' });
    const { planToken } = await plan({ leadId });
    const other = await acme.lead({ email: 'another@example.com' });
    const invalid = await acme.call('erasures.create', { body: { leadId: other.id, planToken } });
    expect([invalid.status, invalid.body.details]).toEqual([400, { reason: 'other_plan' }]);
    await backedUp(leadId);
    const drifted = await acme.call('erasures.create', { body: { leadId, planToken } });
    expect([drifted.status, drifted.body.code]).toEqual([409, 'PLAN_DRIFTED']);
    expect(await statusOf(leadId)).toBe(200);
    const elsewhere = await server.workspace();
    expect((await elsewhere.call('erasures.create', { body: { leadId, planToken } })).body.details).toEqual({ reason: 'other_plan' });
    expect((await elsewhere.call('erasures.create', { body: { leadId, dryRun: true } })).status).toBe(404);
  });

  it('of a lead in an active campaign needs force, and a key that may', async () => {
    const { lead, campaign } = await acme.enrolledLead({ email: 'busy@example.com' });
    expect(await plan({ leadId: lead.id })).toMatchObject({ blocked: 1 });
    const refused = await erase({ leadId: lead.id });
    expect([refused.status, refused.body.details]).toEqual([
      409,
      { leadId: lead.id, campaigns: [{ id: campaign.id, name: campaign.name }] },
    ]);
    const without = await server.key(acme.workspaceId, ['leads:delete']);
    const { planToken } = await plan({ leadId: lead.id }, without);
    const body = { leadId: lead.id, planToken, force: true };
    expect((await without.call('erasures.create', { body })).status).toBe(403);
    expect((await acme.call('erasures.create', { body })).status).toBe(200);
  });

  it('of which one lead is in an active campaign erases none, and keeps nobody away', async () => {
    const email = 'one.is.busy@example.com';
    const free = await acme.lead({ email });
    const { lead: busy } = await acme.enrolledLead({ email });
    const refused = await erase({ email });
    expect([refused.status, refused.body.details.leadId]).toEqual([409, busy.id]);
    expect([await statusOf(free.id), await statusOf(busy.id)]).toEqual([200, 200]);
    expect((await acme.call('leads.create', { body: { name: 'A', email } })).status).toBe(201);
  });

  it('repeated with its Idempotency-Key answers the first receipt', async () => {
    const { id: leadId } = await acme.lead({ email: 'repeated@example.com' });
    const { planToken } = await plan({ leadId });
    const call = { body: { leadId, planToken }, headers: { 'idempotency-key': newId('req') } };
    const first = await acme.call('erasures.create', call);
    expect((await acme.call('erasures.create', call)).body).toEqual(first.body);
  });

  it.each([
    [{ email: 'a@example.com', phone: '+1 555 0123', dryRun: true }, 'body.leadId'],
    [{ dryRun: true }, 'body.leadId'],
    [{ email: 'a@example.com' }, 'body.planToken'],
    [{ phone: '+1', dryRun: true }, 'body.phone'],
  ])('is refused as %j', async (body, location) => {
    const answer = await acme.call('erasures.create', { body });
    expect([answer.status, answer.body.details.issues[0].location]).toEqual([400, location]);
  });

  it('keeps an HMAC-SHA-256 of the address, with a key of this database', async () => {
    await erase({ email: 'hashed@example.com' });
    const [inner] = await run<{ value: Buffer }>(server.db, `select value from secrets where name = 'person_hash_inner'`, []);
    const key = Buffer.from(inner!.value.subarray(0, 32).map((byte) => byte ^ 0x36));
    const hash = createHmac('sha256', key).update(`${acme.workspaceId} email hashed@example.com`).digest();
    expect(await run(server.db, 'select 1 as one from suppressions where hash = $1', [hash])).toEqual([{ one: 1 }]);
  });
});

onEachDatabase('a delete with erase=true of a lead that is deleted', (database) => {
  const acme = useCaller(useServer(database));

  it.each([
    ['', {}],
    [' under an idempotency key', { 'idempotency-key': 'erase-what-is-left' }],
  ])('erases the backups that are left, and finds nothing afterwards%s', async (_how, headers) => {
    const { id: leadId } = await acme.lead({ name: 'Left Over', email: `left@example.com` });
    const { backupId } = (await acme.call('leads.delete', { params: { leadId }, query: { backup: 'true' } })).body.data;
    const call = { params: { leadId }, query: { erase: 'true', reason: 'Left Over asked' }, headers };
    const first = await acme.call('leads.delete', call);
    expect([first.status, first.body.data.id]).toEqual([200, leadId]);
    expect((await acme.call('backups.get', { params: { backupId } })).status).toBe(404);
    const receipt = (await acme.call('deletions.get', { params: { leadId } })).body.data;
    expect([receipt.erase, receipt.erasedAt]).toEqual([false, first.body.data.deletedAt]);
    const { entries } = (await acme.call('auditLog.list', { query: { leadId } })).body.data;
    expect(entries[0]).toMatchObject({ action: 'lead.erased', reason: '[redacted] asked', details: { backups: 1 } });
    expect((await acme.call('leads.delete', { ...call, headers: {} })).status).toBe(404);
    if ('idempotency-key' in headers) expect((await acme.call('leads.delete', call)).body).toEqual(first.body);
  });

  it('is 404 with a version or a confirmation that was seen, or without backups', async () => {
    const { id: leadId } = await acme.lead({ email: 'seen@example.com' });
    await acme.call('leads.delete', { params: { leadId }, query: { backup: 'true' } });
    const call = { params: { leadId }, query: { erase: 'true' } };
    expect((await acme.call('leads.delete', { ...call, headers: { 'if-match': '"other"' } })).status).toBe(404);
    expect((await acme.call('leads.delete', { params: { leadId } })).status).toBe(404);
    expect((await acme.call('leads.bulkDelete', { body: { ids: [leadId, 'lead_unknown'], erase: true } })).body.data).toMatchObject({
      succeeded: 1,
      skipped: 1,
    });
    expect((await acme.call('leads.delete', call)).status).toBe(404);
  });
});
