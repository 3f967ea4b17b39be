import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { createLogger } from '../src/logger.ts';
import { onEachDatabase } from './support/databases.ts';
import { brokenDatabase, unreachableDatabase } from './support/faulty-databases.ts';
import { type OperationId, useCaller, useServer } from './support/server.ts';

/** What stands for personal data in this file, wherever it is put. */
const MARKER = 'zebulon';
const MARKED = {
  name: `${MARKER} Name`,
  email: `${MARKER}.email@example.com`,
  phone: `+1 ${MARKER}`,
  source: `${MARKER} source`,
  metadata: { [`${MARKER}Key`]: `${MARKER} value` },
};

const REQUEST_ID = '01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75';

onEachDatabase('the log', (database) => {
  let lines: string[] = [];
  const logger = createLogger('debug', { write: (line: string) => void lines.push(line) });
  // As PostgreSQL writes it: with the values of the statement in the message and the detail.
  const quoting = brokenDatabase(({ parameters }) =>
    Object.assign(new pg.DatabaseError(`duplicate key ${JSON.stringify(parameters)}`, 1, 'error'), {
      severity: 'ERROR',
      code: '23505',
      detail: `Key (email)=(${JSON.stringify(parameters)}) already exists.`,
      where: JSON.stringify(parameters),
    }),
  );
  const away = unreachableDatabase();
  afterAll(() => Promise.all([quoting.destroy(), away.destroy()]).then(() => {}));
  const server = useServer(database, { logger });
  const failing = useServer(database, { logger, operationsOn: quoting });
  const unavailable = useServer(database, { logger, operationsOn: away });
  const acme = useCaller(server);
  const logOf = async (work: () => Promise<unknown>) => {
    lines = [];
    await work();
    return lines.map((line) => JSON.parse(line));
  };

  it('has a line per request that says what happened, by the route and not by the path', async () => {
    const lead = await acme.lead();
    const log = await logOf(() => acme.call('leads.get', { params: { leadId: lead.id }, headers: { 'x-request-id': REQUEST_ID } }));
    expect(log).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        requestId: REQUEST_ID,
        method: 'GET',
        route: '/api/v1/leads/:leadId',
        status: 200,
        durationMs: expect.any(Number),
        keyId: acme.keyId,
      },
    ]);
  });

  it('holds no personal data and no key, whatever comes in and however it fails', async () => {
    const unknownKey = newApiKey();
    const log = await logOf(async () => {
      for (const at of [server, failing, unavailable]) {
        const caller = acme.at(at);
        const operations: [OperationId, object][] = [
          ['leads.create', { body: MARKED }],
          ['leads.create', { body: { ...MARKED, email: `${MARKER} is no address`, [`${MARKER}Field`]: 1 } }],
          ['leads.list', { query: { search: MARKER } }],
          ['leads.list', { query: { email: MARKED.email } }],
          ['leads.list', { query: { source: MARKED.source, [MARKER]: MARKER } }],
          ['leads.list', { query: { cursor: Buffer.from(MARKER).toString('base64url') } }],
          ['leads.get', { params: { leadId: MARKED.email } }],
          ['leads.update', { params: { leadId: MARKER }, body: MARKED }],
          ['leads.delete', { params: { leadId: MARKER } }],
          ['apiKeys.create', { body: { name: MARKER, scopes: ['leads:read'] } }],
          ['apiKeys.rotate', { params: { keyId: MARKER }, body: {} }],
          ['apiKeys.revoke', { params: { keyId: MARKER } }],
        ];
        for (const [operation, call] of operations) await caller.call(operation, call);
        const headers = {
          'user-agent': MARKER,
          referer: `https://${MARKER}/`,
          cookie: MARKER,
          'x-request-id': `${MARKER}@x`,
          'x-forwarded-for': MARKER,
        };
        await caller.send({ method: 'GET', path: '/api/v1/leads', headers });
        await caller.send({
          method: 'POST',
          path: '/api/v1/leads',
          headers: { 'content-type': 'application/json' },
          body: `{"name":"${MARKER}`,
        });
        await caller.send({ method: 'POST', path: '/api/v1/leads', headers: { 'content-type': MARKER }, body: '{}' });
        await caller.send({ method: 'GET', path: `/${MARKER}?email=${MARKED.email}` });
        await caller.send({ method: 'PATCH', path: `/api/v1/leads/${MARKER}` });
        await at.send({ method: 'GET', path: `/api/v1/leads/%ff${MARKER}` }, { beforeAuthentication: true });
        for (const authorization of [`Bearer ${unknownKey}`, `Basic ${unknownKey}`, unknownKey])
          await at.send({ method: 'GET', path: `/api/v1/leads?key=${unknownKey}`, headers: { authorization, 'x-request-id': unknownKey } });
      }
    });
    expect(log.filter(({ msg }) => msg === 'request failed').length).toBeGreaterThan(8);
    expect(log.filter(({ msg }) => msg === 'database unavailable').length).toBeGreaterThan(8);
    for (const secret of [MARKER, Buffer.from(MARKER).toString('base64url'), 'example.com', unknownKey, acme.key, 'sk-workspace']) {
      expect(lines.filter((line) => line.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
    }
  });

  it('500 INTERNAL_ERROR: tells the cause to the log and not to the caller, joined by the request’s id', async () => {
    const log = await logOf(async () => {
      const { body, headers } = await acme
        .at(failing)
        .call('leads.get', { params: { leadId: 'any' }, headers: { 'x-request-id': REQUEST_ID } });
      expect(body).toEqual({ success: false, error: 'Internal server error', code: 'INTERNAL_ERROR', details: { requestId: REQUEST_ID } });
      expect(headers['x-request-id']).toBe(REQUEST_ID);
    });
    const failure = log.find(({ level }) => level === 'error');
    expect(failure).toMatchObject({ requestId: REQUEST_ID, err: { type: 'DatabaseError', code: '23505' } });
    expect(failure.err.frames.length).toBeGreaterThan(0);
  });

  it('redacts what carries the contract’s mark, should anybody log a lead', () => {
    lines = [];
    logger.info({ lead: MARKED, ...MARKED, authorization: 'Bearer x', key: 'sk-workspace_x' }, 'a lead');
    const line = JSON.parse(lines[0]!);
    for (const field of ['name', 'email', 'phone', 'metadata'])
      expect([line[field], line.lead[field]]).toEqual(['[Redacted]', '[Redacted]']);
    expect(lines[0]).not.toMatch(/Bearer x|sk-workspace_x/);
  });
});
