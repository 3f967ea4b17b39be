import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { contract, ERRORS, type ErrorCode, errorSchema } from '@leads/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Mock } from './mock.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';
import { SEED_DEFAULT_LEADS } from './seed.ts';
import { startMock } from './start-mock.ts';

// Starting a mock with state takes long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const LEADS = '/api/v1/leads';
const JOHN = `${LEADS}/lead_1234567890abcdef`;
const JANE = { name: 'Jane Smith', email: 'jane@example.org' };

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterEach(() => mock.reset(SEED_DEFAULT_LEADS));
afterAll(() => mock.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a test looks at of an answer; the contract's schemas check the rest.
  readonly body: { code?: ErrorCode; data?: Record<string, never> & { id: string; email: string; pagination: { total: number } } };
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, at = mock): Promise<Answer> {
  const response = await fetch(at.url + path, {
    method,
    headers: {
      authorization: 'Bearer sk-workspace_mock',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const answered = await response.text();
  return { status: response.status, headers: response.headers, body: answered === '' ? {} : JSON.parse(answered) };
}

async function total(headers: Record<string, string> = {}, at = mock): Promise<number> {
  return (await ask('GET', LEADS, undefined, headers, at)).body.data!.pagination.total;
}

describe('with state', () => {
  it('a lead is created, read, listed, changed and deleted, and then it is gone', async () => {
    const created = await ask('POST', LEADS, JANE);
    expect(contract.leads.create.responses[201].safeParse(created.body).error).toBeUndefined();
    const path = `${LEADS}/${created.body.data!.id}`;
    expect((await ask('GET', path)).body.data!.email).toBe(JANE.email);
    expect(await total()).toBe(SEED_DEFAULT_LEADS + 1);
    expect((await ask('PUT', path, { email: 'j@example.org' })).body.data!.email).toBe('j@example.org');
    expect((await ask('DELETE', path)).status).toBe(200);
    expect((await ask('GET', path)).body.code).toBe('LEAD_NOT_FOUND');
    expect(await total()).toBe(SEED_DEFAULT_LEADS);
  });

  it('the lead of the reference is there, and a further lead is in an active campaign', async () => {
    expect((await ask('DELETE', JOHN)).status).toBe(200);
    expect((await ask('DELETE', `${LEADS}/lead_0000000000000002`)).body.code).toBe('LEAD_IN_USE');
    expect((await ask('DELETE', `${LEADS}/lead_0000000000000002?force=true`)).status).toBe(200);
  });

  it('each key has a workspace of its own', async () => {
    await ask('DELETE', JOHN);
    const other = { authorization: 'Bearer sk-workspace_other' };
    expect((await ask('GET', JOHN, undefined, other)).status).toBe(200);
    expect((await ask('GET', JOHN)).status).toBe(404);
  });

  it('a key that was revoked over the API is refused, and one that was created has the same workspace', async () => {
    const made = await ask('POST', '/api/v1/api-keys', { name: 'Mine', scopes: ['leads:read'] });
    const { id, key } = made.body.data as unknown as { id: string; key: string };
    await ask('DELETE', JOHN);
    expect((await ask('GET', JOHN, undefined, { authorization: `Bearer ${key}` })).body.code).toBe('LEAD_NOT_FOUND');
    expect((await ask('DELETE', LEADS, undefined, { authorization: `Bearer ${key}` })).body.code).toBe('METHOD_NOT_ALLOWED');
    expect((await ask('DELETE', JOHN, undefined, { authorization: `Bearer ${key}` })).body.code).toBe('INSUFFICIENT_SCOPE');
    await ask('DELETE', `/api/v1/api-keys/${id}`);
    expect((await ask('GET', JOHN, undefined, { authorization: `Bearer ${key}` })).body.code).toBe('INVALID_API_KEY');
  });

  it('a bulk job runs to its end', async () => {
    const filter = { status: 'new' };
    const plan = (await ask('POST', `${LEADS}/bulk-archive`, { filter, dryRun: true })).body.data as unknown as { planToken: string };
    let job = (await ask('POST', `${LEADS}/bulk-archive`, { filter, planToken: plan.planToken })).body.data as unknown as {
      id: string;
      finishedAt: string | null;
      status: string;
    };
    while (job.finishedAt === null) job = (await ask('GET', `/api/v1/jobs/${job.id}`)).body.data as never;
    expect(job.status).toBe('completed');
  });

  it('what a request asks for with Prefer comes from the document, and changes nothing', async () => {
    expect((await ask('GET', JOHN, undefined, { prefer: 'code=404' })).body.code).toBe('LEAD_NOT_FOUND');
    expect((await ask('DELETE', JOHN, undefined, { prefer: 'example=deleted, code=200' })).status).toBeLessThan(500);
    expect((await ask('GET', JOHN)).status).toBe(200);
  });

  it.each([
    ['no key', 'GET', LEADS, undefined, { authorization: '' }, 'MALFORMED_AUTH_HEADER'],
    ['a body that is no JSON', 'POST', LEADS, '{bad', {}, 'INVALID_JSON'],
    ['a wrong field', 'POST', LEADS, { ...JANE, zip: 1 }, {}, 'VALIDATION_ERROR'],
    ['an unknown path', 'GET', '/nope', undefined, {}, 'ROUTE_NOT_FOUND'],
    ['a wrong method', 'PATCH', LEADS, undefined, {}, 'METHOD_NOT_ALLOWED'],
  ] as const)('refuses %s in the envelope', async (_, method, path, body, headers, code) => {
    const answer = await ask(method, path, body, headers);
    expect(answer.status).toBe(ERRORS[code].status);
    expect(errorSchema(code).safeParse(answer.body).error).toBeUndefined();
  });

  it('a page of another origin may read the same headers, whoever answers', async () => {
    const [state, document] = [await ask('GET', JOHN), await ask('GET', JOHN, undefined, { prefer: 'code=200' })];
    const exposed = ({ headers }: Answer) => headers.get('access-control-expose-headers');
    expect(exposed(state)).toContain('ETag');
    expect(exposed(document)).toBe(exposed(state));
  });

  it('an operation that only the document has is answered with its example, and fails on command', async () => {
    const { generateOpenApi } = await import('@leads/contract');
    const document = generateOpenApi() as { paths: Record<string, { get: { operationId: string } }> };
    document.paths['/api/v2/leads'] = { get: { ...document.paths[LEADS]!.get, operationId: 'leads.next' } };
    const ahead = await startMock({ document });
    expect((await ask('GET', '/api/v2/leads', undefined, {}, ahead)).status).toBe(200);
    expect(await total({}, ahead)).toBe(SEED_DEFAULT_LEADS);
    ahead.fault({ operation: 'leads.next', error: 'SERVICE_UNAVAILABLE' });
    expect((await ask('GET', '/api/v2/leads', undefined, {}, ahead)).status).toBe(503);
    await ahead.close();
  });

  it('a document that is reloaded adds its operations, and what was changed before stays', async () => {
    const { generateOpenApi } = await import('@leads/contract');
    const document = generateOpenApi() as { paths: Record<string, { get: { operationId: string } }> };
    document.paths['/api/v2/leads'] = { get: { ...document.paths[LEADS]!.get, operationId: 'leads.next' } };
    await ask('DELETE', JOHN);
    expect((await ask('GET', '/api/v2/leads')).status).toBe(404);
    expect((await ask('PUT', '/__mock/document', document)).status).toBe(200);
    expect((await ask('GET', '/api/v2/leads')).status).toBe(200);
    expect((await ask('GET', JOHN)).status).toBe(404);
    expect((await ask('PUT', '/__mock/document', { openapi: '3.1.0' })).body.code).toBe('VALIDATION_ERROR');
    expect((await ask('GET', '/api/v2/leads')).status).toBe(200);
    await mock.reload(generateOpenApi());
    expect((await ask('GET', '/api/v2/leads')).status).toBe(404);
  });
});

describe('reset', () => {
  it('brings everything back, faults and time included', async () => {
    await ask('DELETE', JOHN);
    mock.fault({ error: 'INTERNAL_ERROR' });
    mock.setClock(new Date('2030-01-01T00:00:00Z'));
    await mock.reset();
    expect((await ask('GET', JOHN)).status).toBe(200);
    expect((await mock.state()).now < '2030').toBe(true);
  });

  it('fills from a number of leads, or from leads as they are exported', async () => {
    const exported = await (await fetch(`${mock.url}${LEADS}/export`, { headers: { authorization: 'Bearer sk-workspace_mock' } })).text();
    await mock.reset(3);
    expect(await total()).toBe(3);
    await mock.reset(exported);
    expect(await total()).toBe(SEED_DEFAULT_LEADS);
    await mock.reset(0);
    expect(await total()).toBe(0);
  });

  it.each([-1, 10_001, 1.5, '{bad', '{"lead":{}}'])('refuses %j, and changes nothing', async (seed) => {
    await expect(mock.reset(seed)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await total()).toBe(SEED_DEFAULT_LEADS);
  });

  it('names a number of a seed that would come back as another one', async () => {
    const [line] = (
      await (await fetch(`${mock.url}${LEADS}/export`, { headers: { authorization: 'Bearer sk-workspace_mock' } })).text()
    ).split('\n');
    const seed = line!.replace(/"metadata": ?{/, '$&"ad":1234567890123456789,');
    const issues = [{ location: 'body.line 1.lead.metadata.ad', message: expect.stringContaining('send it as text') }];
    await expect(mock.reset(seed)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', details: { issues } });
  });

  it('lets requests under way end before, and those that come meanwhile begin after', async () => {
    await mock.snapshot('before');
    let statuses: number[] = [];
    for (const replace of [() => mock.reset(), () => mock.restore('before')]) {
      const asked = Array.from({ length: 20 }, () => ask('POST', LEADS, JANE));
      await Promise.all([asked[0], replace(), ...Array.from({ length: 20 }, () => ask('GET', JOHN))]);
      statuses = [...statuses, ...(await Promise.all(asked)).map(({ status }) => status), (await ask('GET', JOHN)).status];
    }
    expect([...new Set(statuses)]).toEqual([201, 200]);
  });

  it('is the same for the same seed', async () => {
    const list = async () => JSON.stringify((await ask('GET', LEADS)).body.data).replaceAll(/ws_\w+/g, 'ws');
    const first = await list();
    await mock.reset();
    expect(await list()).toBe(first);
  });
});

describe('faults', () => {
  it('an error strikes as often as it is said, and does nothing', async () => {
    mock.fault({ operation: 'leads.delete', error: 'SERVICE_UNAVAILABLE', times: 2 });
    const answers = [await ask('DELETE', JOHN), await ask('GET', JOHN), await ask('DELETE', JOHN), await ask('DELETE', JOHN)];
    expect(answers.map(({ status }) => status)).toEqual([503, 200, 503, 200]);
    expect(answers[0]!.headers.get('retry-after')).not.toBeNull();
    expect(errorSchema('SERVICE_UNAVAILABLE').safeParse(answers[0]!.body).error).toBeUndefined();
  });

  it('strikes only operations that have the code', async () => {
    mock.fault({ error: 'LEAD_NOT_FOUND' });
    expect((await ask('GET', LEADS)).status).toBe(200);
    expect((await ask('GET', JOHN)).status).toBe(404);
  });

  it('a rate strikes the same requests in every run', async () => {
    const run = async () => {
      await mock.reset();
      mock.fault({ error: 'INTERNAL_ERROR', rate: 0.5 });
      const statuses: number[] = [];
      for (let i = 0; i < 20; i++) statuses.push((await ask('GET', JOHN)).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  it.each(['drop', 'cut'] as const)('%s: the caller sees a broken connection, and nothing is done', async (connection) => {
    mock.fault({ connection, times: 1 });
    await expect(ask('DELETE', JOHN)).rejects.toThrow();
    expect((await ask('GET', JOHN)).status).toBe(200);
  });

  it('waits are told in the log', async () => {
    mock.fault({ latencyMs: [20, 30], times: 1 });
    await ask('GET', JOHN);
    const logged = mock.requests().at(-1)!;
    expect(logged).toMatchObject({ operation: 'leads.get', status: 200, answeredBy: 'state' });
    expect(logged.milliseconds).toBeGreaterThanOrEqual(20);
    expect((await mock.state()).faults).toEqual([]);
  });

  it.each([{}, { error: 'NOPE' }, { latencyMs: -1 }, { latencyMs: 1, rate: 0 }, { error: 'INTERNAL_ERROR', connection: 'cut' }])(
    'refuses %j',
    (fault) => {
      expect(() => mock.fault(fault as never)).toThrow();
    },
  );
});

describe('snapshots, clock and scenarios', () => {
  it('a snapshot is returned to, as often as wanted', async () => {
    await ask('POST', LEADS, JANE);
    await mock.snapshot('one-more');
    for (let i = 0; i < 2; i++) {
      await ask('DELETE', JOHN);
      expect(await total()).toBe(SEED_DEFAULT_LEADS);
      await mock.restore('one-more');
      expect(await total()).toBe(SEED_DEFAULT_LEADS + 1);
    }
    await expect(mock.restore('nothing')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('a snapshot is no other, however long their names have the same beginning', async () => {
    const [one, other] = ['a', 'b'].map((end) => 'x'.repeat(60) + end) as [string, string];
    await mock.snapshot(one);
    await ask('DELETE', JOHN);
    await mock.snapshot(other);
    await mock.restore(one);
    expect((await ask('GET', JOHN)).status).toBe(200);
  });

  it('a job that was under way goes on where a snapshot is returned to', async () => {
    await mock.reset(2_500);
    const filter = { createdBefore: '2030-01-01T00:00:00Z' };
    const plan = await ask('POST', `${LEADS}/bulk-archive`, { filter, dryRun: true });
    const { planToken } = plan.body.data as unknown as { planToken: string };
    const { id } = (await ask('POST', `${LEADS}/bulk-archive`, { filter, planToken })).body.data!;
    await mock.snapshot('under-way');
    const end = async () => {
      let job: { finishedAt: string | null; done: number };
      do job = (await ask('GET', `/api/v1/jobs/${id}`)).body.data as never;
      while (job.finishedAt === null);
      return job.done;
    };
    expect(await end()).toBe(2_500);
    await mock.restore('under-way');
    expect(await end()).toBe(2_500);
  });

  it('the clock decides the time of what is done', async () => {
    mock.setClock(new Date('2030-01-01T00:00:00Z'));
    expect(((await ask('POST', LEADS, JANE)).body.data as unknown as { createdAt: string }).createdAt).toMatch(/^2030-01-01T00:00/);
  });

  it('a confirmation token expires when the clock says so', async () => {
    const preview = (await ask('GET', `${JOHN}/deletion-preview`)).body.data as unknown as { confirmationToken: string };
    mock.setClock(new Date(Date.now() + 11 * 60_000));
    expect((await ask('DELETE', JOHN, undefined, { 'x-confirmation-token': preview.confirmationToken })).body.code).toBe(
      'CONFIRMATION_TOKEN_INVALID',
    );
  });

  it.each(Object.keys(SCENARIOS) as ScenarioName[])('the scenario %s can be set up and left', async (name) => {
    await mock.scenario(name);
    expect((await mock.state()).faults).toHaveLength(SCENARIOS[name].faults.length);
    await mock.scenario('default');
    expect(await total()).toBe(SEED_DEFAULT_LEADS);
  });

  it('in rate-limited the limit is used up, and ends when Retry-After says so', async () => {
    await mock.scenario('rate-limited');
    mock.setClock(new Date('2030-01-01T00:00:00Z'));
    const { status, headers, body } = await ask('GET', LEADS);
    const reset = Date.parse('2030-01-01T00:00:00Z') / 1000 + Number(headers.get('retry-after'));
    const told = (body as { details?: { resetTime: number } }).details!.resetTime;
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([429, '0']);
    expect(Number(headers.get('x-ratelimit-reset'))).toBe(told);
    // The time goes on while the answer is made.
    expect(told - reset).toBeLessThanOrEqual(1);
    expect(told - reset).toBeGreaterThanOrEqual(0);
  });

  it('in leads-in-active-campaign no lead can be deleted without force', async () => {
    await mock.scenario('leads-in-active-campaign');
    expect((await ask('DELETE', JOHN)).body.code).toBe('LEAD_IN_USE');
  });
});

describe('control over HTTP', () => {
  it('does what the methods do', async () => {
    await ask('DELETE', JOHN);
    expect((await ask('POST', '/__mock/snapshots/a')).status).toBe(200);
    expect((await ask('POST', '/__mock/reset', { leads: 2 })).status).toBe(200);
    expect(await total()).toBe(2);
    expect((await ask('POST', '/__mock/faults', { operation: 'leads.get', error: 'INTERNAL_ERROR' })).status).toBe(200);
    expect((await ask('GET', JOHN)).status).toBe(500);
    expect((await ask('DELETE', '/__mock/faults')).status).toBe(200);
    expect((await ask('POST', '/__mock/snapshots/a/restore')).status).toBe(200);
    expect((await ask('GET', JOHN)).status).toBe(404);
    expect((await ask('PUT', '/__mock/clock', { now: '2031-05-05T00:00:00Z' })).status).toBe(200);
    expect(((await ask('GET', '/__mock/state')).body.data as unknown as { now: string }).now).toMatch(/^2031-05-05/);
    expect((await ask('POST', '/__mock/scenarios/empty-workspace')).status).toBe(200);
    expect(await total()).toBe(0);
    const { routes, scenarios } = (await ask('GET', '/__mock')).body.data as unknown as { routes: object[]; scenarios: string[] };
    expect(scenarios).toEqual(Object.keys(SCENARIOS));
    expect(routes).toContainEqual(
      expect.objectContaining({ path: '/__mock/faults', body: expect.objectContaining({ properties: expect.anything() }) }),
    );
  });

  it('takes leads as NDJSON', async () => {
    const authorization = 'Bearer sk-workspace_mock';
    const body = await (await fetch(`${mock.url}${LEADS}/export`, { headers: { authorization } })).text();
    await mock.reset(0);
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await fetch(`${mock.url}/__mock/reset`, { method: 'POST', headers, body })).status).toBe(200);
    expect(await total()).toBe(SEED_DEFAULT_LEADS);
  });

  it.each([
    ['GET', '/__mock/nope', undefined, 'ROUTE_NOT_FOUND'],
    ['GET', '/__mock/reset', undefined, 'METHOD_NOT_ALLOWED'],
    ['POST', '/__mock/reset', '{bad', 'INVALID_JSON'],
    ['POST', '/__mock/reset', { lead: 1 }, 'VALIDATION_ERROR'],
    ['POST', '/__mock/reset', { leads: -1 }, 'VALIDATION_ERROR'],
    ['POST', '/__mock/faults', { error: 'NOPE' }, 'VALIDATION_ERROR'],
    ['POST', '/__mock/faults', { operation: 'leads.nope', error: 'INTERNAL_ERROR' }, 'VALIDATION_ERROR'],
    ['PUT', '/__mock/clock', { now: 'noon' }, 'VALIDATION_ERROR'],
    ['POST', '/__mock/scenarios/nope', undefined, 'VALIDATION_ERROR'],
    ['POST', '/__mock/snapshots/unknown/restore', undefined, 'VALIDATION_ERROR'],
  ] as const)('%s %s with %j: %4$s', async (method, path, body, code) => {
    const answer = await ask(method, path, body);
    expect([answer.body.code, answer.status]).toEqual([code, ERRORS[code].status]);
    expect(errorSchema(code).safeParse(answer.body).error).toBeUndefined();
  });

  it('logs requests without keys, queries and bodies', async () => {
    await ask('POST', `${LEADS}?x=secret`, { ...JANE, name: 'Somebody' });
    const log = JSON.stringify(mock.requests());
    expect(log).toContain('leads.create');
    expect(log).not.toMatch(/secret|Somebody|sk-workspace_/);
  });
});

describe('startMock', () => {
  it('runs several with states of their own, and close can be called twice', async () => {
    const other = await startMock({ seed: 2, faults: [{ operation: 'leads.get', error: 'INTERNAL_ERROR' }] });
    expect([await total({}, other), await total()]).toEqual([2, SEED_DEFAULT_LEADS]);
    expect((await ask('GET', JOHN, undefined, {}, other)).status).toBe(500);
    const { port, hostname } = new URL(other.url);
    const idle = connect(Number(port), hostname);
    await Promise.all([other.close(), text(idle).catch(() => {})]);
    await other.close();
    expect((await ask('GET', JOHN)).status).toBe(200);
  });

  it('rejects a seed that is none, and frees the port', async () => {
    await expect(startMock({ seed: -1 })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('in the mode generated, generates where nothing is asked for', async () => {
    const [generated, other] = await Promise.all([startMock({ mode: 'generated' }), startMock({ mode: 'generated', seed: 2 })]);
    const [first, second] = [await ask('GET', JOHN, undefined, {}, generated), await ask('GET', JOHN, undefined, {}, other)];
    expect(contract.leads.get.responses[200].safeParse(first.body).error).toBeUndefined();
    expect(first.body).not.toEqual(second.body);
    expect((await ask('GET', JOHN, undefined, { prefer: 'example=LEAD_NOT_FOUND' }, generated)).status).toBe(404);
    await generated.reset(2);
    expect((await ask('GET', JOHN, undefined, {}, generated)).body).toEqual(second.body);
    await expect(generated.reset(-1)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(generated.snapshot('x')).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await Promise.all([generated.close(), other.close()]);
  });
});
