import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Whether there is no Chromium, which is said then; in CI there has to be one, and starting it fails. */
export function noBrowser(what: string): boolean {
  if (existsSync(CHROMIUM) || process.env['CI']) return false;
  console.warn(`Skipped the tests of ${what}: there is no Chromium at ${CHROMIUM}. Install it, or set CHROMIUM_PATH.`);
  return true;
}

/** Starts a Chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}
