import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ERRORS, OPERATIONS as CONTRACT_OPERATIONS } from '@leads/contract';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeControl } from '../../../packages/mock/src/control.ts';
import { describeSettings } from '../../../packages/server/src/config.ts';
import { launchBrowser, noBrowser } from '../../../packages/server/test/support/browser.ts';
import { errorPath, operationPath } from '../src/addresses.ts';
import { COMMANDS } from '../src/commands.ts';
import { examplesOf, OPERATIONS } from '../src/openapi/document.ts';
import { DIST, buildSite } from './support/build.ts';
import { serveSite } from './support/serve.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
// Any path below it is a page or a file of the site.
const ORIGIN = 'http://site.invalid';
/** The server that the site is built for. */
const SERVER = 'https://leads.example.com';
/** One page of each kind. */
const KINDS = [
  '/',
  '/reference/',
  '/reference/conventions/',
  operationPath('leads.bulkDelete'),
  '/errors/',
  errorPath('LEAD_IN_USE'),
  '/guides/deleting-leads/',
  '/commands/',
  '/mock-control/',
  '/mock/',
  '/settings/',
  '/measurements/',
  '/changelog/',
  '/404.html',
];

/** Pages of one kind are made by one template: all of them are looked at where there is time. */
const isWhole = process.env['LEADS_TEST_MORE'] !== undefined;

let pages: ReadonlyMap<string, string>;

// What is read in the files and what is seen in the browser stand in one file: the site is built once for both.
beforeAll(async () => {
  pages = await buildSite(`${SERVER}/`);
});

describe('every operation of openapi.json has a page that can be read without scripts', () => {
  it.each(OPERATIONS.map((operation) => [operation.operationId, operation] as const))('%s', (operationId, operation) => {
    const { method, path, summary, parameters, requestBody, responses } = operation;
    const page = textOf(pages.get(operationPath(operationId)) ?? '');
    for (const text of [method, path, summary, ...parameters.map(({ name }) => name), ...Object.keys(responses)])
      expect(page).toContain(text);
    for (const content of [requestBody?.content, ...Object.values(responses).map((response) => response.content)]) {
      for (const { value } of examplesOf(content)) {
        const sent = typeof value === 'string' ? value : JSON.stringify(value);
        // A body is shown as the samples send it.
        if (content !== requestBody?.content) expect(withoutSpace(page)).toContain(withoutSpace(sent));
      }
    }
  });

  it('speaks to the server that the site was built for, in every sample and where it can be tried', () => {
    for (const { operationId, tags } of OPERATIONS) {
      const page = pages.get(operationPath(operationId))!;
      expect(page).toContain(`href="${SERVER}/docs/#/${tags[0]!.replaceAll(' ', '%20')}/${operationId}"`);
      expect(page, operationId).not.toContain('127.0.0.1');
      // In curl, with the client, in JavaScript and in Python.
      expect(textOf(page).split(`${SERVER}/api/v1/`).length + textOf(page).split(`baseUrl: '${SERVER}'`).length).toBeGreaterThan(5);
    }
  });

  it('says since which version', () => {
    for (const { operationId } of OPERATIONS) expect(textOf(pages.get(operationPath(operationId))!)).toMatch(/since \d+\.\d+\.\d+/);
    for (const [path, count] of [
      ['/commands/', COMMANDS.length],
      ['/settings/', Object.keys(describeSettings()).length],
      ['/mock-control/', describeControl().routes.length],
    ] as const)
      expect(textOf(pages.get(path)!).match(/since \d+\.\d+\.\d+/g), path).toHaveLength(count);
  });

  it('is one of the contract, and none is missing', () => {
    expect(OPERATIONS.map(({ operationId }) => operationId).toSorted()).toEqual(CONTRACT_OPERATIONS.map(({ id }) => id).toSorted());
  });
});

describe('every error code of the registry', () => {
  it('is in the list once', () => {
    const listed = [...pages.get('/errors/')!.matchAll(/data-error-code="([^"]*)"/g)].map(([, code]) => code!);
    expect(listed.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });

  it.each(Object.entries(ERRORS))(
    '%s has a page with status, message, cause, remedy and an example',
    (code, { status, message, cause, remedy }) => {
      const page = textOf(pages.get(errorPath(code)) ?? '');
      for (const text of [code, String(status), message, cause.replaceAll('`', ''), remedy.replaceAll('`', ''), `"code":"${code}"`])
        expect(withoutSpace(page)).toContain(withoutSpace(text));
    },
  );

  it('is linked from each operation that documents it', () => {
    for (const { operationId, responses } of OPERATIONS) {
      const page = pages.get(operationPath(operationId))!;
      const codes = Object.entries(responses).flatMap(([status, { content }]) =>
        status.startsWith('2') ? [] : examplesOf(content).map(({ name }) => name),
      );
      for (const code of codes) expect(page, operationId).toContain(`<a href="${errorPath(code)}"><code>${code.replaceAll('_', '_<wbr>')}`);
    }
  });
});

describe('what is said elsewhere is on the site', () => {
  it('every guide', async () => {
    for await (const file of glob('*.md', { cwd: join(ROOT, 'docs/guides') })) {
      expect([...pages.keys()]).toContain(`/guides/${file.replace(/\.md$/, '')}/`);
    }
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))('the help of leads %s', (_, { summary, options = {}, examples }) => {
    const page = textOf(pages.get('/commands/')!).toLowerCase();
    for (const text of [summary, ...Object.keys(options).map((name) => `--${name}`), ...examples.map(([line]) => line)])
      expect(page).toContain(text.toLowerCase());
  });

  it('every route and every scenario of the mock', () => {
    const page = textOf(pages.get('/mock-control/')!);
    const { routes, scenarios } = describeControl();
    for (const text of [...routes.map(({ summary }) => summary.replaceAll('`', '')), ...scenarios])
      expect(page.replaceAll('`', '')).toContain(text);
  });

  it('every setting, with what it is for', () => {
    const page = textOf(pages.get('/settings/')!);
    for (const [name, { description }] of Object.entries(describeSettings())) {
      expect(description, name).toMatch(/\.$/);
      for (const text of [name, description!.replaceAll('`', '')]) expect(page).toContain(text);
    }
  });

  it('every change of the next version', async () => {
    const page = withoutSpace(textOf(pages.get('/changelog/')!));
    expect(page).toContain(withoutSpace('the options of a command, came with the version of @leads/client'));
    for await (const file of glob('.changeset/*.md', { cwd: ROOT })) {
      const [first] = (await readFile(join(ROOT, file), 'utf8')).split('---\n')[2]!.trim().split('\n');
      expect(page).toContain(withoutSpace(first!.replaceAll('`', '')));
    }
  });

  it('the figures of the benchmark, as charts with their tables', () => {
    const page = pages.get('/measurements/')!;
    expect(page.match(/<figure class="chart">/g)!.length).toBeGreaterThan(3);
    expect(page).toMatch(/<figure class="chart">.*?<\/figure>\s*<table>/s);
    const charts = page.match(/<figure class="chart">.*?<\/figure>/gs)!.map((chart) => {
      return [...chart.matchAll(/<text class="label"[^>]*>([^<]*)/g)].map(([, label]) => label!);
    });
    for (const labels of charts) {
      expect(labels).toEqual([...new Set(labels)]);
      for (const label of labels) expect(label).toMatch(/[a-z]/i);
    }
  });
});

describe('for programs that read', () => {
  it('every page is there as Markdown, and named in llms.txt', async () => {
    const index = await readFile(join(DIST, 'llms.txt'), 'utf8');
    const all = await readFile(join(DIST, 'llms-full.txt'), 'utf8');
    for (const path of pages.keys()) {
      if (path === '/404.html') continue;
      const file = `${path.replace(/\/$/, '') || '/index'}.md`;
      const text = await readFile(join(DIST, file), 'utf8');
      expect(text, file).toMatch(/^# /);
      expect(text, file).not.toMatch(/<(div|span|p|table)\b/);
      expect(index).toContain(`](${file})`);
      expect(all).toContain(text);
    }
  });

  it('the Markdown of an operation has its samples and answers', async () => {
    const text = await readFile(join(DIST, 'reference/leads.delete.md'), 'utf8');
    for (const part of [
      '```sh\ncurl -X DELETE',
      '```python\n',
      '```json\n',
      'X-Confirmation-Token',
      '[`CONFIRMATION_STALE`](/errors/CONFIRMATION_STALE.md)',
    ])
      expect(text).toContain(part);
  });

  it('every link of the Markdown leads to a file of the site', async () => {
    const broken: string[] = [];
    for await (const file of glob('**/*.md', { cwd: DIST })) {
      const text = await readFile(join(DIST, file), 'utf8');
      for (const [, target] of text.matchAll(/\]\((\/[^)#]*)/g)) if (!existsSync(join(DIST, target!))) broken.push(`${file}: ${target}`);
    }
    expect(broken).toEqual([]);
  });
});

it('every page has the search, and the search has its index', () => {
  for (const [path, html] of pages) expect(html, path).toContain('id="starlight__search"');
  expect(existsSync(join(DIST, 'pagefind/pagefind-entry.json'))).toBe(true);
});

it('no page, style or script calls an outside host', async () => {
  const outside: string[] = [];
  // `new URL("https://…")` only parses: it is how the search reads the addresses of the pages. The server of the samples is the reader's own.
  const reference =
    /(?:\b(?:src|srcset|href|action|poster|from)\s*[=:]?\s*|(?<!new )url\(\s*|@?import\s*\(?\s*|fetch\(\s*)["'`]?((?:https?:)?\/\/(?!127\.0\.0\.1|leads\.example\.com)[\w-]+\.[^"'`\s)]*)/gi;
  for await (const file of glob('**/*.{html,css,js}', { cwd: DIST })) {
    // A link is followed by people only.
    const text = (await readFile(join(DIST, file), 'utf8')).replaceAll(/<a\b[^>]*>/g, '');
    for (const [, url] of text.matchAll(reference)) outside.push(`${file}: ${url}`);
  }
  expect(outside).toEqual([]);
});

it('every internal link leads to a page, and to an anchor that it has', () => {
  const broken: string[] = [];
  for (const [path, html] of pages) {
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const url = new URL(target!.replaceAll('&#38;', '&'), ORIGIN + path);
      if (url.origin !== ORIGIN) continue;
      const page = pages.get(url.pathname);
      const found = page
        ? url.hash === '' || page.includes(` id="${url.hash.slice(1)}"`)
        : existsSync(join(DIST, url.pathname)) && !url.pathname.endsWith('/');
      if (!found) broken.push(`${path}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

it('the first operation that one opens is under 100 kB without scripts', async () => {
  const html = pages.get(operationPath('leads.bulkDelete'))!;
  const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href!);
  const fonts = [...html.matchAll(/<link rel="preload" href="([^"]+\.woff2)"/g)].map(([, href]) => href!);
  expect([styles.length > 0, fonts.length]).toEqual([true, 1]);
  const files = await Promise.all([...styles, ...fonts].map((path) => readFile(join(DIST, path))));
  // As every host of static files sends them. A font is compressed already.
  const bytes = [Buffer.from(html), ...files].map((content) => Math.min(content.length, gzipSync(content).length));
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(100_000);
});

describe('from the home page, without search, in at most two clicks', () => {
  /** Every page that a link in the text of the home page leads to, and those that these lead to. */
  const reached = (isIt: (text: string) => boolean): boolean => {
    const once = linksOf('/');
    return [...once, ...once.flatMap(linksOf)].some((path) => isIt(textOf(mainOf(path))));
  };

  it.each<[what: string, isIt: (text: string) => boolean]>([
    [
      'how to delete safely in Python',
      (text) => text.includes('import requests') && text.includes('deletion-preview') && text.includes('X-Confirmation-Token'),
    ],
    [
      'what CONFIRMATION_STALE means',
      (text) => text.trimStart().startsWith('CONFIRMATION_STALE') && text.includes(ERRORS.CONFIRMATION_STALE.message),
    ],
    [
      'how to make the mock answer 503 twice',
      (text) => text.includes('/__mock/faults') && text.includes('"times": 2') && text.includes('503 twice'),
    ],
    ['what an API key needs to anonymize', (text) => text.includes('Anonymize a lead') && text.includes('Needsthe scope leads:delete')],
  ])('%s', (_, isIt) => {
    expect(reached(isIt)).toBe(true);
  });
});

describe('each way in on the home page', () => {
  it('begins with a command that there is', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const commands = [...textOf(mainOf('/')).matchAll(/npm ci && npm (?:run )?([a-z]+)/g)].map(([, name]) => name!);
    expect(commands).toHaveLength(3);
    for (const name of commands) expect(Object.keys(scripts)).toContain(name);
  });
});

describe.skipIf(noBrowser('the reference'))('in Chromium', () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveSite>>;
  // One for all: a page of its own would load everything anew.
  let page: Page;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launchBrowser(), serveSite()]);
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  const open = async (path: string, width: number) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(site.origin + path);
  };
  const measure = (expression: string) => page.evaluate<number>(expression);

  it('operations, the longest first, are under 3,000 px at 1280 with everything collapsed, and the menu shows where one is', async () => {
    const longest = OPERATIONS.toSorted((a, b) => lengthOf(b.operationId) - lengthOf(a.operationId));
    for (const { operationId } of isWhole ? longest : longest.slice(0, 4)) {
      await open(operationPath(operationId), 1280);
      expect(await measure('document.documentElement.scrollHeight'), operationId).toBeLessThan(3_000);
      const current = await page.locator('#starlight__sidebar [aria-current="page"]').boundingBox();
      expect([operationId, current!.y > 0, current!.y + current!.height < 800]).toEqual([operationId, true, true]);
    }
  });

  it('what an operation does, when it refuses, its sample and an answer are on the first screen', async () => {
    await open(operationPath('leads.delete'), 1280);
    for (const part of ['.text', '.facts', '#sample', '#answers .panel:visible .example >> nth=0']) {
      const box = await page.locator(part).boundingBox();
      expect([part, box!.y + box!.height <= 800]).toEqual([part, true]);
    }
  });

  it('sample and answers stay in view beside the parameters', async () => {
    await open(operationPath('leads.bulkDelete'), 1280);
    await page.locator('#body').evaluate((heading) => heading.scrollIntoView());
    for (const id of ['#sample', '#answers']) {
      const box = await page.locator(id).boundingBox();
      expect([id, box!.y >= 56, box!.y + box!.height <= 800]).toEqual([id, true, true]);
    }
  });

  it('nothing lies above the errors', async () => {
    await open(operationPath('leads.delete'), 1280);
    await page.locator('#errors').evaluate((heading) => heading.scrollIntoView());
    const [errors, beside] = await Promise.all(['#errors', '#answers'].map((part) => page.locator(part).boundingBox()));
    expect(beside!.y + beside!.height).toBeLessThanOrEqual(errors!.y);
  });

  it('a language that is chosen stays chosen on the next page, and in the guides', async () => {
    await open(operationPath('leads.delete'), 1280);
    await page.getByText('Python', { exact: true }).click();
    await open(operationPath('leads.create'), 1280);
    expect(await page.locator('#sample pre:visible').innerText()).toContain('requests.post');
    await open('/guides/deleting-leads/', 1280);
    expect(await page.locator('.samples pre:visible').first().innerText()).toContain('import requests');
    await page.evaluate(() => localStorage.clear());
  });

  it('without scripts each sample and each answer can be chosen', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false });
    await plain.goto(site.origin + operationPath('leads.delete'));
    await plain.getByText('TypeScript', { exact: true }).click();
    expect(await plain.locator('#sample pre:visible').innerText()).toContain('client.leads.delete');
    await plain.locator('#answers').getByText('409', { exact: true }).click();
    expect(await plain.locator('#answers .panel:visible').innerText()).toContain('CONFIRMATION_STALE');
    await plain.close();
  });

  it('everything on a page is reached with Tab, in a visible way, and chosen with the keyboard', async () => {
    await open(operationPath('leads.delete'), 1280);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const at = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        element.dataset['reached'] = '';
        const shown = element instanceof HTMLInputElement ? element.labels![0]! : element;
        return { isWithin: element.closest('main') !== null, outline: getComputedStyle(shown).outlineStyle, choice: element.id };
      });
    for (;;) {
      await page.keyboard.press('Tab');
      const { isWithin, outline, choice } = await at();
      if (!isWithin) break;
      expect([choice, outline]).toEqual([choice, 'solid']);
      if (!/^(sample|answer)-0$/.test(choice)) continue;
      for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
      expect((await at()).choice).toBe(choice.replace('0', '3'));
    }
    const missed = await page.locator('main').evaluate((main) => {
      const all = [...main.querySelectorAll<HTMLElement>('a[href], button, summary, [tabindex="0"], input:checked')];
      return all
        .filter((element) => element.checkVisibility() && element.dataset['reached'] === undefined)
        .map(({ outerHTML }) => outerHTML);
    });
    expect(missed).toEqual([]);
    expect(await page.locator('#sample pre:visible').innerText()).toContain('requests.delete');
    expect(await page.locator('#answers .panel:visible').innerText()).toContain('INSUFFICIENT_SCOPE');
    const more = page.locator('#errors ~ details');
    await more.locator('summary').focus();
    await page.keyboard.press('Enter');
    await more.getByText('RATE_LIMIT_EXCEEDED').waitFor();
    const search = page.getByRole('button', { name: 'Search' });
    await expect.poll(() => search.isEnabled()).toBe(true);
    await search.press('Enter');
    await page.getByRole('dialog').locator('input').waitFor();
    await page.keyboard.type('CONFIRMATION_STALE');
    await page
      .getByRole('dialog')
      .locator(`[href="${errorPath('CONFIRMATION_STALE')}"]`)
      .waitFor({ timeout: 0 });
    await page.keyboard.press('Escape');
    await page.evaluate(() => localStorage.clear());
  });

  it('on a phone the menu is opened and followed with the keyboard, and the sample follows its text', async () => {
    await open(operationPath('leads.delete'), 375);
    const parts = ['.intro', '#sample', '#parameters', '#answers', '#errors'];
    const tops = await Promise.all(parts.map(async (part) => (await page.locator(part).boundingBox())!.y));
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    await page.getByRole('button', { name: 'Menu' }).focus();
    await page.keyboard.press('Enter');
    const errors = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Errors', exact: true });
    await errors.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/errors/');
  });

  it('on paper everything is said, and nothing is there that is clicked', async () => {
    await open(operationPath('leads.delete'), 1280);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.copy:visible, .page-end:visible, #starlight__sidebar:visible, site-search:visible').count()).toBe(0);
    expect(await page.getByText('RATE_LIMIT_EXCEEDED').last().isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
  });

  const LOOKS = [
    [1280, 'light'],
    [375, 'dark'],
  ] as const;

  // In turns: what breaks a rule in one look only is the colours, and they are the same on all pages.
  it.each(KINDS.map((path, place) => [path, LOOKS[place % 2]!] as const))(
    'axe finds nothing on %s, and on a phone nothing is cut',
    (path, look) => check(path, look),
  );

  if (isWhole)
    it('axe finds nothing on any page, wide and light, and dark on a phone, where nothing is cut', { timeout: 3_600_000 }, async () => {
      for (const path of pages.keys()) await check(path, ...LOOKS);
    });

  async function check(path: string, ...looks: (readonly [width: number, colorScheme: 'light' | 'dark'])[]): Promise<void> {
    for (const [width, colorScheme] of looks) {
      await page.emulateMedia({ colorScheme });
      await open(path, width);
      await page.evaluate(axe.source);
      expect([path, width, await violations(path)]).toEqual([path, width, []]);
    }
    await page.setViewportSize({ width: 375, height: 800 });
    expect([path, await measure('document.documentElement.scrollWidth')]).toEqual([path, 375]);
  }

  /** What stands around a page is the same on all of them. */
  async function violations(path: string): Promise<unknown[]> {
    const { violations: found } = await page.evaluate(
      (part) => (globalThis as unknown as { axe: typeof axe }).axe.run(part, { resultTypes: ['violations'] }),
      path === '/' ? 'html' : 'main',
    );
    return found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]);
  }
});

/** About how much there is to see of an operation. */
function lengthOf(operationId: string): number {
  return textOf(mainOf(operationPath(operationId))).length;
}

function mainOf(path: string): string {
  const page = pages.get(path) ?? '';
  return page.slice(page.indexOf('<main'), page.indexOf('</main>'));
}

function linksOf(path: string): string[] {
  return [...mainOf(path).matchAll(/<a\b[^>]*href="(\/[^"#]*)/g)].map(([, href]) => href!);
}

function textOf(html: string): string {
  return html
    .replace(/<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);|&#x([\da-f]+);/gi, (_, decimal: string, hex: string) =>
      String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
