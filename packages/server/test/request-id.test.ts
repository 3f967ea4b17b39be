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

  it.each(['a', 'req_01', 'A.b-C_9', 'x'.repeat(64)])('is the caller’s own where it is fit for a log line: %s', async (id) => {
    expect(await idFor(id)).toBe(id);
  });

  describe('is a new one', () => {
    it.each([
      undefined,
      '',
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
