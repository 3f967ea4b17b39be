/** What somebody writes who tests a page against the mock, with Vite and a browser. */
import { startMock } from '@leads/mock';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { expect, it } from 'vitest';

it('a lead is deleted, and an error of the API is shown', async () => {
  await build({ logLevel: 'error' });
  const [mock, page] = await Promise.all([startMock({ seed: 3 }), preview({ logLevel: 'error', preview: { port: 0 } })]);
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH']!, args: ['--no-sandbox'] });
  try {
    const tab = await browser.newPage();
    await tab.goto(`${page.resolvedUrls!.local[0]}?api=${encodeURIComponent(mock.url)}`);
    await tab.getByRole('button').nth(2).waitFor();

    mock.fault({ operation: 'leads.delete', error: 'SERVICE_UNAVAILABLE', times: 1 });
    await tab.getByRole('button').first().click();
    await tab.getByText('SERVICE_UNAVAILABLE').waitFor();
    expect(await tab.getByRole('button').count()).toBe(3);

    await tab.getByRole('button').first().click();
    await tab.getByText('Deleted').waitFor();
    await expect.poll(() => tab.getByRole('button').count()).toBe(2);
  } finally {
    await browser.close();
    await page.close();
    await mock.close();
  }
});
