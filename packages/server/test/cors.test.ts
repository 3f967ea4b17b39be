import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { useCaller, useServer } from './support/server.ts';

const ALLOWED = 'https://app.example.com';

onEachDatabase('CORS', (database) => {
  const server = useServer(database, { corsOrigins: [ALLOWED, 'https://admin.example.com'] });
  const open = useServer(database, { corsOrigins: ['*'] });
  const closed = useServer(database);
  const acme = useCaller(server);
  const get = (origin: string) => acme.send({ method: 'GET', path: '/api/v1/leads', headers: { origin } });
  const preflight = (on: typeof server, origin: string) =>
    on.send({
      method: 'OPTIONS',
      path: '/api/v1/leads/any',
      headers: { origin, 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'authorization,content-type' },
    });

  it('an allowed origin reads answers and their headers, errors included', async () => {
    const { headers } = await get(ALLOWED);
    expect([headers['access-control-allow-origin'], headers.vary]).toEqual([ALLOWED, 'Origin']);
    expect(headers['access-control-expose-headers']).toContain('X-Request-Id,X-RateLimit-Limit');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const refused = await server.send({ method: 'GET', path: '/api/v1/leads', headers: { origin: ALLOWED } });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, ALLOWED]);
  });

  it('an allowed origin may ask first', async () => {
    const { status, headers } = await preflight(server, ALLOWED);
    expect([status, headers['access-control-allow-origin'], headers['access-control-allow-headers']]).toEqual([
      204,
      ALLOWED,
      'authorization,content-type',
    ]);
    expect(headers['access-control-allow-methods']).toContain('DELETE');
  });

  describe('no other origin is let in', () => {
    it.each([
      'https://evil.example',
      'http://app.example.com',
      'https://app.example.com.evil.example',
      'https://app.example.com:8443',
      'https://APP.example.com',
      'null',
      '',
    ])('%s', async (origin) => {
      expect((await get(origin)).headers['access-control-allow-origin']).toBeUndefined();
      expect((await preflight(server, origin)).headers['access-control-allow-origin']).toBeUndefined();
    });
  });

  it('*: any origin, but never with credentials', async () => {
    const { headers } = await preflight(open, 'https://any.example');
    expect([headers['access-control-allow-origin'], headers['access-control-allow-credentials']]).toEqual(['*', undefined]);
  });

  it('without a setting nothing is allowed', async () => {
    const { status, headers } = await preflight(closed, ALLOWED);
    expect([status, headers['access-control-allow-origin']]).toEqual([204, undefined]);
  });
});
