import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Mock, startMock } from '@leads/mock';
import { leadsHandlers } from '@leads/mock/msw';
import { getResponse } from 'msw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, onEachDatabase } from '../../server/test/support/databases.ts';
import { useServer } from '../../server/test/support/server.ts';
import { CHECKS, type Result, runConformance, tableOf } from '../src/index.ts';
import { walk } from '../src/walk.ts';

/** What each subject made of each check. */
const outcomes = new Map<string, Map<string, Result['outcome']>>();

async function check(subject: string, baseUrl: string, keys: { apiKey: string; otherApiKey: string }, only?: (name: string) => boolean) {
  const results = await runConformance({ baseUrl, ...keys, ...(only && { only: ({ name }) => only(name) }) });
  outcomes.set(subject, new Map(results.map(({ name, outcome }) => [name, outcome])));
  console.log(`${subject}: ${tableOf(results)}`);
  return results.filter(({ outcome }) => outcome === 'failed').map(({ name, message }) => `${name}: ${message}`);
}

onEachDatabase('the server', (database: TestDatabase) => {
  const server = useServer(database);

  it('passes every check, and has nothing left of what was made', async () => {
    const [one, two] = [await server.workspace(), await server.workspace()];
    expect(await check(`server on ${database.name}`, server.url, { apiKey: one.key, otherApiKey: two.key })).toEqual([]);
    for (const caller of [one, two]) {
      expect((await caller.call('leads.list')).body.data.leads).toEqual([]);
      expect((await caller.call('campaigns.list')).body.data.campaigns).toEqual([]);
      expect((await caller.call('backups.list')).body.data.backups).toEqual([]);
      const { items: keys } = await walk(caller, 'apiKeys.list', { query: { limit: 100 } });
      expect(keys.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
    }
  }, 900_000);
});

describe('the mock', () => {
  const keys = { apiKey: 'sk-workspace_one', otherApiKey: 'sk-workspace_two' };
  let stateful: Mock;
  let examples: Mock;
  beforeAll(async () => {
    [stateful, examples] = await Promise.all([startMock({ seed: 0 }), startMock({ mode: 'examples' })]);
  });
  afterAll(() => Promise.all([stateful.close(), examples.close()]));

  it('passes every check with state', async () => {
    expect(await check('stateful mock', stateful.url, keys)).toEqual([]);
  }, 900_000);

  it('passes with examples what holds without state', async () => {
    const withoutState = new Set(CHECKS.filter(({ stateless }) => stateless).map(({ name }) => name));
    expect(await check('mock with examples', examples.url, keys, (name) => withoutState.has(name))).toEqual([]);
  }, 900_000);
});

it('the handlers for MSW pass what holds without state', async () => {
  const handlers = leadsHandlers();
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const body = await buffer(incoming);
    const request = new Request(`http://leads.test${url}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const response = (await getResponse(handlers, request))!;
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    Readable.fromWeb(response.body!).pipe(outgoing);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const withoutState = new Set(CHECKS.filter(({ stateless }) => stateless).map(({ name }) => name));
  const keys = { apiKey: 'sk-workspace_one', otherApiKey: 'sk-workspace_two' };
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await check('MSW', url, keys, (name) => withoutState.has(name))).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}, 900_000);

it('server and mock agree in every check', () => {
  const subjects = [...outcomes.keys()];
  const differing = CHECKS.map(({ name }) => [
    name,
    ...subjects.map((subject) => outcomes.get(subject)!.get(name) ?? 'needs state'),
  ]).filter(([, ...found]) => new Set(found.filter((outcome) => outcome !== 'needs state')).size > 1);
  const withoutState = outcomes.get('mock with examples')!.size;
  console.log(
    `${CHECKS.length} checks on ${subjects.join(', ')}: they differ in ${differing.length}; ${CHECKS.length - withoutState} need state`,
  );
  expect(differing).toEqual([]);
});
