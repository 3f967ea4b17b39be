import { gzipSync } from 'node:zlib';
import { BODY_MAX_BYTES, OPERATIONS } from '@leads/contract';
import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { requestOf, useCaller, useServer } from './support/server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ANN = '{"name":"Ann","email":"ann@example.com"}';

onEachDatabase('the envelope', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
    acme.send({ method: 'POST', path: '/api/v1/leads', headers, body });

  describe('400 INVALID_JSON', () => {
    it.each(['{', '{"a":1,}', "{'a':1}", '{"a":1}}', 'undefined', 'NaN', ANN + '\0', '{"name":"a\nb"}', '[', '"', ')]}'])(
      'the body %j',
      async (body) => {
        const answer = await post(body);
        expect([answer.status, answer.body]).toEqual([
          400,
          { success: false, error: 'The request body is not valid JSON', code: 'INVALID_JSON' },
        ]);
      },
    );

    it.each([
      ['a broken sequence', Buffer.from([0xff])],
      ['an overlong encoding', Buffer.from([0xc0, 0xaf])],
      ['an encoded surrogate', Buffer.from([0xed, 0xa0, 0x80])],
      ['a sequence cut short', Buffer.from([0xe2, 0x82])],
    ])('bytes that are not UTF-8, so that no text is changed silently: %s', async (_, bytes) => {
      const answer = await post(Buffer.concat([Buffer.from('{"name":"A'), bytes, Buffer.from('","email":"ann@example.com"}')]));
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_JSON']);
    });
  });

  describe('415 UNSUPPORTED_MEDIA_TYPE', () => {
    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/vnd.api+json',
      'text/json',
      'application/json; charset=latin1',
      'application/json; charset=utf-16',
      'application/json; charset=utf-7',
      '*/*',
      '',
    ])('Content-Type %j', async (type) => {
      const answer = await post(ANN, { 'content-type': type });
      expect([answer.status, answer.body.details]).toEqual([415, { supported: ['application/json'] }]);
    });

    it('Content-Encoding that is unknown', async () => {
      expect((await post(ANN, { ...JSON_TYPE, 'content-encoding': 'zstd-x' })).status).toBe(415);
    });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'Application/JSON ; Charset=utf-8'])(
    '201: Content-Type %j is JSON',
    async (type) => {
      expect((await post(ANN, { 'content-type': type })).status).toBe(201);
    },
  );

  it('201: a byte order mark and a compressed body are read', async () => {
    expect((await post(`\ufeff${ANN}`)).status).toBe(201);
    expect((await post(gzipSync(ANN), { ...JSON_TYPE, 'content-encoding': 'gzip' })).status).toBe(201);
  });

  describe('413 PAYLOAD_TOO_LARGE', () => {
    it.each([
      ['one byte too many', ANN.padEnd(BODY_MAX_BYTES + 1), {}],
      ['too many in chunks', ANN.padEnd(BODY_MAX_BYTES + 1), { 'transfer-encoding': 'chunked' }],
      ['too many once unpacked', gzipSync(ANN.padEnd(50_000_000)), { 'content-encoding': 'gzip' }],
    ])('%s', async (_, body, headers) => {
      const answer = await post(body, { ...JSON_TYPE, ...headers });
      expect([answer.status, answer.body.details]).toEqual([413, { maxBytes: BODY_MAX_BYTES }]);
    });
  });

  it('400 INVALID_JSON: a body that is not what its encoding says', async () => {
    for (const body of [Buffer.from(ANN), gzipSync(ANN).subarray(0, 20)]) {
      const answer = await post(body, { ...JSON_TYPE, 'content-encoding': 'gzip' });
      expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_JSON']);
    }
  });

  it('200: the body of an operation that has none is not looked at', async () => {
    const { id } = await acme.lead();
    const answer = await acme.send({
      ...requestOf('leads.get', { params: { leadId: id } }),
      headers: { 'content-type': 'text/plain', 'content-length': '200000' },
      body: 'x'.repeat(200_000),
    });
    expect(answer.status).toBe(200);
    expect((await acme.call('leads.get', { params: { leadId: id } })).status).toBe(200);
  });

  describe('404 ROUTE_NOT_FOUND', () => {
    it.each([
      ['GET', '/'],
      ['GET', '/api/v1'],
      ['GET', '/api/v2/leads'],
      ['GET', '/api/v1/lead'],
      ['POST', '/api/v1/leads/a/b'],
      ['GET', '/api/v1/leads%2Fx'],
      ['GET', '/<script>alert(1)</script>'],
      ['GET', '/..%2f..%2fetc/passwd'],
      ['PROPFIND', '/nowhere'],
      ['OPTIONS', '*'],
      ['GET', '/%ff'],
    ])('%s %s', async (method, path) => {
      const { status, body } = await acme.send({ method, path });
      expect([status, body]).toEqual([
        404,
        { success: false, error: 'Route not found', code: 'ROUTE_NOT_FOUND', details: { method, path } },
      ]);
    });

    it('names the path without its query, which may hold personal data', async () => {
      const { text } = await acme.send({ method: 'GET', path: '/nowhere?email=ann@example.com' });
      expect(text).not.toContain('ann@example.com');
    });
  });

  describe('405 METHOD_NOT_ALLOWED', () => {
    const paths = new Map<string, string[]>();
    for (const { route } of OPERATIONS)
      paths.set(route.path, [...(paths.get(route.path) ?? []), ...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])]);

    it.each([...paths])('%s has %j and says so', async (path, allowed) => {
      const concrete = path.replace(/:\w+/g, 'any');
      for (const method of ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'TRACE', 'PURGE'].filter((name) => !allowed.includes(name))) {
        const { status, body, headers } = await acme.send({ method, path: concrete });
        expect([status, body.details, headers.allow]).toEqual([405, { method, allowed }, allowed.join(', ')]);
      }
      const options = await server.send({ method: 'OPTIONS', path: concrete });
      expect([options.status, options.headers.allow]).toEqual([204, allowed.join(', ')]);
    });

    it('a method cannot be smuggled in by a header or the query', async () => {
      const { id } = await acme.lead();
      const headers = { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' };
      expect((await acme.call('leads.get', { params: { leadId: id }, headers })).status).toBe(200);
      expect((await acme.send({ method: 'GET', path: `/api/v1/leads/${id}?_method=DELETE` })).status).toBe(400);
      expect((await acme.call('leads.get', { params: { leadId: id } })).status).toBe(200);
    });
  });

  it('HEAD: answers like GET, without the body', async () => {
    const { id } = await acme.lead();
    for (const path of ['/api/v1/leads', `/api/v1/leads/${id}`, '/api/v1/leads/lead_unknown', '/nowhere', '/api/v1/leads?foo=1']) {
      const [head, get] = [await acme.send({ method: 'HEAD', path }), await acme.send({ method: 'GET', path })];
      expect([head.status, head.text]).toEqual([get.status, '']);
      if (path !== '/nowhere') expect(head.headers['content-length']).toBe(get.headers['content-length']);
    }
    expect((await server.send({ method: 'HEAD', path: '/api/v1/leads' })).status).toBe(401);
  });

  it('500 INTERNAL_ERROR and all others: hold no stack trace, no file name and no HTML', async () => {
    for (const path of ['/nowhere', '/api/v1/leads/%00', '/api/v1/leads?limit=x', '/api/v1/leads?cursor=x']) {
      const { text } = await acme.send({ method: 'GET', path });
      expect(text).not.toMatch(/node_modules|\.ts|\.js|<html|<pre|select |at \w+ \(/i);
    }
  });
});
