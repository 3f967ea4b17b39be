import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Browser } from 'playwright-core';
import { build, preview } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../../../packages/server/test/support/browser.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
const skipped = noBrowser('the example page without a server');

let browser: Browser;
beforeAll(async () => {
  if (!skipped) browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Deletes a lead on the page, and answers which script of a worker it ran under. */
async function deleteJohn(url: string): Promise<string | undefined> {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(url);
  await page.getByRole('button', { name: 'John Doe' }).first().click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete John Doe' }).click();
  await page.locator('.toast', { hasText: 'John Doe deleted.' }).waitFor();
  return page.evaluate(() => navigator.serviceWorker.controller?.scriptURL);
}

it.skipIf(skipped)(
  'npm run web -- --mode msw serves a page that works without any server behind it, on the examples of the contract, until npm is told to end',
  async () => {
    const child = spawn('npm', ['run', 'web', '--', '--mode', 'msw', '--port', '0'], { cwd: WORKSPACE, detached: true });
    const ended = once(child, 'exit');
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let said = '';
        child.stdout.on('data', (chunk) => {
          said += String(chunk);
          // Without the colours, in which the port stands by itself.
          const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(stripVTControlCharacters(said));
          if (found) resolve(found[0]);
        });
        child.once('exit', (code) => reject(new Error(`npm run web ended with ${code}: ${said}`)));
      });
      expect(await deleteJohn(url)).toMatch(/mockServiceWorker\.js$/);
      // To npm alone, as a program sends it.
      child.kill('SIGTERM');
      await ended;
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    } finally {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGTERM');
    }
  },
);

// Where there is time: it is the same page.
if (process.env['LEADS_TEST_MORE'])
  it.skipIf(skipped)('built with --mode msw, it works without any server behind it, too', async () => {
    const outDir = await mkdtemp(join(tmpdir(), 'leads-web-'));
    await build({ root: ROOT, mode: 'msw', logLevel: 'error', build: { outDir } });
    const site = await preview({ root: ROOT, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
    try {
      expect(await deleteJohn(site.resolvedUrls!.local[0]!)).toMatch(/mockServiceWorker\.js$/);
    } finally {
      await site.close();
      await rm(outDir, { recursive: true });
    }
  });
