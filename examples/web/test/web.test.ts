import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLeadsClient, type Lead, type LeadsClient } from '@leads/client';
import { startMock } from '@leads/mock';
import { createServer } from '@leads/server';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../../packages/server/test/support/browser.ts';
import { proxyTo } from '../vite.config.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const skipped = noBrowser('the example page');

const API_KEY = `sk-workspace_${'e'.repeat(51)}`;

/** An API without leads, and how to end it. */
interface Subject {
  readonly url: string;
  close(): Promise<void>;
}

async function startMockSubject(): Promise<Subject> {
  return startMock({ seed: 0 });
}

async function startServerSubject(): Promise<Subject> {
  const server = await createServer({ LEADS_BOOTSTRAP_API_KEY: API_KEY });
  return { url: server.url, close: () => server.stop() };
}

let browser: Browser;
let outDir: string;
beforeAll(async () => {
  if (skipped) return;
  outDir = await mkdtemp(join(tmpdir(), 'leads-web-'));
  await build({ root: ROOT, logLevel: 'error', build: { outDir } });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  if (outDir) await rm(outDir, { recursive: true });
});

describe.skipIf(skipped).each([
  ['the mock', startMockSubject],
  ['the server', startServerSubject],
])('the page, built against %s', (_, start) => {
  let subject: Subject;
  let site: PreviewServer;
  let client: LeadsClient;
  let page: Page;
  const errors: string[] = [];

  beforeEach(async () => {
    subject = await start();
    client = createLeadsClient({ baseUrl: subject.url, apiKey: API_KEY });
    const options = { port: 0, host: '127.0.0.1', proxy: proxyTo(subject.url, API_KEY) };
    site = await preview({ root: ROOT, logLevel: 'error', build: { outDir }, preview: options });
    page = await browser.newPage();
    page.setDefaultTimeout(5_000);
    errors.length = 0;
    page.on('pageerror', ({ message }) => errors.push(message));
  });
  afterEach(async () => {
    await page.context().close();
    await site.close();
    await subject.close();
    expect(errors).toEqual([]);
  });

  const newLead = (name: string, fields: object = {}): Promise<Lead> =>
    client.leads.create({ name, email: `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`, ...fields });
  const open = () => page.goto(site.resolvedUrls!.local[0]!);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
  const names = () => page.locator('tbody th').allTextContents();
  const notice = (text: string) => page.locator('.notice', { hasText: text }).waitFor();
  const exists = (id: string) =>
    client.leads.get(id).then(
      () => true,
      () => false,
    );
  async function askToDelete(name: string) {
    await open();
    await button(name).click();
    await button('Delete…').click();
    await button(`Delete ${name}`).waitFor();
  }

  it('lists leads page by page, searches, filters, and shows one', async () => {
    for (let n = 1; n <= 21; n++) await newLead(`Lead ${n}`);
    await newLead('Zoe Zimmer', { status: 'lost', metadata: { company: 'Acme' } });
    await open();
    await page.getByText('22 leads, page 1 of 2').waitFor();
    await button('Next').click();
    await page.getByText('page 2 of 2').waitFor();
    await page.getByLabel('Search').fill('ZIMM');
    await page.getByText('1 lead, page 1 of 1').waitFor();
    expect(await names()).toEqual(['Zoe Zimmer']);
    await page.getByLabel('Search').fill('');
    await page.getByLabel('Status').selectOption('lost');
    await page.getByText('1 lead, page 1 of 1').waitFor();
    await button('Zoe Zimmer').click();
    expect(await page.getByRole('dialog').textContent()).toContain('Acme');
  });

  it('deletes the lead that was shown, and brings it back as it was', async () => {
    const lead = await newLead('John Doe', { metadata: { company: 'Acme' } });
    await client.activities.create(lead.id, { type: 'note', text: 'Met at the fair' });
    await askToDelete('John Doe');
    expect(await page.getByRole('dialog').textContent()).toContain('1 activity, 0 campaign memberships');
    await button('Delete John Doe').click();
    await notice('John Doe deleted.');
    expect(await exists(lead.id)).toBe(false);
    await page.getByText('No leads here.').waitFor();
    await button('Undo').click();
    await notice('1 lead brought back.');
    expect(await client.leads.get(lead.id)).toEqual(lead);
    await button('John Doe').waitFor();
  });

  it('names the active campaign that stands in the way, and deletes only when told to', async () => {
    const lead = await newLead('John Doe');
    const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
    await client.campaigns.enrollLead(campaign.id, lead.id);
    await askToDelete('John Doe');
    expect(await page.getByRole('dialog').textContent()).toContain('Spring offer');
    expect(await button('Delete John Doe').isDisabled()).toBe(true);
    await page.getByLabel('Delete it although it is in an active campaign').check();
    await button('Delete John Doe').click();
    await notice('John Doe deleted.');
    expect(await exists(lead.id)).toBe(false);
  });

  it('deletes nothing that changed since it was shown', async () => {
    const lead = await newLead('John Doe');
    await askToDelete('John Doe');
    await client.leads.update(lead.id, { status: 'converted' });
    await button('Delete John Doe').click();
    await page.getByText('This lead changed since you looked.').waitFor();
    expect(await exists(lead.id)).toBe(true);
    await button('Look again').click();
    await page.getByRole('dialog').getByText('converted').waitFor();
    await button('Delete John Doe').click();
    await notice('John Doe deleted.');
  });

  it('deletes once, and says so, when the answers to its tries were lost', async () => {
    const lead = await newLead('John Doe');
    await askToDelete('John Doe');
    await page.route(
      (url) => url.pathname.endsWith(lead.id),
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      // All that the client makes by itself.
      { times: 3 },
    );
    await button('Delete John Doe').click();
    await page.getByText('The API does not answer.').waitFor();
    expect(await exists(lead.id)).toBe(false);
    await button('Delete John Doe').click();
    await notice('John Doe deleted.');
    await button('Undo').click();
    await notice('1 lead brought back.');
    expect(await client.leads.get(lead.id)).toEqual(lead);
  });

  it('deletes those that are selected, keeps the one in use, and brings them back', async () => {
    const leads = [await newLead('Ann'), await newLead('Bob'), await newLead('Eve'), await newLead('Zoe')];
    const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
    await client.campaigns.enrollLead(campaign.id, leads[1]!.id);
    await open();
    for (const name of ['Ann', 'Bob', 'Eve']) await page.getByLabel(`Select ${name}`, { exact: true }).check();
    await button('Delete 3 leads…').click();
    await page.getByRole('dialog').getByText('1 lead of them in an active campaign: Spring offer').waitFor();
    await button('Delete 3 leads').click();
    await notice('2 leads deleted. 1 lead kept: in an active campaign.');
    await expect.poll(names).toEqual(['Zoe', 'Bob']);
    await button('Undo').click();
    await notice('2 leads brought back.');
    await expect.poll(names).toEqual(['Zoe', 'Eve', 'Bob', 'Ann']);
  });

  it('deletes all with a status as it was shown, tells how far it is, and deletes nothing when one came since', async () => {
    const lines = Array.from({ length: 150 }, (_, n) => ({
      lead: { ...TEMPLATE, id: `lead_${randomUUID().replaceAll('-', '')}`, name: `Lost ${n}`, email: `lost.${n}@example.com` },
    }));
    await client.leads.import(lines.map((line) => JSON.stringify(line)).join('\n'));
    const kept = await newLead('Ann');
    await open();
    await page.getByLabel('Status').selectOption('lost');
    await button('Delete all that are lost…').click();
    await button('Delete 150 leads').waitFor();
    await newLead('Late', { status: 'lost' });
    await button('Delete 150 leads').click();
    await page.getByText('Leads came, went or changed since you looked.').waitFor();
    expect((await client.leads.list({ status: 'lost' })).pagination.total).toBe(151);
    await button('Look again').click();
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route('**/api/v1/jobs/*', (route) => held.then(() => route.continue()), { times: 1 });
    await button('Delete 151 leads').click();
    await page.getByRole('progressbar', { name: 'Leads done' }).waitFor();
    await page.getByText('of 151 done').waitFor();
    goOn();
    await notice('151 leads deleted.');
    await page.getByText('No leads here.').waitFor();
    expect((await client.leads.list()).leads).toEqual([kept]);
  });

  it('breaks no rule for accessibility, and can be used with the keyboard alone', async () => {
    const lead = await newLead('John Doe');
    const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
    await client.campaigns.enrollLead(campaign.id, lead.id);
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      await open();
      await button('John Doe').focus();
      expect(await violations()).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'John Doe' }).waitFor();
      expect(await violations()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await button('John Doe').evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await button('Delete…').press('Enter');
      await page.getByRole('dialog').getByText('Spring offer').waitFor();
      expect(await violations()).toEqual([]);
    }
  });

  async function violations(): Promise<string[]> {
    await page.evaluate(axe.source);
    const { violations: found } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
  }
});

const TEMPLATE = {
  email: 'lost@example.com',
  phone: null,
  source: null,
  status: 'lost',
  metadata: {},
  createdAt: '2024-01-15T10:30:00.000Z',
  updatedAt: '2024-01-15T10:30:00.000Z',
  workspaceId: 'ws_other',
};
