import { generateOpenApi } from '@leads/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Mock } from './mock.ts';
import { startMock } from './start-mock.ts';
import { freePort } from '../../server/test/support/free-port.ts';

// Starting a mock with state takes long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const JOHN = '/api/v1/leads/lead_1234567890abcdef';
const headers = { authorization: 'Bearer sk-workspace_test' };

/** The answer to the first request that finds the port open. */
async function asSoonAsOpen(url: string, init: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init).catch(() => undefined);
    if (response) return response;
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}

describe('a mock with state, from its first answer on', () => {
  it('deletes the lead that is deleted as soon as the port is open', async () => {
    const port = await freePort();
    const starting = startMock({ port });
    const url = `http://127.0.0.1:${port}${JOHN}`;
    expect((await asSoonAsOpen(url, { method: 'DELETE', headers })).status).toBe(200);
    expect((await fetch(url, { headers })).status).toBe(404);
    const started = await starting;
    expect(started.requests().map(({ answeredBy }) => answeredBy)).toEqual(['state', 'state']);
    await started.close();
  });

  it('can be controlled as soon as the port is open', async () => {
    const port = await freePort();
    const starting = startMock({ port });
    const response = await asSoonAsOpen(`http://127.0.0.1:${port}/__mock/state`, {});
    expect([response.status, await response.json()]).toMatchObject([200, { data: { mode: 'stateful', rows: { leads: 0 } } }]);
    await (await starting).close();
  });

  it('frees the database and rejects where the port is taken', async () => {
    const first = await startMock();
    await expect(startMock({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
  });
});

describe('a mock with state, while it is changed', () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock();
  });
  beforeEach(() => mock.reset());
  afterAll(() => mock.close());

  it('answers from the state through reloads, snapshots and resets', async () => {
    const stop = new AbortController();
    const answered: string[] = [];
    const ask = async () => {
      while (!stop.signal.aborted) answered.push(`${(await fetch(mock.url + JOHN, { headers })).headers.get('cache-control')}`);
    };
    const asking = [ask(), ask(), ask()];
    for (let round = 0; round < 3; round++) {
      await mock.reload({ ...generateOpenApi(), servers: [{ url: `https://${round}.example.com` }] });
      await mock.snapshot('here');
      await mock.restore('here');
      await mock.reset();
    }
    stop.abort();
    await Promise.all(asking);
    // The core says so in each of its answers; the document does not.
    expect(new Set(answered)).toEqual(new Set(['no-store']));
    expect(answered.length).toBeGreaterThan(3);
  });

  it('keeps each of two snapshots that are asked for at once', async () => {
    await fetch(mock.url + JOHN, { headers });
    const deleted = mock.snapshot('before').then(() => fetch(mock.url + JOHN, { method: 'DELETE', headers }));
    const [{ status }] = await Promise.all([deleted, mock.snapshot('at-the-same-time')]);
    expect(status).toBe(200);
    await mock.snapshot('after');
    await mock.restore('before');
    expect((await fetch(mock.url + JOHN, { headers })).status).toBe(200);
    await mock.restore('after');
    expect((await fetch(mock.url + JOHN, { headers })).status).toBe(404);
  });
});

describe('control over HTTP', () => {
  const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'default', 'nope'];
  const BODIES = [
    undefined,
    '{bad',
    'null',
    '[]',
    '"x"',
    '{}',
    '{"leads":-1}',
    '{"leads":1e9}',
    '{"now":"noon"}',
    '{"now":"9999-12-31T23:59:59.999Z"}',
    '{"error":"NOPE"}',
    '{"operation":"constructor","error":"INTERNAL_ERROR"}',
    '{"latencyMs":[2,1]}',
    '{"openapi":"3.1.0"}',
    '{"openapi":"3.1.0","paths":{"/{2,1}":{"get":{}}}}',
    '{"openapi":"3.1.0","paths":{"/x":{"get":{"responses":{"200":{"$ref":"#/nowhere"}}}}}}',
  ];

  it('never fails, whatever it is asked', async () => {
    const mock = await startMock({ mode: 'examples' });
    const { data } = (await (await fetch(`${mock.url}/__mock`)).json()) as { data: { routes: { method: string; path: string }[] } };
    expect(data.routes.length).toBeGreaterThan(5);
    const failed: unknown[] = [];
    for (const { method, path } of data.routes) {
      const paths = path.includes('*') ? NAMES.map((name) => path.replace('*', name)) : [path];
      for (const each of paths) {
        for (const body of method === 'GET' ? [undefined] : BODIES) {
          for (const type of ['application/json', 'application/x-ndjson']) {
            const response = await fetch(mock.url + each, {
              method,
              headers: { 'content-type': type },
              ...(body !== undefined && { body }),
            });
            if (response.status >= 500) failed.push([method, each, body, response.status]);
          }
        }
      }
    }
    expect(failed).toEqual([]);
    await mock.close();
  });
});
