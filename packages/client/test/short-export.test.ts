import { readdirSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLeadsClient, LeadsConnectionError } from '@leads/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { piped } from './cli/support/pipe.ts';
import { scriptedServer, type Step } from './support/scripted-server.ts';

const RECORD = `{"lead":{"id":"lead_1","name":"${'ä'.repeat(80)}"},"activities":[]}\n`;
const END = (leads: number) => `{"export":{"leads":${leads}}}\n`;
/** An answer that ends as if it were whole, in pieces of so many bytes. */
const exported =
  (text: string, size: number): Step =>
  (res) => {
    res.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) res.write(bytes.subarray(at, at + size));
    res.end();
  };

let server: Awaited<ReturnType<typeof scriptedServer>>;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

const short = ['', RECORD, RECORD.repeat(3), RECORD + END(2), END(1), RECORD.slice(0, -20), RECORD + END(1).slice(0, -1), END(1) + RECORD];

it.each([1, 7, 1_000_000])('an export that lacks something fails at its end, in pieces of %i bytes', async (size) => {
  const client = createLeadsClient({ baseUrl: server.url, apiKey: 'sk-workspace_x' });
  for (const text of short) {
    server.play(exported(text, size));
    const reading = new Response(await client.leads.export()).text();
    await expect(reading, text).rejects.toThrow(LeadsConnectionError);
    await expect(reading, text).rejects.toThrow('not complete');
  }
  for (const leads of [0, 1, 12]) {
    const text = RECORD.repeat(leads) + END(leads);
    server.play(exported(text, size));
    expect(await new Response(await client.leads.export()).text()).toBe(text);
  }
});

it('a CSV that lacks rows comes as it is: what would tell is a trailer, and `fetch` shows none', async () => {
  const csv = 'id,name\nlead_1,John\n';
  server.play((res) => {
    res.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', Trailer: 'X-Export-Leads' });
    res.write(csv);
    res.addTrailers({ 'X-Export-Leads': '2' });
    res.end();
  });
  const client = createLeadsClient({ baseUrl: server.url, apiKey: 'sk-workspace_x' });
  const { data, headers } = await client.leads.export({ format: 'csv' }).withResponse();
  expect(await new Response(data).text()).toBe(csv);
  expect(headers.get('X-Export-Leads')).toBeNull();
  // Once there is one, the client can look at it.
  expect(Object.keys(Object.getOwnPropertyDescriptors(Response.prototype)).filter((name) => /trailer/i.test(name))).toEqual([]);
});

it.each([['export'], ['export', '--csv'], ['export', '--json']])('7: leads %s of an export that lacks a lead', async (...args) => {
  server.play(exported(RECORD + END(2), 1_000));
  const { code, stderr } = await piped(args, { env: { LEADS_API_KEY: 'sk-workspace_x', LEADS_BASE_URL: server.url } });
  expect([code, stderr]).toEqual([7, expect.stringContaining('1 of 2 leads came')]);
});

it('leads export --backup-dir begins again, and leaves no file that lacks a lead', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leads-cli-'));
  server.play(exported(RECORD + END(2), 1_000), exported(RECORD.repeat(2) + END(2), 1_000));
  const env = { LEADS_API_KEY: 'sk-workspace_x', LEADS_BASE_URL: server.url };
  const { code, stderr } = await piped(['export', '--backup-dir', folder], { env });
  expect([code, stderr]).toEqual([0, expect.stringContaining('begins again')]);
  expect(stderr).toContain('Saved 2 leads');
  expect(readdirSync(folder)).toHaveLength(1);
});
