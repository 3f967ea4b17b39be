import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { newApiKey } from '../src/auth/api-key.ts';
import { readSettings } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { type RunningServer, startServer } from '../src/start-server.ts';
import { samplerOf, traceLimit } from '../src/tracing/sampler.ts';
import { statementName } from '../src/tracing/statement-name.ts';
import { until } from './crash/until.ts';
import { emptyDatabase, urlOf } from './support/databases.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const PERSON = { name: 'Zebulon Marker', email: 'zebulon.marker@example.com' };

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly status: { readonly code?: number };
}

/** A collector that takes OTLP over HTTP. */
class Collector {
  readonly spans: Span[] = [];
  readonly types = new Set<string | undefined>();
  readonly service = new Set<unknown>();
  text = '';
  readonly #server = createServer((req, res) => {
    this.types.add(req.headers['content-type']);
    if (req.url !== '/v1/traces') return void res.writeHead(404).end();
    if (req.headers['content-type'] !== 'application/json') return void req.resume().on('end', () => res.end());
    void json(req).then((body) => {
      this.#take(body);
      res.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- as OTLP has it
  #take(body: any): void {
    this.text += JSON.stringify(body);
    for (const { resource, scopeSpans } of body.resourceSpans) {
      this.service.add(attributesOf(resource.attributes)['service.name']);
      for (const { spans } of scopeSpans) for (const span of spans) this.spans.push({ ...span, attributes: attributesOf(span.attributes) });
    }
  }
}

function attributesOf(list: readonly { key: string; value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe('traces', () => {
  const collector = new Collector();
  const key = newApiKey();
  const log: Record<string, unknown>[] = [];
  let server: RunningServer;
  let drop = async () => {};
  let data: Record<string, string>;
  beforeAll(async () => {
    const database = inject('databases').at(-1)!;
    const own = database.server ? await emptyDatabase(database) : undefined;
    if (own) drop = own.drop;
    data = own ? { DATABASE_URL: urlOf(own.database) } : { LEADS_DATA_DIR: 'memory' };
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', await collector.listen());
    vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '20');
    server = await start('http/json');
  });
  afterAll(async () => {
    await server?.stop();
    vi.unstubAllEnvs();
    collector.stop();
    await drop();
  });

  const start = (protocol: string) =>
    startServer(
      readSettings({
        ...data,
        PORT: '0',
        LEADS_BOOTSTRAP_API_KEY: key,
        OTEL_EXPORTER_OTLP_ENDPOINT: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      }),
      createLogger('info', { write: (line: string) => void log.push(JSON.parse(line)) }),
    );
  const send = (method: string, path: string, traceparent?: string, body?: object) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        'X-Request-Id': '01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75',
        ...(traceparent && { traceparent }),
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  const traceOf = async (traceId: string) =>
    until('the trace has come', () => {
      const spans = collector.spans.filter((span) => span.traceId === traceId);
      return spans.some(({ kind }) => kind === 2) && spans;
    });

  it('go on with the trace of the caller: a span for the request, one for each of its statements, and the trace in answer and log', async () => {
    const response = await send('POST', '/api/v1/leads', `00-${TRACE}-${CALLER}-01`, PERSON);
    expect(response.status).toBe(201);
    const spans = await traceOf(TRACE);
    const request = spans.find(({ kind }) => kind === 2)!;
    expect(request).toMatchObject({
      parentSpanId: CALLER,
      name: 'POST /api/v1/leads',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/v1/leads',
        'http.response.status_code': 201,
        'leads.operation': 'leads.create',
        'leads.request_id': '01919d2e-4e6f-7c3a-9b1d-2f0a6c8e4b75',
      },
    });
    const statements = spans.filter(({ kind }) => kind === 3);
    expect(statements.length).toBeGreaterThan(0);
    for (const { parentSpanId, attributes, name } of statements) {
      expect(parentSpanId).toBe(request.spanId);
      expect(attributes).toEqual({ 'db.system.name': 'postgresql', 'db.query.summary': name });
      expect(name).toMatch(/^[a-z]+( [a-z_]+)?$/);
    }
    expect(response.headers.get('traceparent')).toBe(`00-${TRACE}-${request.spanId}-01`);
    expect(log.find(({ route }) => route === '/api/v1/leads')).toMatchObject({ traceId: TRACE, status: 201 });
    expect([...collector.service]).toEqual(['leads-api']);
  });

  it('name the route, never the path or a value, and the code of an error', async () => {
    const response = await send('GET', `/api/v1/leads/${PERSON.email}`);
    expect(response.status).toBe(404);
    const [, traceId] = /^00-(\w{32})-/.exec(response.headers.get('traceparent')!)!;
    expect((await traceOf(traceId!)).find(({ kind }) => kind === 2)).toMatchObject({
      name: 'GET /api/v1/leads/:leadId',
      attributes: { 'http.response.status_code': 404, 'error.type': 'LEAD_NOT_FOUND' },
    });
    expect(collector.text).not.toMatch(/zebulon|example\.com|sk-workspace/i);
  });

  it('are not recorded where the caller says so, and its trace is still named', async () => {
    const unsampled = '1'.repeat(32);
    const response = await send('GET', '/api/v1/leads/stats', `00-${unsampled}-${CALLER}-00`);
    expect(response.headers.get('traceparent')).toMatch(new RegExp(`^00-${unsampled}-\\w{16}-00$`));
    const later = await send('GET', '/api/v1/leads/stats', `00-${'2'.repeat(32)}-${CALLER}-01`);
    expect(later.status).toBe(200);
    await traceOf('2'.repeat(32));
    expect(collector.spans.filter(({ traceId }) => traceId === unsampled)).toEqual([]);
  });

  it('of a caller are recorded however many there are; of requests that bring none, not all of a rush', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => (n + 1).toString(16).padStart(32, 'a'));
    for (const id of ids) expect((await send('GET', '/readyz', `00-${id}-${CALLER}-01`)).headers.get('traceparent')).toContain(id);
    vi.useFakeTimers({ toFake: ['performance'] });
    const brought = [undefined, 'nonsense', `00-${'0'.repeat(32)}-${CALLER}-01`];
    const ofRush = await Promise.all(ids.map((_, n) => send('GET', '/readyz', brought[n % 3]))).finally(() => vi.useRealTimers());
    expect(ofRush.filter((response) => response.headers.has('traceparent')).length).toBeLessThanOrEqual(50);
  });

  it('are of requests alone: work in the background has none', () => {
    expect(collector.spans.filter(({ kind, parentSpanId }) => kind === 3 && parentSpanId === undefined)).toEqual([]);
  });

  it('are written as Protobuf unless the environment says JSON', async () => {
    await server.stop();
    server = await start('http/protobuf');
    await send('GET', '/api/v1/leads/stats');
    await until('it has come', () => collector.types.has('application/x-protobuf'));
  });
});

describe('how many traces begin', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());
  const begun = (mayBegin: () => boolean, requests: number) => Array.from({ length: requests }, mayBegin).filter(Boolean).length;

  it('is one for each request while there are few, and of many 50 a second', () => {
    const mayBegin = traceLimit({});
    expect(begun(mayBegin, 1_000)).toBe(50);
    for (let second = 0; second < 3; second++) {
      vi.advanceTimersByTime(500);
      expect(begun(mayBegin, 1_000)).toBe(25);
      vi.advanceTimersByTime(500);
      expect(begun(mayBegin, 25)).toBe(25);
    }
    vi.advanceTimersByTime(3_600_000);
    expect(begun(mayBegin, 1_000)).toBe(50);
  });

  it('cannot be said by the name of something else', () => {
    expect(() => samplerOf({ OTEL_TRACES_SAMPLER: 'constructor' })).toThrow('OTEL_TRACES_SAMPLER must be one of always_on,');
  });

  it('is left to the sampler that the environment names', () => {
    expect(begun(traceLimit({ OTEL_TRACES_SAMPLER: 'always_on' }), 1_000)).toBe(1_000);
  });
});

it.each([
  ['select id from leads where id = $1', 'select leads'],
  ['/* unprepared */ \n  with page as (select * from campaigns) select 1', 'with campaigns'],
  ['select * from delete_lead_once(p_workspace => $1::text)', 'select delete_lead_once'],
  ['insert into jobs values ($1)', 'insert jobs'],
  ['begin', 'begin'],
])('the statement %j is called %j in a trace', (text, name) => {
  expect(statementName(text)).toBe(name);
});
