import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { piped } from './support/pipe.ts';
import { startProxy } from './support/proxy.ts';
import { seed, startLimitedServer } from './support/server.ts';

const LEADS = 2_000;
const LIMIT = 40;
const LEFT = 5;
const HOUR_MS = 3_600_000;
const WAITS_MS = 1_500;

it('one line deletes 2,000 leads once each and has each in its file, although the network is cut three times and the rate limit is used up', async () => {
  const start = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  const server = await startLimitedServer(LIMIT);
  try {
    const ids = await seed(server.client, 'endured', LEADS);
    const before = await new Response(await server.client.leads.export({ source: 'endured' })).text();
    for (let used = 2; used < LIMIT - LEFT; used++) await server.client.leads.list({ limit: 1 });

    // What was counted so far expires in a moment, and not before all that is left is used.
    vi.setSystemTime(start + HOUR_MS - WAITS_MS);
    let requests = 0;
    const cuts = [
      { request: /^GET \/api\/v1\/leads\/export/, afterBytes: 100_000 },
      { request: /planToken/, afterBytes: 1 },
      { request: /^GET \/api\/v1\/jobs\/\w+\/outcomes/, afterBytes: 10_000 },
    ];
    const proxy = await startProxy(server.url, cuts, async (request) => {
      if (/^[A-Z]+ \/api/.test(request) && ++requests > LEFT) vi.setSystemTime(start + HOUR_MS + 1_000);
    });
    const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
    const env = { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: proxy.url };
    const result = await piped(['bulk-delete', '--source', 'endured', '--backup-dir', folder, '--yes'], { env });
    await proxy.close();

    expect(result.stderr).toContain('The rate limit is used up: goes on at');
    expect(result.stderr).toContain('the export begins again');
    expect([result.code, proxy.cuts()]).toEqual([0, 3]);
    expect(result.lines.map(({ leadId, outcome }) => `${String(leadId)} ${String(outcome)}`).toSorted()).toEqual(
      ids.map((id) => `${id} deleted`),
    );
    const [file, ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(readFileSync(join(folder, file!), 'utf8')).toBe(before);
    const { jobs } = await server.client.jobs.list();
    expect(jobs.map(({ total, succeeded }) => [total, succeeded])).toEqual([[LEADS, LEADS]]);
  } finally {
    vi.useRealTimers();
    await server.stop();
  }
});
