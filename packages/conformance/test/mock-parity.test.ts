import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Mock, startMock } from '@leads/mock';
import { leadsHandlers } from '@leads/mock/msw';
import { getResponse } from 'msw';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { demandConformance, OF_THE_MOCK, WITHOUT_STATE } from './support/demand-conformance.ts';

describe('the mock', () => {
  const keys = { apiKey: 'sk-workspace_one', otherApiKey: 'sk-workspace_two' };
  let stateful: Mock;
  let examples: Mock;
  beforeAll(async () => {
    [stateful, examples] = await Promise.all([startMock({ seed: 0 }), startMock({ mode: 'examples' })]);
  });
  afterAll(() => Promise.all([stateful.close(), examples.close()]));

  it(`passes the ${OF_THE_MOCK.size} checks that there is time for`, async () => {
    await demandConformance('stateful mock', stateful.url, keys, OF_THE_MOCK);
  }, 900_000);

  it('passes with examples what holds without state', async () => {
    await demandConformance('mock with examples', examples.url, keys, WITHOUT_STATE);
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
  const keys = { apiKey: 'sk-workspace_one', otherApiKey: 'sk-workspace_two' };
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await demandConformance('MSW', url, keys, WITHOUT_STATE);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}, 900_000);
