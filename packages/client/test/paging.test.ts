import { createLeadsClient } from '@leads/client';
import { startMock } from '@leads/mock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('a list', () => {
  let mock: Awaited<ReturnType<typeof startMock>>;
  let client: ReturnType<typeof createLeadsClient>;
  const requests = () => mock.requests().length;

  beforeAll(async () => {
    mock = await startMock({ seed: 250 });
    client = createLeadsClient({ baseUrl: mock.url, apiKey: 'sk-workspace_paging' });
  });
  afterAll(() => mock.close());

  it('is one page where it is awaited, of the size that the API has for it', async () => {
    const { leads, pagination } = await client.leads.list();
    expect([leads.length, pagination.total]).toEqual([20, 250]);
  });

  it('is every item, once and in order, where it is walked, in as few requests as can be', async () => {
    const before = requests();
    const ids: string[] = [];
    for await (const lead of client.leads.list()) ids.push(lead.id);
    expect(requests() - before).toBe(3);
    expect(new Set(ids).size).toBe(250);
    expect((await client.leads.list({ limit: 100 })).leads.map(({ id }) => id)).toEqual(ids.slice(0, 100));
  });

  it('sends nothing before it is awaited or walked', async () => {
    const before = requests();
    const list = client.leads.list();
    expect(requests()).toBe(before);
    expect(await list).toBe(await list);
    expect(requests()).toBe(before + 1);
  });

  it('is walked to its end while what it shows is deleted, without repeating or leaving out what stays', async () => {
    const { leads } = await client.leads.list({ limit: 60, sortOrder: 'asc' });
    const gone: string[] = [];
    const seen: string[] = [];
    for await (const { id } of client.leads.list({ limit: 10, sortOrder: 'asc' })) {
      seen.push(id);
      if (gone.length >= 40) continue;
      await client.leads.delete(id, { force: true });
      gone.push(id);
    }
    expect(seen).toHaveLength(250);
    expect(new Set(seen).size).toBe(250);
    expect(gone).toEqual(leads.slice(0, 40).map(({ id }) => id));
    await mock.reset();
  });

  it('is an array of at most so many', async () => {
    const before = requests();
    expect(await client.leads.list().toArray({ max: 120 })).toHaveLength(120);
    expect(requests() - before).toBe(2);
    expect(await client.leads.list().toArray({ max: 1_000 })).toHaveLength(250);
    expect(await client.leads.list().toArray({ max: 0 })).toEqual([]);
  });

  it('is walked from a numbered page on', async () => {
    const pages: number[] = [];
    for await (const { leads, pagination } of client.leads.list({ page: 3, limit: 100 }).pages()) pages.push(pagination.page, leads.length);
    expect(pages).toEqual([3, 50]);
  });

  it('walks what is below something, and what has no numbers', async () => {
    const campaign = await client.campaigns.create({ name: 'Spring offer' });
    const leads = await client.leads.list().toArray({ max: 150 });
    await client.campaigns.enroll(campaign.id, { leadIds: leads.map(({ id }) => id) });
    const enrolled = await client.campaigns.listLeads(campaign.id, { limit: 40 }).toArray({ max: 1_000 });
    expect(new Set(enrolled.map(({ leadId }) => leadId))).toEqual(new Set(leads.map(({ id }) => id)));
  });

  it('ends where the API refuses', async () => {
    const walk = async () => {
      for await (const _ of client.leads.list({ cursor: 'none' })) throw new Error('nothing to see');
    };
    await expect(walk()).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});
