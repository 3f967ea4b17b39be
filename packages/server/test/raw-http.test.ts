import type { Server } from 'node:http';
import { type ErrorCode, ERRORS, errorSchema } from '@leads/contract';
import { describe, expect, it, onTestFinished } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { exchangeBytes } from './support/http.ts';
import { changeServers } from './support/impatience.ts';
import { useCaller, useServer } from './support/server.ts';

const servers: Server[] = [];
changeServers((server) => servers.push(Object.assign(server, { connectionsCheckingInterval: 20 })));

/** The answers on a connection, split apart. */
function answersIn(received: string) {
  return received.split(/(?=HTTP\/1\.1 \d{3} )/).map((answer) => {
    const [head, body = ''] = answer.split('\r\n\r\n');
    return { status: Number(head!.split(' ')[1]), head: head!, body };
  });
}

onEachDatabase('bytes on the wire', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const authorized = () => `Host: x\r\nAuthorization: Bearer ${acme.key}\r\n`;

  const expectRefusal = (received: string, code: ErrorCode) => {
    const [answer, ...more] = answersIn(received);
    expect(more).toEqual([]);
    expect(answer!.status).toBe(ERRORS[code].status);
    expect(errorSchema(code).safeParse(JSON.parse(answer!.body)).error).toBeUndefined();
    expect(answer!.head).toMatch(/^x-request-id: req_[0-9a-z]{26}\r?$/im);
    expect(answer!.head).toMatch(/^content-type: application\/json; charset=utf-8\r?$/im);
    expect(answer!.head).toMatch(/^x-content-type-options: nosniff\r?$/im);
    expect(answer!.head).toMatch(/^connection: close\r?$/im);
  };

  describe('400 BAD_REQUEST', () => {
    it.each([
      ['not HTTP', 'hello\r\n\r\n'],
      ['TLS', Buffer.from('160301020001000001fc0303', 'hex')],
      ['another protocol’s preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['a space in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n'],
      ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
      ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
      ['two lengths', 'POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'],
      ['a length and chunks', 'POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
      ['chunks that are not last', 'POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
      ['a header folded over lines', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n'],
      ['a space before the colon', 'GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n'],
      ['a negative length', 'POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
      ['a header without a name', 'GET /healthz HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
    ])('%s', async (_, bytes) => {
      expectRefusal(await exchangeBytes(server.url, bytes), 'BAD_REQUEST');
    });
  });

  it.each([
    ['in a header', `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`],
    ['in the path', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('431 HEADERS_TOO_LARGE: more than 16 KiB %s', async (_, bytes) => {
    expectRefusal(await exchangeBytes(server.url, bytes), 'HEADERS_TOO_LARGE');
  });

  it.each([
    ['headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
    ['a body', () => `POST /api/v1/leads HTTP/1.1\r\n${authorized()}Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"name":`],
  ])('408 REQUEST_TIMEOUT: %s that do not arrive in time', async (_, bytes) => {
    // A test does not wait for the half minute that a slow client is given.
    for (const each of servers) {
      const { headersTimeout, requestTimeout } = each;
      onTestFinished(() => void Object.assign(each, { headersTimeout, requestTimeout }));
      Object.assign(each, { headersTimeout: 100, requestTimeout: 200 });
    }
    expectRefusal(await exchangeBytes(server.url, typeof bytes === 'string' ? bytes : bytes()), 'REQUEST_TIMEOUT');
  });

  it('no request hides in the body of another', async () => {
    const lead = await acme.lead();
    const hidden = `DELETE /api/v1/leads/${lead.id} HTTP/1.1\r\n${authorized()}\r\n`;
    const carriers = [
      `POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      `POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\n5c\r\n${hidden}`,
      `POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
      `GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX: y\nContent-Length: 0\r\n\r\n`,
    ];
    for (const bytes of carriers) await exchangeBytes(server.url, `${bytes}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect((await acme.call('leads.get', { params: { leadId: lead.id } })).status).toBe(200);
  });

  it('requests sent at once on a connection are answered in their order, a refusal last', async () => {
    const get = (path: string) => `GET ${path} HTTP/1.1\r\n${authorized()}\r\n`;
    const received = await exchangeBytes(
      server.url,
      `${get('/api/v1/leads/lead_one')}${get('/api/v1/leads/lead_two')}${get('/healthz').replace('Host', 'Connection: close\r\nHost')}`,
    );
    expect(answersIn(received).map(({ status }) => status)).toEqual([404, 404, 200]);
    expect(received.indexOf('lead_one')).toBeLessThan(received.indexOf('lead_two'));
  });

  it('of two Authorization headers the first counts, and no header is taken for another', async () => {
    const path = 'GET /api/v1/leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';
    const status = async (headers: string) => answersIn(await exchangeBytes(server.url, `${path}${headers}\r\n`))[0]!.status;
    expect(await status(`Authorization: Bearer ${acme.key}\r\nAuthorization: Bearer x\r\n`)).toBe(200);
    expect(await status(`Authorization: Bearer x\r\nAuthorization: Bearer ${acme.key}\r\n`)).toBe(401);
    expect(
      await status(
        `X-Authorization: Bearer ${acme.key}\r\nProxy-Authorization: Bearer ${acme.key}\r\nCookie: authorization=Bearer ${acme.key}\r\n`,
      ),
    ).toBe(401);
  });

  it('401 MISSING_AUTH_HEADER: an expectation that nobody can meet is answered like any other request', async () => {
    const received = await exchangeBytes(
      server.url,
      'GET /api/v1/leads HTTP/1.1\r\nHost: x\r\nExpect: the-unexpected\r\nConnection: close\r\n\r\n',
    );
    expect(answersIn(received)[0]!.status).toBe(401);
    expect(received).toContain('MISSING_AUTH_HEADER');
  });

  it('an absolute request target is read for its path only', async () => {
    const received = await exchangeBytes(
      server.url,
      `GET http://evil.example/api/v1/leads/lead_one HTTP/1.1\r\n${authorized()}Connection: close\r\n\r\n`,
    );
    expect(answersIn(received)[0]!.status).toBe(404);
    expect(received).toContain('LEAD_NOT_FOUND');
  });
});
