import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateOpenApi } from '@leads/contract';
import axe from 'axe-core';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../test/support/browser.ts';
import { docsPage } from './docs-page.ts';

const KEY = `sk-workspace_${'k'.repeat(51)}`;

const skipped = noBrowser('the docs page');

const PREVIEW = {
  lead: { name: 'Jane Roe', email: 'jane.roe@example.com' },
  attached: { activities: 3, campaigns: 1 },
  blockers: [{ name: 'Spring offer' }],
};

/** The whole document takes the page seconds: what only looks at some operations is given these, and what they refer to. */
const whole = generateOpenApi() as { paths: Record<string, object>; components: Record<string, Record<string, object>> };
function only(...paths: string[]): object {
  const chosen = Object.fromEntries(paths.map((path) => [path, whole.paths[path]!]));
  const components: Record<string, Record<string, object>> = { securitySchemes: whole.components['securitySchemes']! };
  (function addWhatIsReferredTo(part: object): void {
    for (const [, kind, name] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      const known = (components[kind!] ??= {});
      if (known[name!]) continue;
      known[name!] = whole.components[kind!]![name!]!;
      addWhatIsReferredTo(known[name!]!);
    }
  })(chosen);
  return { ...whole, paths: chosen, components };
}
const few = only('/api/v1/leads', '/api/v1/leads/{leadId}', '/api/v1/leads/bulk-delete', '/api/v1/api-keys/{keyId}');

let document: object = few;
let server: Server;
let origin: string;
const deleted: string[] = [];
const bulk: unknown[] = [];
const sent: unknown[] = [];

beforeAll(async () => {
  const app = express();
  app.use('/docs', docsPage('https://reference.example.com/'));
  app.get('/openapi.json', (_req, res) => void res.json(document));
  app.get('/api/v1/leads/:leadId', (req, res) => void res.json({ leadId: req.params.leadId, authorization: req.headers.authorization }));
  app.use(express.json());
  app.get('/api/v1/leads/:leadId/deletion-preview', (_req, res) => void res.json({ data: PREVIEW }));
  app.delete('/api/v1/leads/:leadId', (req, res) => {
    deleted.push(req.params.leadId);
    res.json({ success: true });
  });
  app.post('/api/v1/leads/bulk-delete', (req, res) => {
    bulk.push(req.body);
    res.json({ data: { count: 844, blocked: 3, sample: [{ name: 'John Doe' }] } });
  });
  app.post(['/api/v1/api-keys/:id/rotate', '/api/v1/campaigns/:id/leads/remove', '/api/v1/erasures'], (req, res) => {
    sent.push(req.body);
    res.json({ data: { found: { leads: 7, storedAnswers: 19 }, blocked: 0 } });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('the page and its files come with the exact policy; nothing inline and no outside host is allowed', async () => {
  for (const path of ['/docs/', '/docs/init.js', '/docs/assets/swagger-ui-bundle.js']) {
    const response = await fetch(origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  }
});

it('serves of swagger-ui only what the page loads', async () => {
  expect((await fetch(`${origin}/docs/assets/index.html`)).status).toBe(404);
  expect((await fetch(`${origin}/docs/assets/swagger-ui-bundle.js`)).headers.get('cache-control')).toBe('public, max-age=86400');
});

describe.skipIf(skipped)('in Chromium', () => {
  let browser: Browser;
  // One for all: a page of its own would compile all of Swagger UI anew.
  let page: Page;
  let problems: string[];
  let outside: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    // As text: the project's own code is not compiled for browsers.
    await page.addInitScript(
      'document.addEventListener("securitypolicyviolation", (e) => console.error(`violates ${e.violatedDirective}: ${e.blockedURI}`))',
    );
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol !== 'data:' && asked !== origin) outside.push(request.url());
    });
  });
  afterAll(() => browser.close());

  beforeEach(() => {
    problems = [];
    outside = [];
  });

  it('an operation is executed with the key, on the origin of the page, without a violation or an outside request', async () => {
    document = whole;
    await page.goto(`${origin}/docs`);
    await page.locator('.authorize').first().waitFor();
    document = few;
    await page.locator('.authorize').first().click();
    await page.locator('.auth-container input').fill(KEY);
    await page.locator('.modal-btn.authorize').click();
    await page.locator('.btn-done').click();

    const operation = page.locator('.opblock', { hasText: 'Get a lead' });
    await operation.locator('.opblock-summary-control').click();
    await operation.getByPlaceholder('leadId').fill('lead_1');
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();

    expect(await answer.innerText()).toContain('200');
    expect(await answer.innerText()).toContain(`Bearer ${KEY}`);
    expect(await operation.locator('.request-url').innerText()).toContain(`${origin}/api/v1/leads/lead_1`);
    expect(problems).toEqual([]);
    expect(outside).toEqual([]);
  });

  /** Opens an operation, on the page as the test before left it, where the operation is on it: to load it takes seconds. */
  const tryIt = async (summary: string) => {
    const operation = page.locator('.opblock', { has: page.locator(`.opblock-summary-description:text-is("${summary}")`) });
    if ((await operation.count()) === 0) await page.goto(`${origin}/docs`);
    if (!(await operation.locator('.opblock-body').isVisible())) await operation.locator('.opblock-summary-control').click();
    return operation;
  };

  it('a deletion shows what would go and asks; it is sent only when it is confirmed', async () => {
    deleted.length = 0;
    const operation = await tryIt('Delete a lead');
    await operation.getByPlaceholder('leadId').fill('lead_1');
    const dialog = page.locator('#confirm');

    await operation.getByRole('button', { name: 'Execute' }).click();
    await dialog.waitFor();
    const shown = await dialog.innerText();
    for (const text of ['Delete a lead?', '/api/v1/leads/lead_1', 'Jane Roe', '3 activities', 'Spring offer'])
      expect(shown).toContain(text);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await operation.getByText('It was not confirmed').first().waitFor();
    expect(deleted).toEqual([]);

    await operation.getByRole('button', { name: 'Execute' }).click();
    await dialog.getByRole('button', { name: 'Send it' }).click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(deleted).toEqual(['lead_1']);
    expect(outside).toEqual([]);
  });

  it('a bulk deletion by filter is looked at by a dry run before it asks, and a dry run is sent at once', async () => {
    bulk.length = 0;
    const operation = await tryIt('Delete many leads');
    const body = operation.locator('textarea.body-param__text');
    await body.fill('{ "filter": { "status": "lost" }, "planToken": "t" }');
    await operation.getByRole('button', { name: 'Execute' }).click();
    await page.locator('#confirm').getByText('844').waitFor();
    expect(bulk).toEqual([{ filter: { status: 'lost' }, dryRun: true }]);
    await page.keyboard.press('Escape');

    await body.fill('{ "filter": { "status": "lost" }, "dryRun": true }');
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(bulk).toHaveLength(2);
  });

  it('each operation leads to its page in the reference, where one is known', async () => {
    const operation = await tryIt('Delete a lead');
    expect(await operation.locator('.opblock-external-docs__link').getAttribute('href')).toBe(
      'https://reference.example.com/reference/leads.delete/',
    );
    expect(await page.locator('#reference').getAttribute('href')).toBe('https://reference.example.com/');
  });

  it('what no method tells asks, too: a removal, an erasure, and a rotation that ends the old key', async () => {
    document = only('/api/v1/campaigns/{campaignId}/leads/remove', '/api/v1/api-keys/{keyId}/rotate', '/api/v1/erasures');
    await page.goto(`${origin}/docs`);
    const dialog = page.locator('#confirm');
    const execute = async (summary: string, parameter: string | undefined, body: object) => {
      sent.length = 0;
      const operation = page.locator('.opblock', { has: page.locator(`.opblock-summary-description:text-is("${summary}")`) });
      if (!(await operation.locator('textarea').isVisible())) await operation.locator('.opblock-summary-control').click();
      if (parameter) await operation.getByPlaceholder(parameter).fill('id_1');
      await operation.locator('textarea').fill(JSON.stringify(body));
      await operation.getByRole('button', { name: 'Execute' }).click();
      return operation.locator('.live-responses-table .response-col_status', { hasText: '200' });
    };

    const person = { email: 'a@example.com', planToken: 't' };
    for (const [summary, parameter, body, shown, looked] of [
      ['Remove many leads', 'campaignId', { leadIds: ['lead_1', 'lead_2'] }, ['Leads', '2'], []],
      ['Erase a person', undefined, person, ['Stored answers', '19'], [{ email: 'a@example.com', dryRun: true }]],
      ['Rotate an API key', 'keyId', { overlapSeconds: 0 }, ['The old key', 'ends at once'], []],
    ] as const) {
      const answer = await execute(summary, parameter, body);
      await dialog.waitFor();
      for (const text of shown) expect(await dialog.innerText()).toContain(text);
      expect(sent).toEqual(looked);
      await dialog.getByRole('button', { name: 'Send it' }).click();
      await answer.waitFor();
      expect(sent).toEqual([...looked, body]);
    }

    await execute('Rotate an API key', 'keyId', { overlapSeconds: 3600 });
    await expect.poll(() => sent).toEqual([{ overlapSeconds: 3600 }]);
    document = few;
  });

  it('what the reference calls the address of an operation is open on it', async () => {
    await page.goto('about:blank');
    await page.goto(`${origin}/docs/#/API%20keys/apiKeys.revoke`);
    const operation = page.locator('.opblock.is-open');
    expect(await operation.locator('.opblock-summary-description').innerText()).toBe('Revoke an API key');
  });

  const schemes = ['dark', 'light'] as const;
  it.each(schemes.slice(process.env['LEADS_TEST_MORE'] ? 0 : 1))('the colours can be read in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('about:blank');
    await tryIt('Delete a lead');
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: typeof axe }).axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'] }),
    );
    expect(violations.flatMap(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);
  });

  it('the key is kept nowhere', async () => {
    await page.goto(`${origin}/docs/`);
    await page.locator('.authorize').first().click();
    await page.locator('.auth-container input').fill(KEY);
    await page.locator('.modal-btn.authorize').click();
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])')).not.toContain(KEY);
  });

  it('without scripts it names the document', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false });
    await plain.goto(`${origin}/docs/`);
    expect(await plain.locator('noscript a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      '/openapi.json',
      '/openapi.yaml',
    ]);
    await plain.close();
  });
});
