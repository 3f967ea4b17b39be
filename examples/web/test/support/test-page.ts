import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLeadsClient, type Lead, type LeadsClient } from '@leads/client';
import { startMock } from '@leads/mock';
import { createServer } from '@leads/server';
import axe from 'axe-core';
import type { Browser, Page, Request, Route } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../../../packages/server/test/support/browser.ts';
import { proxyTo } from '../../vite.config.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const skipped = noBrowser('the example page');

const API_KEY = `sk-workspace_${'e'.repeat(51)}`;

/** An API without leads, and how to end it. */
export interface Subject {
  readonly url: string;
  close(): Promise<void>;
}

export async function startMockSubject(): Promise<Subject> {
  return startMock({ seed: 0 });
}

export async function startServerSubject(): Promise<Subject> {
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

/**
 * What is promised of the page, tried on what `start` starts: all of it on the mock, and where there is time on all; elsewhere what
 * depends most on what answers.
 */
export function testPage(what: string, start: () => Promise<Subject>): void {
  const isWhole = start === startMockSubject || process.env['LEADS_TEST_MORE'] !== undefined;
  const itOfAll = (name: string, test: () => Promise<void>) => {
    if (isWhole) it(name, test);
  };
  describe.skipIf(skipped)(`the page, built against ${what}`, () => {
    let subject: Subject;
    let site: PreviewServer;
    let client: LeadsClient;
    let page: Page;
    /** For the next test, too: a page of its own takes longer to load than many a test. */
    let kept: Page | undefined;
    const errors: string[] = [];
    const requests: Request[] = [];

    beforeAll(async () => {
      subject = await start();
      client = createLeadsClient({ baseUrl: subject.url, apiKey: API_KEY });
      const options = { port: 0, host: '127.0.0.1', proxy: proxyTo(subject.url, API_KEY) };
      site = await preview({ root: ROOT, logLevel: 'error', build: { outDir }, preview: options });
    });
    afterAll(async () => {
      await site.close();
      await subject.close();
    });
    beforeEach(async () => {
      await removeEverything(client);
      kept ??= await newPage();
      page = kept;
      errors.length = 0;
      requests.length = 0;
    });
    afterEach(async () => {
      if (kept) {
        await page.unrouteAll();
        await page.goto('about:blank');
      } else await page.context().close();
      expect(errors).toEqual([]);
    });

    async function newPage(): Promise<Page> {
      const made = await browser.newPage();
      made.setDefaultTimeout(0);
      made.on('pageerror', ({ message }) => errors.push(message));
      made.on('request', (request) => requests.push(request));
      return made;
    }
    /** The page goes with the test, which changes what cannot be changed back. */
    const keepNoPage = () => (kept = undefined);
    async function stopClock() {
      keepNoPage();
      await page.clock.install();
    }

    const newLead = (name: string, fields: object = {}): Promise<Lead> =>
      client.leads.create({ name, email: `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`, ...fields });
    /** Many leads at once, with the latest last. */
    const importLeads = (count: number, fields: object, named = (n: number) => `Lead ${n}`) => {
      const lineOf = (n: number) => {
        const id = `lead_${randomUUID().replaceAll('-', '')}`;
        const createdAt = new Date(Date.parse(TEMPLATE.createdAt) + n * 1000).toISOString();
        return JSON.stringify({ lead: { ...TEMPLATE, ...fields, id, createdAt, name: named(n), email: `${id}@example.com` } });
      };
      return client.leads.import(Array.from({ length: count }, (_, n) => lineOf(n + 1)).join('\n'));
    };
    const open = (hash = '') => page.goto(`${site.resolvedUrls!.local[0]!}${hash}`);
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
    const choice = (name: string) => page.getByRole('combobox', { name, exact: true });
    const dialog = () => page.getByRole('dialog');
    const names = () => page.locator('tbody th').allTextContents();
    const toast = (text: string) => page.locator('.toast', { hasText: text });
    const hash = () => decodeURIComponent(new URL(page.url()).hash.replaceAll('+', ' '));
    const total = async (query: object = {}) => (await client.leads.list(query)).pagination.total;
    const sent = (method: string, path: RegExp) =>
      requests.filter((request) => request.method() === method && path.test(new URL(request.url()).pathname));
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

    if (isWhole)
      describe('the list', () => {
        it('has its filters, its order and its page in the address: back, forward and a new load show the same', async () => {
          await importLeads(21, { status: 'lost', source: 'fair' });
          await newLead('Zoe Zimmer', { source: 'website' });
          await open();
          await page.getByText('22 leads, page 1 of 2').waitFor();
          await choice('Status').selectOption('lost');
          await page.getByText('21 leads, page 1 of 2').waitFor();
          await choice('Source').selectOption('fair');
          await button('Name').click();
          await expect.poll(async () => (await names())[0]).toBe('Lead 1');
          await button('Next').click();
          await page.getByText('page 2 of 2').waitFor();
          expect(hash()).toBe('#status=lost&source=fair&sortBy=name&sortOrder=asc&page=2');
          await page.reload();
          await page.getByText('21 leads, page 2 of 2').waitFor();
          expect(await names()).toEqual(['Lead 9']);
          expect(await choice('Status').inputValue()).toBe('lost');
          expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
          for (let step = 0; step < 3; step++) await page.goBack();
          await page.getByText('21 leads, page 1 of 2').waitFor();
          expect([hash(), await choice('Source').inputValue()]).toEqual(['#status=lost', '']);
          await page.goBack();
          await page.getByText('22 leads, page 1 of 2').waitFor();
          await page.goForward();
          await page.getByText('21 leads, page 1 of 2').waitFor();
          await open('#status=nonsense&page=-1&sortBy=secret');
          await page.getByText('22 leads, page 1 of 2').waitFor();
        });

        it('goes to the last page where the address names one behind it', async () => {
          await importLeads(21, {});
          await open('#page=9');
          await page.getByText('21 leads, page 2 of 2').waitFor();
          expect(hash()).toBe('#page=2');
        });

        it('searches when typing pauses, and never shows an answer that is late', async () => {
          for (const name of ['Ann Meyer', 'Anna Zimmer', 'Bob']) await newLead(name);
          await open();
          await button('Bob').waitFor();
          const searched = () => sent('GET', /leads$/).map((request) => new URL(request.url()).searchParams.get('search'));
          let late: Route | undefined;
          await page.route('**/api/v1/leads?*search=Ann&*', (route) => void (late = route));
          await page.getByLabel('Search').pressSequentially('Ann');
          await expect.poll(() => late).toBeDefined();
          expect(searched()).toEqual([null, 'Ann']);
          await page.getByLabel('Search').pressSequentially('a Z');
          await expect.poll(names).toEqual(['Anna Zimmer']);
          expect(searched()).toEqual([null, 'Ann', 'Anna Z']);
          await expect.poll(() => late!.request().failure()?.errorText).toBe('net::ERR_ABORTED');
          expect(hash()).toBe('#search=Anna Z');
          await page.goBack();
          await page.goBack();
          await button('Bob').waitFor();
          expect(await page.getByLabel('Search').inputValue()).toBe('');
          await page.getByLabel('Search').fill('bob');
          await page.getByLabel('Search').press('Enter');
          await page.getByText('1 lead, page 1 of 1').waitFor();
        });

        it('shows until when it has to wait, and then goes on by itself', async () => {
          await newLead('John Doe');
          await stopClock();
          await page.route('**/api/v1/leads?*', (route) => route.fulfill(TOO_MANY), { times: 1 });
          await open();
          const text = await page.getByText('Too many requests.').textContent();
          const [, hours, minutes] = /It can go on at (\d\d):(\d\d):\d\d\./.exec(text!)!;
          const wanted = await page.evaluate(() => new Date(Date.now() + 1_800_000).toTimeString());
          const apart = Number(wanted.slice(0, 2)) * 60 + Number(wanted.slice(3, 5)) - Number(hours) * 60 - Number(minutes);
          expect([0, 1]).toContain(apart);
          await page.clock.fastForward('30:01');
          await button('John Doe').waitFor();
          expect(await page.getByText('Too many requests.').count()).toBe(0);
        });
      });

    describe('a lead', () => {
      itOfAll('is shown with its activities, its campaigns and its history, at an address of its own', async () => {
        const lead = await newLead('Zoe Zimmer', { status: 'follow_up', metadata: { company: 'Acme' } });
        for (let n = 1; n <= 11; n++) await client.activities.create(lead.id, { type: 'call', text: `Asked ${n} times` });
        const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
        await client.campaigns.create({ name: 'Another offer' });
        await client.campaigns.enrollLead(campaign.id, lead.id);
        await client.backups.create(lead.id);
        await open();
        await button('Zoe Zimmer').click();
        expect(hash()).toBe(`#lead=${lead.id}`);
        await page.reload();
        const part = (name: string) => page.getByRole('region', { name });
        await dialog().getByText('Acme').waitFor();
        await part('Activities').getByText('Asked 11 times').waitFor();
        expect(await part('Activities').getByRole('listitem').count()).toBe(10);
        await button('More activities').click();
        await part('Activities').getByText('Asked 1 times').waitFor();
        await part('Campaigns').getByText('Spring offer').waitFor();
        expect(await part('Campaigns').getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/Spring offer active$/)]);
        await part('History').getByText('backup created').waitFor();
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
        expect(hash()).toBe('');
        await open('#lead=lead_unknown');
        await dialog().getByText('This lead is not there any more.').waitFor();
      });

      it('is deleted as it was shown, and brought back as it was', async () => {
        const lead = await newLead('John Doe', { metadata: { company: 'Acme' } });
        await client.activities.create(lead.id, { type: 'note', text: 'Met at the fair' });
        await askToDelete('John Doe');
        await dialog().getByText('1 activity, 0 campaign memberships').waitFor();
        await button('Delete John Doe').click();
        await toast('John Doe deleted.').waitFor();
        expect(await exists(lead.id)).toBe(false);
        await page.getByText('No leads here.').waitFor();
        await button('Undo').click();
        await toast('1 lead brought back.').waitFor();
        expect(await client.leads.get(lead.id)).toEqual(lead);
        await button('John Doe').waitFor();
      });

      itOfAll('is not deleted while an active campaign stands in the way, which is named, unless that is told', async () => {
        const lead = await newLead('John Doe');
        const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
        await client.campaigns.enrollLead(campaign.id, lead.id);
        await askToDelete('John Doe');
        await dialog().getByText('Spring offer').waitFor();
        expect(await button('Delete John Doe').isDisabled()).toBe(true);
        await page.getByLabel('Delete it although it is in an active campaign').check();
        await button('Delete John Doe').click();
        await toast('John Doe deleted.').waitFor();
        expect(await exists(lead.id)).toBe(false);
      });

      itOfAll('is not deleted when it changed since it was shown', async () => {
        const lead = await newLead('John Doe');
        await askToDelete('John Doe');
        await client.leads.update(lead.id, { status: 'converted' });
        await button('Delete John Doe').click();
        await page.getByText('This lead changed since you looked.').waitFor();
        expect(await exists(lead.id)).toBe(true);
        await button('Look again').click();
        await dialog().getByText('converted').waitFor();
        await button('Delete John Doe').click();
        await toast('John Doe deleted.').waitFor();
      });

      it('is deleted once, and that is said, when the answers to the tries were lost', async () => {
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
        await toast('John Doe deleted.').waitFor();
        await button('Undo').click();
        await toast('1 lead brought back.').waitFor();
        expect(await client.leads.get(lead.id)).toEqual(lead);
      });
    });

    describe('many leads', () => {
      itOfAll('that are selected are deleted, but for the one in use, and come back in one request', async () => {
        const leads = [await newLead('Ann'), await newLead('Bob'), await newLead('Eve'), await newLead('Zoe')];
        const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
        await client.campaigns.enrollLead(campaign.id, leads[1]!.id);
        await open();
        for (const name of ['Ann', 'Bob', 'Eve']) await page.getByLabel(`Select ${name}`, { exact: true }).check();
        await button('Delete 3 leads…').click();
        await dialog().getByText('1 lead of them in an active campaign: Spring offer').waitFor();
        await button('Delete 3 leads').click();
        await toast('2 leads deleted. 1 lead kept: in an active campaign.').waitFor();
        await expect.poll(names).toEqual(['Zoe', 'Bob']);
        await button('Undo').click();
        await toast('2 leads brought back.').waitFor();
        await expect.poll(names).toEqual(['Zoe', 'Eve', 'Bob', 'Ann']);
        expect(sent('POST', /restore$/).map((request) => new URL(request.url()).pathname)).toEqual(['/api/v1/backups/restore']);
      });

      it('that match filters are selected beyond the page, deleted as they were shown, and none when one came since', async () => {
        await importLeads(150, { status: 'lost' });
        const kept = await newLead('Ann');
        await open('#status=lost');
        await page.getByLabel('Select every lead of this page').check();
        await page.getByText('All 20 leads of this page are selected.').waitFor();
        await button('Select all 150 that match').click();
        await button('Delete 150 leads…').click();
        await button('Delete 150 leads').waitFor();
        await newLead('Late', { status: 'lost' });
        await button('Delete 150 leads').click();
        await page.getByText('Leads came, went or changed since you looked.').waitFor();
        expect(await total({ status: 'lost' })).toBe(151);
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
        await toast('151 leads deleted.').waitFor();
        await page.getByText('No leads here.').waitFor();
        expect((await client.leads.list()).leads).toEqual([kept]);
        await button('Undo').click();
        await toast('151 leads brought back.').waitFor();
        expect(await total({ status: 'lost' })).toBe(151);
      });

      itOfAll('that match a search are selected beyond the page, too; without a filter nothing is', async () => {
        await importLeads(30, {}, (n) => `Test ${n}`);
        await newLead('Ann');
        await open();
        await page.getByLabel('Select every lead of this page').check();
        await page.getByText('To select more, narrow the list first.').waitFor();
        await open('#search=test');
        await page.getByText('30 leads').waitFor();
        await page.getByLabel('Select every lead of this page').check();
        await button('Select all 30 that match').click();
        await button('Delete 30 leads…').click();
        await button('Delete 30 leads').click();
        await toast('30 leads deleted.').waitFor();
        expect(await total()).toBe(1);
      });
    });

    itOfAll('what was said goes by itself, not while one is at it, and can be read and undone later', async () => {
      await newLead('John Doe');
      await newLead('Zoe');
      await stopClock();
      await askToDelete('John Doe');
      await button('Delete John Doe').click();
      await toast('John Doe deleted.').hover();
      await page.clock.fastForward(60_000);
      expect(await toast('John Doe deleted.').count()).toBe(1);
      await page.mouse.move(0, 0);
      await page.clock.fastForward(8_000);
      await toast('John Doe deleted.').waitFor({ state: 'detached' });
      await button('Messages (1)').click();
      await dialog().getByText('John Doe deleted.').waitFor();
      await dialog().getByRole('button', { name: 'Undo' }).click();
      await dialog().getByText('1 lead brought back.').waitFor();
      expect(await total()).toBe(2);
    });

    it('a CSV file is imported as its preview said, line by line', async () => {
      await newLead('Taken', { email: 'taken@example.com' });
      await open();
      await button('Import…').click();
      const lines = ['Name;Mail;Notes', 'Ann;ann@example.com;x', 'Bob;no address;y', 'Eve;taken@example.com;', 'Zoe;zoe@example.com;'];
      const buffer = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(lines.join('\r\n'), 'utf16le')]);
      await page.getByLabel('CSV file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
      await page.getByText('Say which column is the e-mail.').waitFor();
      expect(await choice('Name').inputValue()).toBe('name');
      await choice('Mail').selectOption('email');
      await page.getByText('2 leads will come in. 2 lines refused.').waitFor();
      const away = page.getByRole('list', { name: 'Lines that stay away' }).getByRole('listitem');
      expect(await away.allTextContents()).toEqual([expect.stringMatching(/^Line 3email: /), 'Line 4Another lead has its e-mail address.']);
      expect(await total()).toBe(1);
      await page.getByLabel('Bring in a lead although another one has its e-mail address').check();
      await button('Import 3 leads').click();
      await toast('3 leads imported, 1 line left out.').waitFor();
      await expect.poll(async () => (await names()).toSorted()).toEqual(['Ann', 'Eve', 'Taken', 'Zoe']);
      expect(await total()).toBe(4);
    });

    itOfAll('breaks no rule for accessibility, and can be used with the keyboard alone', async () => {
      await importLeads(21, { status: 'lost' });
      const lead = await newLead('John Doe', { status: 'lost' });
      await client.activities.create(lead.id, { type: 'call', text: 'Asked for an offer' });
      const campaign = await client.campaigns.create({ name: 'Spring offer', status: 'active' });
      await client.campaigns.enrollLead(campaign.id, lead.id);
      keepNoPage();
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 375],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 812 });
        await page.goto('about:blank');
        await open('#status=lost');
        await page.getByLabel('Select every lead of this page').press('Space');
        await button('Select all 22 that match').press('Enter');
        await button('Delete 22 leads…').waitFor();
        expect(await violations()).toEqual([]);
        await button('Import…').press('Enter');
        const csv = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('name,email\nAnn,ann@example.com\nBob,no\n') };
        await page.getByLabel('CSV file').setInputFiles(csv);
        await page.getByText('1 line refused.').waitFor();
        expect(await violations()).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
        expect(await button('Import…').evaluate((element) => element === document.activeElement)).toBe(true);
        await button('John Doe').press('Enter');
        await dialog().getByText('Asked for an offer').waitFor();
        await dialog().getByText('Spring offer').waitFor();
        expect(await violations()).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
        expect(await button('John Doe').evaluate((element) => element === document.activeElement)).toBe(true);
        await page.keyboard.press('Enter');
        await button('Delete…').press('Enter');
        await dialog().getByText('Spring offer').waitFor();
        expect(await violations()).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      }
      await page.getByLabel('Delete it although it is in an active campaign').press('Space');
      await button('Delete John Doe').press('Enter');
      await toast('John Doe deleted.').waitFor();
      expect(await violations()).toEqual([]);
      await button(/^Messages/).press('Enter');
      await dialog().getByText('John Doe deleted.').waitFor();
      expect(await violations()).toEqual([]);
    });

    async function violations(): Promise<string[]> {
      // What opens or goes by fading has no colours to be judged yet.
      await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
      await page.evaluate(axe.source);
      const { violations: found } = await page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
      );
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
    }
  });
}

/** An hour that is used up. */
const TOO_MANY = {
  status: 429,
  headers: { 'Retry-After': '1800' },
  json: {
    success: false,
    error: 'Rate limit exceeded',
    code: 'RATE_LIMIT_EXCEEDED',
    details: { limit: 1000, remaining: 0, resetTime: 0, retryAfter: 1800 },
  },
};

/** The next test finds nothing of the last. */
async function removeEverything(client: LeadsClient): Promise<void> {
  for (const { id, status } of await client.campaigns.list().toArray({ max: Infinity })) {
    if (status === 'active') await client.campaigns.update(id, { status: 'paused' });
    await client.campaigns.delete(id);
  }
  const ids = (await client.leads.list().toArray({ max: Infinity })).map(({ id }) => id);
  await client.leads.bulkDelete(ids, { backup: false });
}

const TEMPLATE = {
  email: 'lead@example.com',
  phone: null,
  source: null,
  status: 'new',
  metadata: {},
  createdAt: '2024-01-15T10:30:00.000Z',
  updatedAt: '2024-01-15T10:30:00.000Z',
  workspaceId: 'ws_other',
};
