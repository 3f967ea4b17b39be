import { JOBS_MAX_OPEN } from '@leads/contract';
import { pino } from 'pino';
import { beforeAll, expect, it } from 'vitest';
import { newId } from '../src/ids.ts';
import { JobRunner } from '../src/jobs/job-runner.ts';
import { onEachDatabase, useOwnDatabase } from './support/databases.ts';
import { queueJob } from './support/jobs.ts';
import { type Caller, Clock, useCaller, useServer } from './support/server.ts';

onEachDatabase('bulk operations', (shared) => {
  const database = useOwnDatabase(shared);
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  /** It leaves its jobs to others. */
  const idle = useServer(database, { now: clock.now });
  beforeAll(() => idle.runner.stop());
  const live = useServer(database);
  const acme = useCaller(server);
  const statusOf = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).status;
  const someLeads = async (count: number) => {
    const source = newId('lead');
    const body = JSON.stringify((await acme.call('leads.exportOne', { params: { leadId: (await acme.lead({ source })).id } })).body.data);
    const lines = Array.from({ length: count - 1 }, () => body.replaceAll(/lead_[0-9a-z]{26}(?=","name)/g, newId('lead')));
    await acme.call('leads.import', { body: lines.join('\n'), query: { allowDuplicateEmail: 'true' } });
    return source;
  };
  const dryRun = async (filter: object) => (await acme.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;

  it('by ids: an outcome each, in the order of the request', async () => {
    const [a, used, b] = [await acme.lead(), (await acme.enrolledLead()).lead, await acme.lead()];
    const { data } = (
      await acme.call('leads.bulkDelete', { body: { ids: [b.id, 'lead_\0', used.id, 'lead_unknown', a.id], backup: true } })
    ).body;
    expect(data).toEqual({
      dryRun: false,
      succeeded: 2,
      skipped: 2,
      failed: 1,
      outcomes: [
        { leadId: b.id, outcome: 'deleted', backupId: expect.stringMatching(/^backup_/) },
        { leadId: 'lead_\0', outcome: 'skipped', code: 'LEAD_NOT_FOUND' },
        { leadId: used.id, outcome: 'failed', code: 'LEAD_IN_USE' },
        { leadId: 'lead_unknown', outcome: 'skipped', code: 'LEAD_NOT_FOUND' },
        { leadId: a.id, outcome: 'deleted', backupId: expect.stringMatching(/^backup_/) },
      ],
    });
    expect([await statusOf(a.id), await statusOf(b.id), await statusOf(used.id)]).toEqual([404, 404, 200]);
  });

  it('atomic: all or none', async () => {
    const [a, b] = [await acme.lead(), await acme.lead()];
    const refused = await acme.call('leads.bulkDelete', { body: { ids: [a.id, 'lead_unknown', b.id], atomic: true } });
    expect([refused.status, refused.body.details.outcomes]).toEqual([
      409,
      [{ leadId: 'lead_unknown', outcome: 'skipped', code: 'LEAD_NOT_FOUND' }],
    ]);
    expect([await statusOf(a.id), await statusOf(b.id)]).toEqual([200, 200]);
    expect((await acme.call('leads.bulkDelete', { body: { ids: [a.id, b.id], atomic: true } })).body.data.succeeded).toBe(2);
  });

  it('takes a thousand of the longest ids, and refuses one more, one twice, or none', async () => {
    const ids = Array.from({ length: 1_001 }, (_, i) => `lead_${i}`.padEnd(64, 'x'));
    expect((await acme.call('leads.bulkArchive', { body: { ids: ids.slice(1) } })).body.data.skipped).toBe(1_000);
    for (const wrong of [ids, ['lead_1', 'lead_1'], []]) {
      const answer = await acme.call('leads.bulkArchive', { body: { ids: wrong } });
      expect([answer.status, answer.body.details.issues[0].location]).toEqual([400, 'body.ids']);
    }
  });

  it('a dry run counts, shows a sample and what stands in the way, and changes nothing', async () => {
    const source = await someLeads(12);
    const { campaign } = await acme.enrolledLead({ source });
    const plan = await dryRun({ source });
    expect(plan).toMatchObject({ dryRun: true, count: 13, blocked: 1, blockers: [{ id: campaign.id, name: campaign.name }] });
    expect(plan.sample).toHaveLength(10);
    expect((await dryRun({ source })).count).toBe(13);
  });

  it('a dry run where there is nothing finds nothing', async () => {
    const caller = await server.workspace();
    const { data } = (await caller.call('leads.bulkDelete', { body: { filter: { status: 'new' }, dryRun: true } })).body;
    expect(data).toMatchObject({ count: 0, archived: 0, workspaceTotal: 0, newestCreatedAt: null, sample: [], blocked: 0, blockers: [] });
  });

  it('a job is written down with its kind and with how many leads it is for', async () => {
    const filter = { source: await someLeads(3) };
    const { planToken } = await dryRun(filter);
    const { id: jobId } = (await acme.call('leads.bulkDelete', { body: { filter, planToken } })).body.data;
    const { entries } = (await acme.call('auditLog.list', { query: { action: 'job.created' } })).body.data;
    expect(entries[0]).toMatchObject({ jobId, leadId: null, details: { kind: 'bulk_delete', total: 3 } });
  });

  it('a dry run says how many are archived, of how many leads in all, and when the newest was created', async () => {
    const source = await someLeads(2);
    const archived = await acme.lead({ source });
    await acme.call('leads.archive', { params: { leadId: archived.id } });
    const lost = await acme.lead({ source, status: 'lost' });
    const { total } = (await acme.call('leads.stats')).body.data;
    const about = { workspaceTotal: total, newestCreatedAt: lost.createdAt };
    expect(await dryRun({ source })).toMatchObject({ count: 4, archived: 1, ...about });
    expect(await dryRun({ source, status: 'lost' })).toMatchObject({ count: 2, archived: 1, ...about });
    expect(await dryRun({ source: 'nowhere' })).toMatchObject({ count: 0, archived: 0, workspaceTotal: total, newestCreatedAt: null });
  });

  it('a job does each lead of the plan once, leaves those in its way, and tells of each, page by page', async () => {
    const source = await someLeads(600);
    const { lead } = await acme.enrolledLead({ source });
    const job = await acme.job('leads.bulkDelete', { source }, { backup: true, reason: 'Clean up' });
    expect(job).toMatchObject({ status: 'completed', total: 601, done: 601, succeeded: 600, skipped: 0, failed: 1 });
    const outcomes: { leadId: string; outcome: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await acme.call('jobs.listOutcomes', {
        params: { jobId: job.id },
        query: { limit: 100, ...(cursor && { cursor }) },
      });
      outcomes.push(...body.data.outcomes);
      cursor = body.data.pagination.nextCursor;
    }
    expect([outcomes.length, new Set(outcomes.map(({ leadId }) => leadId)).size]).toEqual([601, 601]);
    const failed = await acme.call('jobs.listOutcomes', { params: { jobId: job.id }, query: { outcome: 'failed' } });
    expect(failed.body.data.outcomes).toEqual([{ leadId: lead.id, outcome: 'failed', code: 'LEAD_IN_USE' }]);
    const receipt = (
      await acme.call('deletions.get', { params: { leadId: outcomes.find(({ outcome }) => outcome === 'deleted')!.leadId } })
    ).body.data;
    expect(receipt).toMatchObject({ jobId: job.id, reason: 'Clean up', keyId: acme.keyId });
  });

  it.each([
    ['came', async (source: string) => acme.lead({ source })],
    ['changed', async (source: string) => acme.call('leads.update', { params: await first(source), body: { phone: '1' } })],
    ['went', async (source: string) => acme.call('leads.delete', { params: await first(source) })],
  ])('409 PLAN_DRIFTED: a lead that %s since the dry run stops everything', async (_what, drift) => {
    const source = await someLeads(3);
    const { planToken } = await dryRun({ source });
    await drift(source);
    const answer = await acme.call('leads.bulkDelete', { body: { filter: { source }, planToken } });
    expect([answer.status, answer.body.details.planned]).toEqual([409, 3]);
    expect((await dryRun({ source })).count).toBe(answer.body.details.found);
  });

  it('400 PLAN_TOKEN_INVALID: a plan is for one operation, one filter and 10 minutes', async () => {
    const source = await someLeads(2);
    const { planToken } = await dryRun({ source });
    const reason = async (operation: 'leads.bulkDelete' | 'leads.bulkArchive', filter: object) =>
      (await acme.call(operation, { body: { filter, planToken } })).body.details.reason;
    expect(await reason('leads.bulkArchive', { source })).toBe('other_plan');
    expect(await reason('leads.bulkDelete', { source, status: 'new' })).toBe('other_plan');
    clock.advance(600);
    expect(await reason('leads.bulkDelete', { source })).toBe('expired');
  });

  it('archive and anonymize work the same way', async () => {
    const source = await someLeads(3);
    // It stands in the lead, and goes with it: nothing is taken out.
    const reason = `${(await acme.lead({ source })).name} asked`;
    expect(await acme.job('leads.bulkArchive', { source }, { reason })).toMatchObject({ kind: 'bulk_archive', succeeded: 4 });
    for (const leadId of await idsOf(source))
      expect((await acme.call('leads.get', { params: { leadId } })).body.data.metadata).toMatchObject({ archived_reason: reason });
    expect(await acme.job('leads.bulkAnonymize', { source, archived: true })).toMatchObject({ kind: 'bulk_anonymize', succeeded: 4 });
    const { leads } = (await acme.call('leads.list', { query: { source } })).body.data;
    for (const lead of leads) expect(lead).toMatchObject({ name: 'Anonymized', status: 'lost', metadata: { archived: true } });
  });

  it.each(['leads.bulkDelete', 'leads.bulkArchive', 'leads.bulkAnonymize'] as const)(
    'a lead that changes before the step of its job is left as it is, and one that goes is skipped: %s',
    async (operation) => {
      const source = await someLeads(3);
      const [changed, gone, done] = await idsOf(source);
      const { planToken } = (await acme.call(operation, { body: { filter: { source }, dryRun: true } })).body.data;
      const { id: jobId } = (await acme.at(idle).call(operation, { body: { filter: { source }, planToken } })).body.data;
      const update = await acme.call('leads.update', { params: { leadId: changed! }, body: { phone: '1' } });
      await acme.call('leads.delete', { params: { leadId: gone! } });
      await server.runner.wake();
      const job = (await acme.call('jobs.get', { params: { jobId } })).body.data;
      expect(job).toMatchObject({ status: 'completed', succeeded: 1, skipped: 1, failed: 1 });
      const { outcomes } = (await acme.call('jobs.listOutcomes', { params: { jobId } })).body.data;
      expect(new Map(outcomes.map(({ leadId, outcome, code }: Record<string, string>) => [leadId, [outcome, code]]))).toEqual(
        new Map([
          [changed, ['failed', 'PRECONDITION_FAILED']],
          [gone, ['skipped', 'LEAD_NOT_FOUND']],
          [done, [expect.stringMatching(/^(deleted|archived|anonymized)$/), undefined]],
        ]),
      );
      expect((await acme.call('leads.get', { params: { leadId: changed! } })).body.data).toEqual(update.body.data);
    },
  );

  it('a plan is carried out once: what is gone since makes it another one', async () => {
    const source = await someLeads(3);
    const { planToken } = await dryRun({ source });
    await acme.call('leads.bulkDelete', { body: { filter: { source }, planToken } });
    await server.runner.wake();
    const twice = await acme.call('leads.bulkDelete', { body: { filter: { source }, planToken } });
    expect(twice.body.details).toEqual({ planned: 3, found: 0 });
  });

  it('jobs that wait keep their own reasons', async () => {
    const jobs = [];
    for (const reason of ['First', 'Second']) {
      const source = await someLeads(1);
      const { planToken } = await dryRun({ source });
      const { data } = (await acme.at(idle).call('leads.bulkDelete', { body: { filter: { source }, planToken, reason } })).body;
      jobs.push({ reason, jobId: data.id as string });
    }
    await server.runner.wake();
    for (const { reason, jobId } of jobs) {
      const { entries } = (await acme.call('auditLog.list', { query: { action: 'lead.deleted', limit: '100' } })).body.data;
      expect(entries.find((entry: { jobId: string }) => entry.jobId === jobId)).toMatchObject({ reason });
    }
  });

  it('a cancelled job touches no further lead', async () => {
    const source = await someLeads(3);
    const jobId = await queueJob(acme, 'bulk_delete', [await idsOf(source)]);
    const cancelled = await acme.call('jobs.cancel', { params: { jobId } });
    expect(cancelled.body.data).toMatchObject({ status: 'cancelled', done: 0, finishedAt: expect.any(String) });
    await server.runner.wake();
    expect((await dryRun({ source })).count).toBe(3);
    expect((await acme.call('jobs.cancel', { params: { jobId } })).body.code).toBe('JOB_FINISHED');
  });

  it('a step that always fails ends its job as failed, and holds up no other', async () => {
    const jobId = await queueJob(acme, 'bulk_anonymize', [['x']], { keepMetadata: { not: 'a list' } });
    for (let i = 0; i < 6; i++) await server.runner.wake();
    expect((await acme.call('jobs.get', { params: { jobId } })).body.data.status).toBe('failed');
    expect((await acme.job('leads.bulkArchive', { source: await someLeads(1) })).status).toBe('completed');
  });

  it.each([
    ['key_revoked', (key: Caller) => acme.call('apiKeys.revoke', { params: { keyId: key.keyId } })],
    ['key_expired', async () => clock.advance(60)],
  ] as const)('a job stops with its key, and says so: %s', async (reason, end) => {
    const source = await someLeads(3);
    const [done, ...rest] = await idsOf(source);
    const key = await server.key(acme.workspaceId, ['leads:delete', 'leads:read'], 60);
    const jobId = await queueJob(key, 'bulk_delete', [[done!], rest]);
    const job = async () => (await acme.call('jobs.get', { params: { jobId } })).body.data;
    while ((await job()).status === 'queued') await oneStep();
    await end(key);
    await server.runner.wake();
    expect(await job()).toMatchObject({ status: 'stopped', stopReason: reason, total: 3, done: 1, finishedAt: expect.any(String) });
    expect((await idsOf(source)).toSorted()).toEqual(rest.toSorted());
    const { entries } = (await acme.call('auditLog.list', { query: { action: 'job.stopped' } })).body.data;
    expect(entries[0]).toMatchObject({ jobId, keyId: 'system', details: { reason } });
  });

  it('workspaces take turns: a job does not wait for the many of another workspace', async () => {
    const [many, one] = [await live.workspace(), await live.workspace()];
    for (let i = 0; i < 20; i++) await queueJob(many, 'bulk_archive', [['lead_unknown']]);
    const jobId = await queueJob(one, 'bulk_archive', [['lead_1'], ['lead_2'], ['lead_3']]);
    await live.runner.wake();
    const { finishedAt } = (await one.call('jobs.get', { params: { jobId } })).body.data;
    const { jobs } = (await many.call('jobs.list', { query: { limit: 100 } })).body.data;
    expect(jobs.map(({ status }: { status: string }) => status)).toEqual(Array(20).fill('completed'));
    expect(jobs.filter((job: { finishedAt: string }) => job.finishedAt < finishedAt).length).toBeLessThan(5);
  });

  it(`409 JOB_LIMIT_REACHED: a workspace has at most ${JOBS_MAX_OPEN} open jobs, however many ask at once`, async () => {
    const busy = await idle.workspace();
    for (let i = 0; i < JOBS_MAX_OPEN - 1; i++) await queueJob(busy, 'bulk_archive');
    const filter = { source: (await busy.lead({ source: newId('lead') })).source };
    const { planToken } = (await busy.call('leads.bulkDelete', { body: { filter, dryRun: true } })).body.data;
    const ask = () => busy.call('leads.bulkDelete', { body: { filter, planToken } });
    const codes = (await Promise.all([ask(), ask(), ask()])).map(({ status, body }) => `${status} ${body.code}`);
    expect(codes.toSorted()).toEqual(['202 undefined', '409 JOB_LIMIT_REACHED', '409 JOB_LIMIT_REACHED']);
    await server.runner.wake();
    expect((await ask()).body.code).toBe('PLAN_DRIFTED');
  });

  async function oneStep() {
    const runner = new JobRunner({ db: server.db, now: clock.now, backupLifetime: (from) => from, logger: pino({ level: 'silent' }) });
    void runner.wake();
    await runner.stop();
  }

  async function idsOf(source: string): Promise<string[]> {
    return (await acme.call('leads.list', { query: { source } })).body.data.leads.map(({ id }: { id: string }) => id);
  }

  async function first(source: string) {
    return { leadId: (await acme.call('leads.list', { query: { source } })).body.data.leads[0].id as string };
  }
});
