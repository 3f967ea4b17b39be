import { inspect } from 'node:util';
import {
  createLeadsClient,
  LeadsAbortedError,
  LeadsApiError,
  type LeadsClientOptions,
  LeadsConnectionError,
  LeadsTimeoutError,
  type RetryInfo,
  type TryInfo,
  type TryResult,
} from '@leads/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { after } from '../src/timers.ts';
import { answer, cut, hang, refuse, scriptedServer } from './support/scripted-server.ts';

const API_KEY = `sk-workspace_${'c'.repeat(51)}`;
const LEAD = { name: 'John Doe', email: 'john.doe@example.com' };

let server: Awaited<ReturnType<typeof scriptedServer>>;
beforeAll(async () => {
  server = await scriptedServer();
});
afterAll(() => server.close());

/** A client that does not wait between its tries. */
function clientWith(options: Partial<LeadsClientOptions> = {}) {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  return createLeadsClient({ baseUrl: server.url, apiKey: API_KEY, ...options });
}

const keys = () => server.requests.map(({ headers }) => headers['idempotency-key']);

describe('a call that fails for a passing reason', () => {
  it.each([
    ['a cut connection', cut],
    ['408', refuse(408, 'REQUEST_TIMEOUT')],
    ['429', refuse(429, 'RATE_LIMIT_EXCEEDED')],
    ['500', refuse(500, 'INTERNAL_ERROR')],
    ['503', refuse(503, 'SERVICE_UNAVAILABLE')],
    ['a 502 of something between', (res) => void res.writeHead(502).end('<html>')],
    ['409 of its own first try', refuse(409, 'IDEMPOTENCY_KEY_IN_USE')],
  ] satisfies [string, Parameters<typeof server.play>[0]][])('is tried again after %s', async (_, step) => {
    server.play(step, step, answer({ id: 'lead_1' }));
    expect(await clientWith().leads.create(LEAD)).toEqual({ id: 'lead_1' });
    expect(server.requests).toHaveLength(3);
  });

  it('is tried again twice, and no more', async () => {
    server.play(refuse(503, 'SERVICE_UNAVAILABLE'));
    await expect(clientWith().leads.get('lead_1')).rejects.toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(3);
  });

  it('is tried as often as the client, or the call, says', async () => {
    server.play(cut);
    await expect(clientWith({ maxRetries: 0 }).leads.get('lead_1')).rejects.toThrow(LeadsConnectionError);
    expect(server.requests).toHaveLength(1);
    await expect(clientWith().leads.get('lead_1', { maxRetries: 4 })).rejects.toThrow(LeadsConnectionError);
    expect(server.requests).toHaveLength(6);
  });

  it('keeps one idempotency key across the tries of a change, and another for the next change', async () => {
    server.play(cut, cut, answer({}));
    const client = clientWith();
    await client.leads.create(LEAD);
    await client.leads.create(LEAD);
    const [first, second, third, next] = keys();
    expect(first).toMatch(/^[\x21-\x7e]{20,255}$/);
    expect([second, third]).toEqual([first, first]);
    expect(next).not.toBe(first);
  });

  it('keeps the idempotency key of the caller, and sends none with a read', async () => {
    server.play(cut, answer({}));
    await clientWith().leads.delete('lead_1', {}, { idempotencyKey: 'mine' });
    expect(keys()).toEqual(['mine', 'mine']);
    server.play(cut, answer({}));
    await clientWith().leads.get('lead_1');
    expect(keys()).toEqual([undefined, undefined]);
  });

  it.each([
    ['a number of seconds', '7', 7_000],
    ['a date', () => new Date(Date.now() + 8_000).toUTCString(), 7_000],
    ['a moment that has passed', 'Tue, 16 Jan 2024 15:45:00 GMT', 0],
  ])('waits as long as Retry-After says, as %s', async (_, retryAfter, leastMs) => {
    const controller = new AbortController();
    const delays: number[] = [];
    const hooks = {
      onRetry: ({ delayMs }: RetryInfo) => {
        delays.push(delayMs);
        controller.abort();
      },
    };
    server.play(refuse(429, 'RATE_LIMIT_EXCEEDED', { 'Retry-After': typeof retryAfter === 'string' ? retryAfter : retryAfter() }));
    await expect(clientWith({ hooks }).leads.get('lead_1', { signal: controller.signal })).rejects.toThrow(LeadsAbortedError);
    // A date has no fractions of a second.
    expect(delays[0]).toBeGreaterThan(leastMs - 500);
    expect(delays[0]).toBeLessThanOrEqual(leastMs + 1_000);
  });

  it('waits as long as Retry-After says also where something between answers, in whatever form', async () => {
    const delays: number[] = [];
    const busy = refuse(503, 'NONE', { 'Retry-After': '1', 'Content-Type': 'text/html' });
    server.play((res) => void res.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'text/html' }).end('<html>'), answer({}));
    await clientWith({ hooks: { onRetry: ({ delayMs }) => void delays.push(delayMs) } }).leads.get('lead_1');
    server.play(busy, answer({}));
    await clientWith({ hooks: { onRetry: ({ delayMs }) => void delays.push(delayMs) } }).leads.get('lead_1');
    expect(delays).toEqual([1_000, 1_000]);
  });

  it('does not come back at once where Retry-After asks for no wait', async () => {
    const delays: number[] = [];
    server.play(refuse(429, 'RATE_LIMIT_EXCEEDED', { 'Retry-After': '0' }), answer({}));
    const client = clientWith({ hooks: { onRetry: ({ delayMs }) => void delays.push(delayMs) } });
    vi.spyOn(Math, 'random').mockReturnValue(0.01);
    await client.leads.get('lead_1');
    expect(delays).toEqual([5]);
  });

  it('throws at once where Retry-After is longer than the caller would wait', async () => {
    server.play(refuse(429, 'RATE_LIMIT_EXCEEDED', { 'Retry-After': '61' }), answer({}));
    await expect(clientWith().leads.get('lead_1')).rejects.toMatchObject({ status: 429 });
    server.play(refuse(503, 'SERVICE_UNAVAILABLE', { 'Retry-After': '1' }), answer({}));
    await expect(clientWith().leads.get('lead_1', { maxRetryAfterMs: 999 })).rejects.toMatchObject({ status: 503 });
  });

  it('waits longer from try to try, at random and at most 8 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const delays: number[] = [];
    server.play(cut);
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const client = createLeadsClient({
      baseUrl: server.url,
      apiKey: API_KEY,
      maxRetries: 6,
      hooks: {
        onRetry: ({ delayMs }) => {
          delays.push(delayMs);
          queueMicrotask(() => vi.advanceTimersByTime(delayMs));
        },
      },
    });
    await expect(client.leads.get('lead_1')).rejects.toThrow(LeadsConnectionError);
    vi.useRealTimers();
    random.mockRestore();
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000]);
  });
});

describe('a time that a timer of the platform cannot count', () => {
  it.each([Infinity, 3e9])('timeoutMs: %d waits for the answer', async (timeoutMs) => {
    server.play((res) => setTimeout(() => answer({ id: 'lead_1' })(res, undefined as never), 20));
    expect(await clientWith({ timeoutMs, maxRetries: 0 }).leads.get('lead_1')).toEqual({ id: 'lead_1' });
  });

  it('Retry-After: one that is longer is waited for all the same, and not asked again in the meantime', async () => {
    const controller = new AbortController();
    const delays: number[] = [];
    const hooks = { onRetry: ({ delayMs }: RetryInfo) => void delays.push(delayMs) };
    server.play(refuse(429, 'RATE_LIMIT_EXCEEDED', { 'Retry-After': '9999999' }));
    const call = clientWith({ hooks, maxRetryAfterMs: Infinity }).leads.get('lead_1', { signal: controller.signal });
    await vi.waitFor(() => expect(delays).toEqual([9_999_999_000]));
    // A timer that overflows goes off within a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await expect(call).rejects.toThrow(LeadsAbortedError);
    expect(server.requests).toHaveLength(1);
  });

  it('is counted in parts, and over when all of it has passed', () => {
    vi.useFakeTimers();
    const over = vi.fn();
    after(3e9, over);
    vi.advanceTimersByTime(3e9 - 1);
    expect(over).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(over).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it.each([
    ['timeoutMs', NaN],
    ['timeoutMs', -1],
    ['maxRetries', NaN],
    ['maxRetryAfterMs', -1],
  ])('%s: %d is refused, by the client and by a call', async (name, value) => {
    expect(() => clientWith({ [name]: value })).toThrow(`${name} must be a number of at least 0`);
    await expect(clientWith().leads.get('lead_1', { [name]: value })).rejects.toThrow(TypeError);
  });
});

describe('a call that is refused', () => {
  it.each([
    [400, 'VALIDATION_ERROR'],
    [401, 'INVALID_API_KEY'],
    [404, 'LEAD_NOT_FOUND'],
    [409, 'LEAD_IN_USE'],
    [412, 'PRECONDITION_FAILED'],
    [422, 'IDEMPOTENCY_KEY_REUSED'],
  ])('is not tried again: %i %s', async (status, code) => {
    server.play(refuse(status, code));
    await expect(clientWith().leads.delete('lead_1')).rejects.toMatchObject({ name: 'LeadsApiError', status, code, requestId: 'req_1' });
    expect(server.requests).toHaveLength(1);
  });

  it('says in its message which fields are wrong', async () => {
    server.play(refuse(400, 'VALIDATION_ERROR', {}, { issues: [{ location: 'body.email', message: 'Invalid email address', code: 'x' }] }));
    await expect(clientWith().leads.create(LEAD)).rejects.toThrow('Refused: body.email: Invalid email address');
  });

  it('has the headers of the answer, which a print of the error leaves out', async () => {
    server.play(refuse(404, 'LEAD_NOT_FOUND', { 'X-Own': 'yes' }));
    const error = await clientWith()
      .leads.get('lead_1')
      .catch((thrown: unknown) => thrown);
    if (!(error instanceof LeadsApiError)) throw new Error('another error', { cause: error });
    expect(error.headers.get('X-Own')).toBe('yes');
    expect(Object.keys(error)).not.toContain('headers');
  });
});

describe('a call that takes too long', () => {
  it('throws a LeadsTimeoutError, which is a LeadsConnectionError, after its last try', async () => {
    server.play(hang);
    const failed = clientWith({ timeoutMs: 20 }).leads.get('lead_1');
    await expect(failed).rejects.toThrow(LeadsTimeoutError);
    await expect(failed).rejects.toBeInstanceOf(LeadsConnectionError);
    expect(server.requests).toHaveLength(3);
  });

  it('is over as soon as its signal says so, while it waits for the answer', async () => {
    const controller = new AbortController();
    server.play(() => controller.abort('enough'));
    await expect(clientWith().leads.get('lead_1', { signal: controller.signal })).rejects.toMatchObject({
      name: 'LeadsAbortedError',
      cause: 'enough',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('is over as soon as its signal says so, while it waits for its next try', async () => {
    const controller = new AbortController();
    server.play(refuse(503, 'SERVICE_UNAVAILABLE', { 'Retry-After': '30' }));
    const client = clientWith({ hooks: { onRetry: () => controller.abort() } });
    await expect(client.leads.get('lead_1', { signal: controller.signal })).rejects.toThrow(LeadsAbortedError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('what is around a call', () => {
  it('gives the whole response on request: status, headers, request id and rate limit', async () => {
    const headers = {
      'X-RateLimit-Limit': '1000',
      'X-RateLimit-Remaining': '998',
      'X-RateLimit-Used': '2',
      'X-RateLimit-Reset': '1705423500',
    };
    server.play(answer({ id: 'lead_1' }, headers));
    const response = await clientWith().leads.get('lead_1').withResponse();
    expect(response).toMatchObject({ data: { id: 'lead_1' }, status: 200, requestId: 'req_1' });
    expect(response.rateLimit).toEqual({ limit: 1000, remaining: 998, used: 2, resetsAt: new Date('2024-01-16T16:45:00Z') });
    expect(response.headers.get('content-type')).toBe('application/json');
    server.play(answer({}));
    expect((await clientWith().leads.list().withResponse()).rateLimit).toBeNull();
  });

  it('rejects once where only the whole response is taken', async () => {
    server.play(refuse(404, 'LEAD_NOT_FOUND'));
    await expect(clientWith().leads.get('lead_1').withResponse()).rejects.toMatchObject({ code: 'LEAD_NOT_FOUND' });
  });

  it('sends the headers of the client, of the call and of a hook, and tells the hooks of each try', async () => {
    const told: (TryInfo | TryResult)[] = [];
    const client = clientWith({
      headers: { 'X-App': 'crm', 'X-Both': 'client' },
      hooks: {
        beforeRequest: (info) => {
          told.push(info);
          return { Traceparent: `trace-${info.attempt}` };
        },
        afterResponse: (result) => void told.push(result),
      },
    });
    server.play(cut, answer({}));
    await client.leads.delete('lead_1', {}, { headers: { 'X-Both': 'call' } });
    const call = { operation: 'leads.delete', method: 'DELETE', path: '/api/v1/leads/:leadId' };
    expect(told).toMatchObject([
      { ...call, attempt: 0 },
      { ...call, attempt: 0, status: null, requestId: null },
      { ...call, attempt: 1 },
      { ...call, attempt: 1, status: 200, requestId: 'req_1', durationMs: expect.any(Number) },
    ]);
    expect(server.requests[1]!.headers).toMatchObject({ 'x-app': 'crm', 'x-both': 'call', traceparent: 'trace-1' });
  });

  it('tells a logger what it does, and never a key, a token or what is personal', async () => {
    const lines: string[] = [];
    const log = (message: string, fields: object) => void lines.push(JSON.stringify([message, fields]));
    const client = clientWith({ logger: { debug: log, warn: log } });
    const secret = 'personal-marker';
    server.play(cut, answer({ leads: [], pagination: {} }));
    await client.leads.create({
      name: secret,
      email: `${secret}@example.com`,
      phone: secret,
      source: 'website',
      metadata: { note: secret },
    });
    await client.leads.list({ search: secret, email: secret, status: 'lost' });
    await client.activities.create('lead_1', { type: 'call', text: secret });
    await client.leads.import(secret);
    await client.leads.bulkDelete({ filter: { status: 'lost' }, planToken: secret });
    await client.leads.delete('lead_1', {}, { confirmationToken: secret, idempotencyKey: secret });
    expect(lines.join('\n')).not.toContain(secret);
    expect(lines.join('\n')).not.toContain(API_KEY);
    expect(lines[0]).toContain('"source":"website"');
    expect(lines.some((line) => line.startsWith('["retry"'))).toBe(true);
  });

  it('sends with the fetch that it is given', async () => {
    const own = vi.fn<typeof fetch>((url, init) => fetch(url, init));
    server.play(answer({ id: 'lead_1' }));
    await clientWith({ fetch: own }).leads.get('lead_1');
    expect(own).toHaveBeenCalledOnce();
  });

  it('calls a path that it does not know, with everything that a call has', async () => {
    server.play(cut, answer({ merged: true }));
    const data = await clientWith().request<{ merged: boolean }>('post', '/api/v2/leads/merge', {
      query: { dry: true },
      body: { ids: ['a'] },
    });
    expect(data).toEqual({ merged: true });
    expect(server.requests[1]).toMatchObject({ method: 'POST', url: '/api/v2/leads/merge?dry=true', body: '{"ids":["a"]}' });
    expect(server.requests[1]!.headers['authorization']).toBe(`Bearer ${API_KEY}`);
    expect(keys()[0]).toBe(keys()[1]);
  });

  it('sends a body of undefined fields without them, and a query likewise', async () => {
    server.play(answer({ leads: [], pagination: {} }));
    const client = clientWith();
    await client.leads.list({ status: undefined, limit: 5 });
    await client.leads.update('lead_1', { name: 'Eve', phone: undefined });
    expect(server.requests.map(({ url, body }) => [url, body])).toEqual([
      ['/api/v1/leads?limit=5', ''],
      ['/api/v1/leads/lead_1', '{"name":"Eve"}'],
    ]);
  });
});

describe('headers', () => {
  it('are the same in upper and lower case: the last one counts, of the client, of the call, of the hook', async () => {
    server.play(answer({}));
    const client = clientWith({ headers: { authorization: 'Bearer own', 'x-both': 'client' } });
    await client.leads.get('lead_1', { headers: { 'X-BOTH': 'call' } });
    expect(server.requests[0]!.headers).toMatchObject({ authorization: 'Bearer own', 'x-both': 'call' });
    const hooked = clientWith({ headers: { 'x-both': 'client' }, hooks: { beforeRequest: () => ({ 'X-Both': 'hook' }) } });
    await hooked.leads.create(LEAD, { headers: { 'content-type': 'application/json; charset=utf-8' } });
    expect(server.requests[1]!.headers).toMatchObject({ 'x-both': 'hook', 'content-type': 'application/json; charset=utf-8' });
  });

  it('can be a Headers instance, of the client, of the call and of the hook', async () => {
    server.play(answer({}));
    const client = clientWith({
      headers: new Headers({ 'X-Client': '1' }),
      hooks: { beforeRequest: () => new Headers({ 'X-Hook': '3' }) },
    });
    await client.leads.get('lead_1', { headers: new Headers({ 'X-Call': '2' }) });
    expect(server.requests[0]!.headers).toMatchObject({ 'x-client': '1', 'x-call': '2', 'x-hook': '3' });
  });
});

describe('the address', () => {
  it.each(['', '/', '/api/v1', '/api/v1/'])('is taken with “%s” behind it', async (path) => {
    server.play(answer({}));
    await clientWith({ baseUrl: server.url + path }).leads.get('lead_1');
    expect(server.requests[0]!.url).toBe('/api/v1/leads/lead_1');
  });

  it('can have a path of its own', async () => {
    server.play(answer({}));
    await clientWith({ baseUrl: `${server.url}/crm/api/v1` }).leads.get('lead_1');
    expect(server.requests[0]!.url).toBe('/crm/api/v1/leads/lead_1');
  });

  it.each(['http://user:secret@127.0.0.1', 'http://127.0.0.1/?token=secret', 'http://127.0.0.1/#secret'])(
    'is refused, and not quoted, where it has more than an address: %s',
    (baseUrl) => {
      expect(() => clientWith({ baseUrl })).toThrow(/^baseUrl must be an address such as (?!.*secret)/);
    },
  );
});

describe('a secret that cannot be sent', () => {
  /** Everything of an error that a log could print. */
  const printed = (error: unknown) => inspect(error, { depth: 10, showHidden: true }) + String((error as Error).stack);

  it.each([
    ['a line break behind it', `${API_KEY}\n`, 'line break around it'],
    ['a space before it', ` ${API_KEY}`, 'white space'],
    ['a second line', `${API_KEY}\n\nShown this once.`, 'and one word'],
    ['another beginning', `Bearer ${API_KEY}`, 'it must be sk-workspace_…'],
    ['a letter that no header can have', `${API_KEY}ä`, 'and one word'],
    ['nothing in it', '', 'it must be sk-workspace_…'],
  ])('a key with %s is refused before use, and not quoted', (_, apiKey, says) => {
    let thrown: unknown;
    try {
      clientWith({ apiKey });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect((thrown as Error).message).toContain(says);
    expect(printed(thrown)).not.toContain('cccc');
  });

  it('a header with one is refused at once, by its name alone, and not tried again', async () => {
    const logged: string[] = [];
    const logger = { debug: () => {}, warn: (message: string) => void logged.push(message) };
    const secret = 'secret-token\nand more';
    const client = clientWith({ logger });
    const calls = [
      client.leads.delete('lead_1', {}, { confirmationToken: secret }),
      client.leads.delete('lead_1', {}, { idempotencyKey: secret }),
      client.leads.delete('lead_1', {}, { ifMatch: secret }),
      client.leads.get('lead_1', { headers: { Cookie: secret } }),
      clientWith({ logger, hooks: { beforeRequest: () => ({ Cookie: secret }) } }).leads.get('lead_1'),
    ];
    server.play(answer({}));
    for (const { reason: error } of (await Promise.allSettled(calls)) as PromiseRejectedResult[]) {
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/^The header \S+ has characters that cannot be sent$/);
      expect(printed(error)).not.toContain('secret-token');
    }
    expect(() => clientWith({ headers: { Cookie: secret } })).toThrow('The header Cookie has characters that cannot be sent');
    expect([server.requests, logged]).toEqual([[], []]);
  });
});

describe('a secret key in a web page', () => {
  it('is refused, unless the page says that it knows', () => {
    vi.stubGlobal('document', {});
    const make = (options: object) => createLeadsClient({ baseUrl: server.url, apiKey: API_KEY, ...options });
    expect(() => make({})).toThrow('In a web page everyone could read the apiKey');
    expect(make({ dangerouslyAllowBrowser: true })).toHaveProperty('leads');
    expect(make({ apiKey: null })).toHaveProperty('leads');
    vi.unstubAllGlobals();
  });
});
