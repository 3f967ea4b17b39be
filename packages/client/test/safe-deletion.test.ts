import { createLeadsClient, type LeadsDeletionPreviewResult, LeadsInterruptedError } from '@leads/client';
import { startMock } from '@leads/mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let mock: Awaited<ReturnType<typeof startMock>>;
let client: ReturnType<typeof createLeadsClient>;

beforeAll(async () => {
  mock = await startMock({ seed: 30 });
  client = createLeadsClient({ baseUrl: mock.url, apiKey: 'sk-workspace_deletion' });
});
afterAll(() => mock.close());
beforeEach(() => mock.reset());

const yes = () => true;
const make = (fields: object = {}) => client.leads.create({ name: 'John Doe', email: 'john.doe@example.com', ...fields });
const makeMany = (count: number, fields: object = {}) => Promise.all(Array.from({ length: count }, () => make(fields)));
async function enrolled(fields: object = {}) {
  const [lead, campaign] = [await make(fields), await client.campaigns.create({ name: 'Spring offer', status: 'active' })];
  await client.campaigns.enrollLead(campaign.id, lead.id);
  return { lead, campaign };
}
const isThere = (leadId: string) =>
  client.leads.get(leadId).then(
    () => true,
    (error: { code?: string }) => (error.code === 'LEAD_NOT_FOUND' ? false : Promise.reject(error)),
  );

describe('safeDelete', () => {
  it('shows the lead, deletes it after a yes with a backup, and returns the receipt', async () => {
    const lead = await make();
    const shown: unknown[] = [];
    const result = await client.leads.safeDelete(lead.id, {
      confirm: (preview, previous) => {
        shown.push(preview.lead, previous);
        return true;
      },
      reason: 'Asked for it',
    });
    if (result.outcome !== 'deleted') throw new Error(result.outcome);
    expect(shown).toEqual([lead, null]);
    expect(result.receipt).toMatchObject({ leadId: lead.id, reason: 'Asked for it', backupId: result.deletion.backupId });
    expect((await client.backups.get(result.deletion.backupId!)).content.lead).toEqual(lead);
    expect(await isThere(lead.id)).toBe(false);
  });

  it('deletes nothing after a no, and says what was shown', async () => {
    const { id } = await make();
    expect(await client.leads.safeDelete(id, { confirm: () => Promise.resolve(false) })).toMatchObject({
      outcome: 'cancelled',
      preview: { lead: { id } },
    });
    expect(await isThere(id)).toBe(true);
  });

  it('deletes nothing, and asks nobody, where an active campaign stands in the way; with force it does', async () => {
    const { lead, campaign } = await enrolled();
    const never = () => expect.unreachable();
    const blocked = await client.leads.safeDelete(lead.id, { confirm: never });
    expect(blocked).toMatchObject({ outcome: 'blocked', preview: { blockers: [{ id: campaign.id, name: 'Spring offer' }] } });
    expect(await isThere(lead.id)).toBe(true);
    expect(await client.leads.safeDelete(lead.id, { confirm: yes, force: true })).toMatchObject({ outcome: 'deleted' });
  });

  it('keeps no backup where it is told so', async () => {
    const { id } = await make();
    const result = await client.leads.safeDelete(id, { confirm: yes, backup: false });
    expect(result).toMatchObject({ outcome: 'deleted', receipt: { backupId: null } });
  });

  it.each([
    ['the lead changes', (id: string) => client.leads.update(id, { status: 'qualified' })],
    ['an activity is added', (id: string) => client.activities.create(id, { type: 'note', text: 'Called back' })],
    ['the confirmation takes longer than it is valid', () => mock.setClock(new Date(Date.now() + 11 * 60_000))],
  ])('asks again, with what is there now, where %s in between', async (_, change) => {
    const { id } = await make();
    const asked: [now: LeadsDeletionPreviewResult, before: LeadsDeletionPreviewResult | null][] = [];
    const result = await client.leads.safeDelete(id, {
      confirm: async (preview, previous) => {
        asked.push([preview, previous]);
        if (!previous) await change(id);
        return true;
      },
    });
    expect(result.outcome).toBe('deleted');
    expect(asked).toHaveLength(2);
    expect(asked[1]![1]).toBe(asked[0]![0]);
    expect(asked[1]![0].confirmationToken).not.toBe(asked[0]![0].confirmationToken);
  });

  it('deletes nothing where the lead joins an active campaign in between', async () => {
    const { id } = await make();
    const result = await client.leads.safeDelete(id, {
      confirm: async () => {
        const campaign = await client.campaigns.create({ name: 'Late', status: 'active' });
        await client.campaigns.enrollLead(campaign.id, id);
        return true;
      },
    });
    expect(result).toMatchObject({ outcome: 'blocked', preview: { blockers: [{ name: 'Late' }] } });
    expect(await isThere(id)).toBe(true);
  });

  it('gives up, and deletes nothing, where the lead changes each time that it is asked', async () => {
    const { id } = await make();
    let asked = 0;
    const confirm = async () => {
      await client.leads.update(id, { metadata: { asked: ++asked } });
      return true;
    };
    await expect(client.leads.safeDelete(id, { confirm })).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect([asked, await isThere(id)]).toEqual([10, true]);
  });

  it('deletes once where the first try fails', async () => {
    const { id } = await make();
    mock.fault({ operation: 'leads.delete', error: 'SERVICE_UNAVAILABLE', times: 1 });
    expect(await client.leads.safeDelete(id, { confirm: yes })).toMatchObject({ outcome: 'deleted' });
    expect((await client.auditLog.list({ leadId: id, action: 'lead.deleted' })).entries).toHaveLength(1);
  });

  it('returns without the receipt where that cannot be read', async () => {
    const { id } = await make();
    mock.fault({ operation: 'deletions.get', error: 'INTERNAL_ERROR' });
    expect(await client.leads.safeDelete(id, { confirm: yes, maxRetries: 0 })).toMatchObject({ outcome: 'deleted', receipt: null });
  });

  it('says that the lead is not there', async () => {
    await expect(client.leads.safeDelete('lead_unknown', { confirm: yes })).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND' });
  });
});

describe('operations on many leads', () => {
  it('bulkDelete says what came of each lead, and backs each up', async () => {
    const [a, b] = await makeMany(2);
    const { lead } = await enrolled();
    const result = await client.leads.bulkDelete([a!.id, 'lead_unknown', lead.id, b!.id]);
    expect(result).toEqual({
      success: [a!.id, b!.id],
      failed: [
        { leadId: 'lead_unknown', error: 'Lead not found or already deleted', code: 'LEAD_NOT_FOUND' },
        { leadId: lead.id, error: 'The lead is in an active campaign', code: 'LEAD_IN_USE' },
      ],
    });
    expect((await client.backups.list({ leadId: a!.id })).backups).toHaveLength(1);
  });

  it('restore brings back what was deleted, and says what it cannot', async () => {
    const [a, b] = await makeMany(2);
    await client.leads.bulkDelete([a!.id, b!.id]);
    const there = await make();
    await client.leads.backup([there.id]);
    const refused = await client.leads.restore([a!.id, b!.id, there.id, 'lead_unknown']);
    expect(new Set(refused.failed.map(({ code }) => code))).toEqual(new Set(['EMAIL_EXISTS', 'LEAD_EXISTS', 'BACKUP_NOT_FOUND']));
    const result = await client.leads.restore([a!.id, b!.id, there.id, 'lead_unknown'], { allowDuplicateEmail: true });
    expect(new Set(result.success)).toEqual(new Set([a!.id, b!.id]));
    expect(new Set(result.failed.map(({ leadId, code }) => `${leadId} ${code}`))).toEqual(
      new Set([`${there.id} LEAD_EXISTS`, 'lead_unknown BACKUP_NOT_FOUND']),
    );
    expect(await client.leads.get(a!.id)).toEqual(a);
  });

  it('archive and anonymize do many as they do one', async () => {
    const [a, b] = await makeMany(2, { metadata: { segment: 'a', note: 'b' } });
    expect(await client.leads.archive([a!.id, 'lead_unknown'], { reason: 'Old' })).toMatchObject({
      success: [a!.id],
      failed: [{ leadId: 'lead_unknown' }],
    });
    expect((await client.leads.get(a!.id)).metadata).toMatchObject({ archived: true, archived_reason: 'Old' });
    expect((await client.leads.anonymize([b!.id], { keepMetadata: ['segment'] })).success).toEqual([b!.id]);
    expect(await client.leads.get(b!.id)).toMatchObject({ name: 'Anonymized', metadata: { segment: 'a' } });
  });

  it('take ids as they come, each once, in groups of 1,000, and tell how far they are', async () => {
    async function* ids() {
      for (let n = 0; n < 2_500; n++) yield `lead_${n % 2_400}`;
    }
    const progress: object[] = [];
    const before = mock.requests().length;
    const { failed } = await client.leads.archive(ids(), { concurrency: 1, onProgress: (step) => void progress.push(step) });
    expect(mock.requests().length - before).toBe(3);
    expect(failed).toHaveLength(2_500);
    expect(progress).toEqual([1_000, 2_000, 2_500].map((done) => ({ done, total: null, failed: done })));
    expect((await client.leads.archive(['lead_1', 'lead_1', 'lead_2'])).failed).toHaveLength(2);
  });

  it('have as many requests on their way at once as they are told', async () => {
    const leads = await makeMany(12);
    mock.fault({ operation: 'backups.create', latencyMs: 30 });
    let [now, most] = [0, 0];
    const counting = createLeadsClient({
      baseUrl: mock.url,
      apiKey: 'sk-workspace_deletion',
      hooks: { beforeRequest: () => void (most = Math.max(most, ++now)), afterResponse: () => void now-- },
    });
    await counting.leads.backup(
      leads.map(({ id }) => id),
      { concurrency: 3 },
    );
    expect(most).toBe(3);
  });

  it('end early where a request fails for a reason that is not one lead’s, and say what was done', async () => {
    const leads = await makeMany(5);
    const ids = leads.map(({ id }) => id);
    let backups = 0;
    const hooks = { beforeRequest: () => (++backups > 2 ? { Authorization: 'Bearer sk-other' } : {}) };
    const failing = createLeadsClient({ baseUrl: mock.url, apiKey: 'sk-workspace_deletion', hooks });
    const error = await failing.leads.backup(ids, { concurrency: 1 }).catch((thrown: unknown) => thrown);
    if (!(error instanceof LeadsInterruptedError)) throw new Error('another error', { cause: error });
    expect(error.result).toEqual({ success: ids.slice(0, 2), failed: [] });
    expect(error.cause).toMatchObject({ status: 401 });
  });

  it('refuse an id that is none before anything is sent', async () => {
    const before = mock.requests().length;
    await expect(client.leads.bulkDelete(['lead_1', ''])).rejects.toThrow(TypeError);
    expect(mock.requests()).toHaveLength(before);
  });

  it('wait for the rate limit to be reset instead of being refused', async () => {
    const resets = Math.ceil(Date.now() / 1000);
    let [sent, refused] = [0, 0];
    const limited = createLeadsClient({
      baseUrl: mock.url,
      apiKey: 'sk-workspace_deletion',
      hooks: { afterResponse: ({ status }) => void (status === 429 && refused++) },
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        const headers = new Headers(response.headers);
        const state = { Limit: 1, Remaining: 0, Used: 1, Reset: resets };
        for (const [name, value] of Object.entries(state)) headers.set(`X-RateLimit-${name}`, String(value));
        if (++sent > 1) expect(Date.now()).toBeGreaterThanOrEqual(resets * 1000);
        return new Response(response.body, { status: response.status, headers });
      },
    });
    const leads = await makeMany(2);
    await limited.leads.backup(
      leads.map(({ id }) => id),
      { concurrency: 1 },
    );
    expect([sent, refused]).toEqual([2, 0]);
  });
});

describe('deleteByStatus', () => {
  it('shows how many, deletes exactly those after a yes, and says what came of each', async () => {
    const gone = await makeMany(3, { status: 'converted' });
    const { lead } = await enrolled({ status: 'converted' });
    const others = (await client.leads.list({ status: 'converted' })).pagination.total - 4;
    const shown: number[] = [];
    const progress: number[] = [];
    const result = await client.leads.deleteByStatus('converted', {
      confirm: ({ count, blocked }) => {
        shown.push(count, blocked);
        return true;
      },
      onProgress: ({ done }) => void progress.push(done),
    });
    if (result.outcome !== 'deleted') throw new Error(result.outcome);
    expect(shown[0]).toBe(4 + others);
    expect(result.success).toEqual(expect.arrayContaining(gone.map(({ id }) => id)));
    expect(result.failed).toEqual(expect.arrayContaining([expect.objectContaining({ leadId: lead.id, code: 'LEAD_IN_USE' })]));
    expect(result.job.status).toBe('completed');
    expect(progress.at(-1)).toBe(4 + others);
    expect(await client.leads.get(lead.id)).toEqual(lead);
    expect((await client.backups.list({ leadId: gone[0]!.id })).backups).toHaveLength(1);
  });

  it('asks again where a lead comes in between', async () => {
    await make({ status: 'lost', source: 'drift' });
    const counts: (number | undefined)[] = [];
    const result = await client.leads.deleteByFilter(
      { source: 'drift' },
      {
        confirm: async ({ count }, previous) => {
          counts.push(count, previous?.count);
          if (!previous) await make({ source: 'drift' });
          return true;
        },
      },
    );
    expect(counts).toEqual([1, undefined, 2, 1]);
    expect(result).toMatchObject({ outcome: 'deleted', failed: [] });
  });

  it('deletes nothing after a no, and asks nobody where there is nothing', async () => {
    const { id } = await make({ source: 'stays' });
    expect(await client.leads.deleteByFilter({ source: 'stays' }, { confirm: () => false })).toMatchObject({ outcome: 'cancelled' });
    expect(await isThere(id)).toBe(true);
    const never = () => expect.unreachable();
    expect(await client.leads.deleteByFilter({ source: 'none' }, { confirm: never })).toMatchObject({
      outcome: 'cancelled',
      plan: { count: 0 },
    });
  });
});
