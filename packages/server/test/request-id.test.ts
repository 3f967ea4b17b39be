import { describe, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { onEachDatabase } from './support/databases.ts';
import { exchangeBytes } from './support/http.ts';
import { useCaller, useServer } from './support/server.ts';

onEachDatabase('X-Request-Id', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const idFor = async (sent?: string | string[]) =>
    (await acme.send({ method: 'GET', path: '/api/v1/leads', ...(sent !== undefined && { headers: { 'x-request-id': sent } }) })).headers[
      'x-request-id'
    ];

  it.each([
    '01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75',
    '01919D2E-4E6F-7C3A-9B1D-2F0A6C8E4B75',
    'req_01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '01JQ8Z3V9K4N7W2X5Y6B8C0D1E',
    'req_01jq8z3v9k4n7w2x5y6b8c0d1e',
  ])('is the caller’s own where it is a UUID, a trace id or a ULID: %s', async (id) => {
    expect(await idFor(id)).toBe(id);
  });

  describe('is a new one', () => {
    it.each([
      undefined,
      '',
      'ann',
      'ann.smith-1985',
      'req_ann-smith',
      'req_annsmithatexamplecom00001',
      'smith-49-151-23456789',
      '+4915123456789',
      '4915123456789',
      'x'.repeat(32),
      '01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75-ann',
      'x'.repeat(65),
      'x'.repeat(8_000),
      'a b',
      'a\tb',
      'ann@example.com',
      '{"a":1}',
      '${jndi:ldap://x}',
      '%0d%0aSet-Cookie:%20a=b',
      'é',
      ['a', 'b'],
    ])('instead of %j', async (id) => {
      expect(await idFor(id)).toMatch(/^req_[0-9a-z]{26}$/);
    });

    it('instead of an API key, which must not reach the log', async () => {
      expect(await idFor(newApiKey())).toMatch(/^req_[0-9a-z]{26}$/);
    });

    it('for every request', async () => {
      const ids = await Promise.all(Array.from({ length: 50 }, () => idFor()));
      expect(new Set(ids).size).toBe(50);
    });
  });

  it('cannot split an answer: CR, LF and NUL in a header never come back', async () => {
    for (const injected of ['a\r\n\tSet-Cookie: a=b', 'a\rSet-Cookie: a=b', 'a\nSet-Cookie: a=b', 'a\0b']) {
      const received = await exchangeBytes(
        server.url,
        `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${injected}\r\nConnection: close\r\n\r\n`,
      );
      expect(received).not.toMatch(/^set-cookie/im);
      expect(received).toMatch(/^HTTP\/1\.1 (200|400) /);
    }
  });
});
