import { gzipSync } from 'node:zlib';
import { ACTIVITIES_MAX_BYTES_PER_LEAD, IMPORT_MAX_BYTES } from '@leads/contract';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, useCaller, useServer } from './support/server.ts';

/** So long `/healthz` may take to answer at most, in milliseconds: far more than what is promised, because the machine may be busy. */
const SLOWEST_ANSWER_MS = 1_500;

onEachDatabase('what an import may cost', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);

  const lead = {
    id: 'lead_bounds',
    name: 'Ann',
    email: 'ann@example.com',
    phone: null,
    source: null,
    status: 'new',
    metadata: {},
    createdAt: '2024-01-15T10:30:00.000Z',
    updatedAt: '2024-01-15T10:30:00.000Z',
    workspaceId: 'ws_other',
  };

  it.each(['application/x-ndjson', 'text/csv'])(
    '%s: ten bodies of 16 MiB of short lines, compressed, are refused as they come',
    async (type) => {
      const body = gzipSync('a\n'.repeat(IMPORT_MAX_BYTES / 2));
      const before = process.memoryUsage.rss();
      const { done: answers, slowest } = await askedMeanwhile(
        Promise.all(Array.from({ length: 10 }, () => send(acme, body, { 'content-type': type, 'content-encoding': 'gzip' }))),
      );
      for (const answer of answers) {
        expect([answer.status, answer.body.details.issues[0].location]).toEqual([400, 'body']);
        expect(answer.body.details.issues[0].message).toContain('lines');
      }
      expect(slowest).toBeLessThan(SLOWEST_ANSWER_MS);
      expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 1_048_576);
    },
  );

  it.each([
    ['numbers', `[${'1,'.repeat(IMPORT_MAX_BYTES / 2 - 10)}1]`],
    ['brackets', '['.repeat(IMPORT_MAX_BYTES - 10)],
    ['keys', `{"lead":{${Array.from({ length: 1_200_000 }, (_, i) => `"${i.toString(36)}":1`).join()}}}`],
    ['activities', `{"activities":[${'{},'.repeat(IMPORT_MAX_BYTES / 3 - 20)}{}]}`],
    ['deep values', `{"activities":[{"metadata":{"a":[${'[],'.repeat(IMPORT_MAX_BYTES / 3 - 20)}1]}}]}`],
  ])('one line of 16 MiB of %s is refused before it is read', async (_, line) => {
    const { done, slowest } = await askedMeanwhile(acme.call('leads.import', { body: line }));
    const { body } = done;
    expect(body.data.outcomes).toMatchObject([{ line: 1, outcome: 'failed', code: 'VALIDATION_ERROR', issues: [{ code: 'too_big' }] }]);
    expect(slowest).toBeLessThan(SLOWEST_ANSWER_MS);
  });

  it('a record whose activities are over their bound is refused, although each is right, and holds up no other', async () => {
    const activity = (i: number, rest: object) => ({
      id: `act_${i}`,
      leadId: lead.id,
      type: 'note',
      text: 'Called',
      metadata: {},
      occurredAt: lead.createdAt,
      createdAt: lead.createdAt,
      ...rest,
    });
    const record = (rest: object) => JSON.stringify({ lead, activities: Array.from({ length: 480 }, (_, i) => activity(i, rest)) });
    const small = JSON.stringify({ lead: { ...lead, id: 'lead_small' } });
    const large = record({ text: '\u0001'.repeat(5_000) });
    expect(large.length).toBeGreaterThan(ACTIVITIES_MAX_BYTES_PER_LEAD);
    const { data } = (await acme.call('leads.import', { body: `${large}\n${small}\n`, query: { dryRun: 'true' } })).body;
    expect(data.outcomes).toMatchObject([
      { line: 1, leadId: lead.id, outcome: 'failed', code: 'LEAD_TOO_LARGE' },
      { line: 2, leadId: 'lead_small', outcome: 'imported' },
    ]);
  });

  it('a body that ends early, or is not compressed as it says, is refused', async () => {
    const gzip = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const cut = gzipSync(JSON.stringify({ lead })).subarray(0, 60);
    expect((await send(acme, cut, gzip)).body.code).toBe('INVALID_JSON');
    expect((await send(acme, Buffer.from('{}'), gzip)).body.code).toBe('INVALID_JSON');
    expect((await send(acme, Buffer.from('{}'), { ...gzip, 'content-encoding': 'zstd' })).status).toBe(415);
    for (const encoding of ['gzip', 'identity']) {
      const bytes = Buffer.from(' '.repeat(IMPORT_MAX_BYTES + 1));
      const sent = encoding === 'gzip' ? gzipSync(bytes) : bytes;
      expect((await send(acme, sent, { ...gzip, 'content-encoding': encoding })).status).toBe(413);
    }
  });

  /** Asks `/healthz`, again as soon as it has answered, for as long as some work goes on; answers how many milliseconds the slowest answer took. */
  async function askedMeanwhile<Result>(work: Promise<Result>): Promise<{ done: Result; slowest: number }> {
    const state = { isDone: false };
    let slowest = 0;
    const ended = work.finally(() => (state.isDone = true));
    do {
      const start = performance.now();
      expect((await server.send({ method: 'GET', path: '/healthz', headers: {} })).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - start);
    } while (!state.isDone);
    return { done: await ended, slowest };
  }

  function send({ key, server: at }: Caller, body: Buffer, headers: Record<string, string>) {
    const all = { authorization: `Bearer ${key}`, 'content-length': String(body.length), ...headers };
    return at.send({ method: 'POST', path: '/api/v1/leads/import', headers: all, body });
  }
});
