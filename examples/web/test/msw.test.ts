import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../../packages/server/test/support/browser.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const skipped = noBrowser('the example page without a server');

let outDir: string;
let site: PreviewServer;
let browser: Browser;
beforeAll(async () => {
  if (skipped) return;
  outDir = await mkdtemp(join(tmpdir(), 'leads-web-'));
  await build({ root: ROOT, mode: 'msw', logLevel: 'error', build: { outDir } });
  site = await preview({ root: ROOT, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  if (outDir) await rm(outDir, { recursive: true });
});

it.skipIf(skipped)('the page works in a browser without any server behind it, on the examples of the contract', async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(5_000);
  await page.goto(site.resolvedUrls!.local[0]!);
  await page.getByRole('button', { name: 'John Doe' }).first().click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete John Doe' }).click();
  await page.locator('.notice', { hasText: 'John Doe deleted.' }).waitFor();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toMatch(/mockServiceWorker\.js$/);
});
