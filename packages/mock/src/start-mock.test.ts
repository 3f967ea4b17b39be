import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { BODY_MAX_BYTES, API_KEY_PREFIX, ERRORS, type ErrorCode, errorSchema, generateOpenApi } from '@leads/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Mock } from './mock.ts';
import { startMock } from './start-mock.ts';

const KEY = `Bearer ${API_KEY_PREFIX}test`;
const LEADS = '/api/v1/leads';
const LEAD = `${LEADS}/lead_1`;

/** With a document that is not the contract's, Prism judges the requests. */
const SOURCES = ['the contract', 'Prism'] as const;
const OTHER_DOCUMENT = { ...generateOpenApi(), servers: [] };

let mock: Mock;
let prismMock: Mock;
beforeAll(async () => {
  mock = await startMock({ mode: 'examples' });
  prismMock = await startMock({ mode: 'examples', document: OTHER_DOCUMENT });
});
afterAll(() => Promise.all([mock.close(), prismMock.close()]));

function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array<ArrayBuffer>,
  source: (typeof SOURCES)[number] = 'the contract',
) {
  const { url } = source === 'Prism' ? prismMock : mock;
  return fetch(url + path, { method, headers: { authorization: KEY, ...headers }, body: body ?? null });
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, source?: (typeof SOURCES)[number]) {
  return send('POST', LEADS, { 'content-type': 'application/json', ...headers }, body, source);
}

/** Checks that a response is the code's, in the envelope of the contract, and gives its details. */
async function detailsOf(response: Response, code: ErrorCode): Promise<Record<string, unknown>> {
  const body = (await response.json()) as { code: string; details: Record<string, unknown> };
  expect(body.code).toBe(code);
  expect(errorSchema(code).safeParse(body).error?.issues).toBeUndefined();
  expect(response.status).toBe(ERRORS[code].status);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  return body.details;
}

async function echoOf(requestId: string): Promise<string | null> {
  return (await send('GET', LEADS, { 'x-request-id': requestId })).headers.get('x-request-id');
}

async function locationsOf(response: Response): Promise<string[]> {
  const { issues } = await detailsOf(response, 'VALIDATION_ERROR');
  return (issues as Array<{ location: string }>).map(({ location }) => location);
}

describe('the route', () => {
  it.each(['/', '/api/v1', '/api/v1/lead', `${LEADS}/`, `${LEAD}/x`, '//'])('404 ROUTE_NOT_FOUND: %s', async (path) => {
    expect(await detailsOf(await send('GET', `${path}?x=1`), 'ROUTE_NOT_FOUND')).toEqual({ method: 'GET', path });
  });

  it('405 METHOD_NOT_ALLOWED: names the methods of the path, in Allow too', async () => {
    const response = await send('PATCH', LEAD);
    expect(response.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE');
    expect(await detailsOf(response, 'METHOD_NOT_ALLOWED')).toEqual({ method: 'PATCH', allowed: ['GET', 'HEAD', 'PUT', 'DELETE'] });
  });

  it('400 VALIDATION_ERROR: a path that is not percent-encoded UTF-8', async () => {
    expect(await locationsOf(await send('GET', `${LEADS}/%ZZ`))).toEqual(['path']);
  });

  it('takes any spelling of an id, commas and encoded slashes included', async () => {
    for (const id of ['a,b', 'a%2Fb', '%E2%82%AC', "!'()*"]) expect((await send('GET', `${LEADS}/${id}`)).status).toBe(200);
  });
});

describe('the key', () => {
  it('401 MISSING_AUTH_HEADER: no header', async () => {
    const response = await fetch(mock.url + LEADS);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="leads"');
    await detailsOf(response, 'MISSING_AUTH_HEADER');
  });

  it.each(['', 'sk-workspace_x', 'Basic abc', 'Bearer', 'Bearer a b'])('401 MALFORMED_AUTH_HEADER: %j', async (authorization) => {
    const response = await send('GET', LEADS, { authorization });
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="leads"');
    await detailsOf(response, 'MALFORMED_AUTH_HEADER');
  });

  it('401 INVALID_API_KEY: a token that does not begin like an API key', async () => {
    await detailsOf(await send('GET', LEADS, { authorization: 'Bearer abc' }), 'INVALID_API_KEY');
  });
});

describe('the body', () => {
  it('415 UNSUPPORTED_MEDIA_TYPE: names what is supported', async () => {
    expect(await detailsOf(await post('{}', { 'content-type': 'text/plain' }), 'UNSUPPORTED_MEDIA_TYPE')).toEqual({
      supported: ['application/json'],
    });
  });

  it('413 PAYLOAD_TOO_LARGE: one byte more than 65,536, and the connection can be used again', async () => {
    expect(await detailsOf(await post('x'.repeat(BODY_MAX_BYTES + 1)), 'PAYLOAD_TOO_LARGE')).toEqual({ maxBytes: 65_536 });
    await detailsOf(await post('x'.repeat(BODY_MAX_BYTES)), 'INVALID_JSON');
  });

  it.each(['{bad', '{"a":}', 'undefined', '{"a":1}x'])('400 INVALID_JSON: answers a body that does not parse: %s', async (body) => {
    await detailsOf(await post(body), 'INVALID_JSON');
  });

  it('400 INVALID_JSON: a body that is not UTF-8', async () => {
    await detailsOf(await post(new Uint8Array([0x22, 0xff, 0x22])), 'INVALID_JSON');
  });

  it('400 VALIDATION_ERROR: no body where one is required', async () => {
    expect(await locationsOf(await send('POST', LEADS))).toEqual(['body']);
  });

  it('400 VALIDATION_ERROR: JSON that is no object', async () => {
    for (const body of ['null', '0', 'false', '""', '[]', '"x"']) expect(await locationsOf(await post(body))).toEqual(['body']);
  });

  it('takes a media type with parameters, in any case', async () => {
    const body = JSON.stringify({ name: 'Jane Smith', email: 'jane@example.org' });
    expect((await post(body, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(201);
  });

  it('ignores a body that the operation does not take', async () => {
    expect((await send('DELETE', LEAD, { 'content-type': 'text/plain' }, 'x')).status).toBe(200);
  });
});

describe.each(SOURCES)('400 VALIDATION_ERROR, found by %s', (source) => {
  const ask = (path: string, prefer?: string) => send('GET', path, prefer === undefined ? {} : { prefer }, undefined, source);

  it('lists everything that is wrong, by location, in the order path, query, headers, body', async () => {
    const body = JSON.stringify({ email: 'nobody', status: 'old', zip: '1', metadata: [] });
    const response = await send(
      'PUT',
      `${LEADS}/${'x'.repeat(65)}?dry=1`,
      { 'content-type': 'application/json', prefer: 'code=999' },
      body,
      source,
    );
    const locations = await locationsOf(response);
    expect(locations.slice(0, 3)).toEqual(['path.leadId', 'query.dry', 'headers.prefer']);
    expect(locations.slice(3).toSorted()).toEqual(['body.email', 'body.metadata', 'body.status', 'body.zip']);
  });

  it('locates a missing field at the field', async () => {
    expect(await locationsOf(await post('{}', {}, source))).toEqual(['body.name', 'body.email']);
  });

  it('spells parameters as they are declared', async () => {
    expect(await locationsOf(await ask(`${LEADS}?createdAfter=yesterday&limit=0`))).toEqual(['query.limit', 'query.createdAfter']);
  });

  it('refuses a parameter that is unknown, in other letters, empty or sent twice', async () => {
    const locations = await locationsOf(await ask(`${LEADS}?limt=1&Limit=1&email=&sortOrder=asc&page=1&page=2`));
    expect(locations.toSorted()).toEqual(['query.Limit', 'query.email', 'query.limt', 'query.page']);
  });

  it('has a code for programs, the one of the server', async () => {
    const details = await detailsOf(await ask(`${LEADS}?limit=101&status=x&limt=1`), 'VALIDATION_ERROR');
    const codes = (details.issues as { location: string; code: string }[]).map(({ location, code }) => [location, code]);
    expect(Object.fromEntries(codes)).toEqual({
      'query.limt': 'unrecognized_key',
      'query.limit': 'too_big',
      'query.status': 'invalid_value',
    });
  });

  it.each([
    ['code=418', '200, 400, 401, 403, 404, 429, 500, 503'],
    ['example=NOPE', 'lead, sparse, VALIDATION_ERROR'],
    ['code=200, example=LEAD_NOT_FOUND', 'lead, sparse'],
    ['code=', '200, 400'],
    ['dynamic=yes', 'true or false'],
  ])('refuses Prefer: %s, and names what there is', async (prefer, names) => {
    const details = await detailsOf(await ask(LEAD, prefer), 'VALIDATION_ERROR');
    expect(details.issues).toEqual([{ location: 'headers.prefer', message: expect.stringContaining(names), code: 'unknown_preference' }]);
  });

  it('lets preferences pass that it does not know, and reads them in any notation', async () => {
    expect((await ask(LEAD, 'respond-async, wait=10')).status).toBe(200);
    expect((await ask(LEAD, 'Code="404"; example=LEAD_NOT_FOUND')).status).toBe(404);
  });
});

describe('what an operation asks for besides its fields', () => {
  const bulkDelete = async (body: object) =>
    (await send('POST', `${LEADS}/bulk-delete`, { 'content-type': 'application/json' }, JSON.stringify(body))).status;

  it('fields of a bulk operation that do not belong together are refused', async () => {
    const ids = ['lead_1'];
    const filter = { status: 'lost' };
    const refused = [{}, { ids, filter }, { filter }, { filter, dryRun: false }, { ids, dryRun: true }, { ids, backup: true, erase: true }];
    for (const body of refused) expect([body, await bulkDelete(body)]).toEqual([body, 400]);
    for (const body of [{ ids }, { filter, dryRun: true }, { filter, planToken: 'x' }, { ids, backup: true, erase: false }]) {
      expect([body, await bulkDelete(body)]).toEqual([body, 200]);
    }
  });

  it('an export comes in the format that is asked for', async () => {
    const export_ = async (query: string) => {
      const response = await send('GET', `${LEADS}/export${query}`);
      return [response.headers.get('content-type'), (await response.text()).slice(0, 8)];
    };
    expect(await export_('?format=csv')).toEqual(['text/csv; charset=utf-8', 'id,name,']);
    for (const query of ['?format=ndjson', '']) expect(await export_(query)).toEqual(['application/x-ndjson; charset=utf-8', '{"lead":']);
    expect((await send('GET', `${LEADS}/export?format=csv`, { prefer: 'code=500' })).status).toBe(500);
  });
});

describe('the order of the checks', () => {
  const large = 'x'.repeat(BODY_MAX_BYTES + 1);
  const wrongType = { 'content-type': 'text/plain' };

  it('is route, key, media type, size, JSON, schema', async () => {
    await detailsOf(await send('POST', '/nope?x=1', { authorization: 'x', ...wrongType }, large), 'ROUTE_NOT_FOUND');
    await detailsOf(await send('PATCH', `${LEADS}?x=1`, { authorization: 'x', ...wrongType }, large), 'METHOD_NOT_ALLOWED');
    await detailsOf(await send('POST', `${LEADS}?x=1`, { authorization: 'x', ...wrongType }, large), 'MALFORMED_AUTH_HEADER');
    await detailsOf(await send('POST', `${LEADS}?x=1`, wrongType, large), 'UNSUPPORTED_MEDIA_TYPE');
    await detailsOf(await send('POST', `${LEADS}?x=1`, { 'content-type': 'application/json' }, large), 'PAYLOAD_TOO_LARGE');
    await detailsOf(await send('POST', `${LEADS}?x=1`, { 'content-type': 'application/json' }, '{'), 'INVALID_JSON');
    await detailsOf(
      await send('POST', `${LEADS}?x=1`, { 'content-type': 'application/json', prefer: 'code=500' }, '{}'),
      'VALIDATION_ERROR',
    );
  });
});

describe('every response', () => {
  it('echoes a request id that names nobody, and makes one otherwise', async () => {
    for (const fit of ['01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75', 'req_01jq8z3v9k4n7w2x5y6b8c0d1e']) expect(await echoOf(fit)).toBe(fit);
    for (const unfit of ['ann', 'ann.smith-1985', 'x'.repeat(32), 'a b']) expect(await echoOf(unfit)).toMatch(/^req_[0-9a-f]{32}$/);
  });

  it('says where the rate limit stands once the key is known, errors included', async () => {
    for (const response of [await send('GET', LEADS), await post('{bad'), await send('GET', `${LEADS}?x=1`)]) {
      expect(response.headers.get('x-ratelimit-limit')).toBe('1000');
    }
  });

  it('can be read from any origin, its headers too', async () => {
    for (const response of [await send('GET', LEADS), await send('GET', '/nope')]) {
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.get('access-control-expose-headers')).toContain('X-RateLimit-Remaining');
    }
  });

  it('is JSON whatever Accept says', async () => {
    const response = await send('GET', LEADS, { accept: 'text/html' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  });

  it('has no body to a HEAD, and the status and headers of the GET', async () => {
    const response = await send('HEAD', LEAD, { prefer: 'code=404' });
    expect([response.status, response.headers.get('x-ratelimit-limit'), await response.text()]).toEqual([404, '1000', '']);
    expect((await send('HEAD', '/nope')).status).toBe(404);
  });
});

it('answers what is not HTTP in the envelope, as the server does', async () => {
  const { port, hostname } = new URL(mock.url);
  const socket = connect(Number(port), hostname);
  socket.write('NONSENSE\r\n\r\n');
  const answered = await text(socket);
  expect(answered).toMatch(/^HTTP\/1\.1 400 .*x-request-id: req_/is);
  expect(JSON.parse(answered.split('\r\n\r\n')[1]!)).toMatchObject({ success: false, code: 'BAD_REQUEST' });
});

it('204: lets a browser send any header to any operation', async () => {
  const headers = {
    origin: 'https://example.org',
    'access-control-request-method': 'DELETE',
    'access-control-request-headers': 'authorization,prefer',
  };
  const response = await fetch(mock.url + LEAD, { method: 'OPTIONS', headers });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-methods')).toContain('DELETE');
  expect(response.headers.get('access-control-allow-headers')).toBe('authorization,prefer');
});

it('writes nothing to the console, even when a request breaks off', async () => {
  const spies = (['log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  await send('GET', LEADS);
  await post('{bad');
  const { port, hostname } = new URL(mock.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST ${LEADS} HTTP/1.1\r\nHost: x\r\nAuthorization: ${KEY}\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n`,
  );
  // By "100 Continue" the mock is reading the body.
  await once(socket, 'data');
  socket.destroy();
  await send('GET', LEADS);
  await send('GET', LEADS);
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe('startMock', () => {
  it('runs several mocks at once, each with its own document, and leaves the documents as they are', async () => {
    const document = generateOpenApi();
    delete (document.paths as Record<string, unknown>)[LEADS];
    const before = JSON.stringify(document);
    const other = await startMock({ mode: 'examples', document });
    expect(other.url).not.toBe(mock.url);
    expect(JSON.stringify(document)).toBe(before);
    const statuses = [mock, other].map(async ({ url }) => (await fetch(url + LEADS, { headers: { authorization: KEY } })).status);
    expect(await Promise.all(statuses)).toEqual([200, 404]);
    await other.close();
    expect((await send('GET', LEADS)).status).toBe(200);
  });

  it('takes a literal path for itself and not for an id, whatever the method, as the server does', async () => {
    const ask = async (method: string, path: string) => {
      const response = await fetch(mock.url + path, { method, headers: { authorization: KEY } });
      return [response.status, response.headers.get('allow')];
    };
    expect(await ask('GET', `${LEADS}/stats`)).toEqual([200, null]);
    expect(await ask('DELETE', `${LEADS}/stats`)).toEqual([405, 'GET, HEAD']);
    expect(await ask('DELETE', LEAD)).toEqual([200, null]);
  });

  it('refuses a body over the bound of its operation, and takes one within it', async () => {
    const ask = async (path: string, size: number) => {
      const body = JSON.stringify({ ids: ['x'.repeat(size)] });
      const headers = { authorization: KEY, 'content-type': 'application/json' };
      const answer = (await (await fetch(mock.url + path, { method: 'POST', headers, body })).json()) as {
        code: string;
        details: { maxBytes?: number };
      };
      return [answer.code, answer.details.maxBytes];
    };
    expect(await ask(LEADS, 70_000)).toEqual(['PAYLOAD_TOO_LARGE', 65_536]);
    expect(await ask(`${LEADS}/bulk-delete`, 70_000)).toEqual(['VALIDATION_ERROR', undefined]);
    expect(await ask(`${LEADS}/bulk-delete`, 140_000)).toEqual(['PAYLOAD_TOO_LARGE', 131_072]);
  });

  it('keeps idle connections for longer than what stands between it and its caller', async () => {
    const { headers } = await fetch(`${mock.url}/api/v1/leads`, { headers: { authorization: 'Bearer sk-workspace_mock' } });
    expect(headers.get('keep-alive')).toBe('timeout=65');
  });

  it('close ends idle connections and frees the port, and can be called twice', async () => {
    const closing = await startMock({ mode: 'examples' });
    const { port, hostname } = new URL(closing.url);
    const idle = connect(Number(port), hostname);
    await once(idle, 'connect');
    await Promise.all([closing.close(), text(idle)]);
    await closing.close();
    const again = await startMock({ mode: 'examples', port: Number(port) });
    expect(again.url).toBe(closing.url);
    await again.close();
  });

  it('rejects when the port is taken', async () => {
    await expect(startMock({ mode: 'examples', port: Number(new URL(mock.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
