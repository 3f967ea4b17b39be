import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { FaultSchema } from './faults.ts';
import type { Mock } from './mock.ts';
import { Refusal } from './refusal.ts';
import { SCENARIOS, type ScenarioName } from './scenarios.ts';

/** The path under which the mock is controlled. */
export const CONTROL_PATH = '/__mock';
const BODY_MAX_BYTES = 10 * 1024 * 1024;
const NDJSON = 'application/x-ndjson';

const Nothing = z.undefined();
const ResetSchema = z
  .strictObject({ leads: z.int().optional().meta({ description: 'With how many leads each workspace begins.' }) })
  .optional();
const DocumentSchema = z.looseObject({
  openapi: z.string().meta({ description: 'The version of OpenAPI.' }),
  paths: z.looseObject({}).meta({ description: 'The operations.' }),
});
const ClockSchema = z.strictObject({
  now: z.iso.datetime().nullable().meta({ description: 'The time from which it goes on.' }),
});

interface ControlRoute<Body extends z.ZodType = z.ZodType> {
  readonly method: string;
  /** Under `CONTROL_PATH`; `*` stands for a name. */
  readonly path: string;
  readonly summary: string;
  readonly body: Body;
  readonly run: (mock: Mock, body: z.output<Body>, name: string) => unknown;
}

function route<Body extends z.ZodType>(method: string, path: string, summary: string, body: Body, run: ControlRoute<Body>['run']) {
  return { method, path, summary, body, run: run as ControlRoute['run'] } satisfies ControlRoute;
}

const ROUTES: readonly ControlRoute[] = [
  route('GET', '/', 'What can be done here', Nothing, () => describeControl()),
  route('GET', '/state', 'How many rows each table has, the faults that are set, and the time', Nothing, (mock) => mock.state()),
  route('GET', '/requests', 'The last 1,000 requests, oldest first', Nothing, (mock) => ({ requests: mock.requests() })),
  route('POST', '/reset', 'Everything as at the start; with `leads`, or with NDJSON as body, filled from that', ResetSchema, (mock, body) =>
    mock.reset(body?.leads),
  ),
  route('POST', '/faults', 'Sets one more fault', FaultSchema, (mock, fault) => mock.fault(fault)),
  route('DELETE', '/faults', 'Takes every fault away', Nothing, (mock) => mock.clearFaults()),
  route('POST', '/snapshots/*', 'Keeps every workspace as it is now, under a name', Nothing, (mock, _, name) => mock.snapshot(name)),
  route('POST', '/snapshots/*/restore', 'Puts every workspace back as it was', Nothing, (mock, _, name) => mock.restore(name)),
  route(
    'PUT',
    '/document',
    'Answers by the OpenAPI document in the body from now on; state and faults stay',
    DocumentSchema,
    (mock, document) => reload(mock, document),
  ),
  route('PUT', '/clock', 'Sets the time, which then goes on; null for the real one', ClockSchema, (mock, { now }) =>
    mock.setClock(now === null ? null : new Date(now)),
  ),
  route('POST', '/scenarios/*', 'Resets, and sets up a situation by its name', Nothing, (mock, _, name) => {
    if (!Object.hasOwn(SCENARIOS, name)) {
      throw refused('path', `There is no scenario ${JSON.stringify(name)}. There are: ${Object.keys(SCENARIOS).join(', ')}`);
    }
    return mock.scenario(name as ScenarioName);
  }),
];

/** What can be done under `CONTROL_PATH`: the routes with the JSON Schemas of their bodies, and the names of the scenarios. */
export function describeControl() {
  return {
    routes: ROUTES.map(({ method, path, summary, body }) => ({
      method,
      path: CONTROL_PATH + path.replace(/^\/$/, ''),
      summary,
      ...(body !== Nothing && { body: z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) }),
    })),
    scenarios: Object.keys(SCENARIOS) as ScenarioName[],
  };
}

/** Does what a request under `CONTROL_PATH` asks for; what it answers is the `data` of the envelope. Throws `Refusal`. */
export async function control(mock: Mock, request: IncomingMessage, path: string): Promise<unknown> {
  const asked = path.slice(CONTROL_PATH.length) || '/';
  const matching = ROUTES.filter((candidate) => patternOf(candidate.path).test(asked));
  if (matching.length === 0) throw new Refusal('ROUTE_NOT_FOUND', { method: request.method!, path });
  const found = matching.find(({ method }) => method === request.method);
  if (!found) throw new Refusal('METHOD_NOT_ALLOWED', { method: request.method!, allowed: matching.map(({ method }) => method) });
  const [, name = ''] = patternOf(found.path).exec(asked)!;
  const text = await textOf(request);
  if (found.path === '/reset' && request.headers['content-type']?.startsWith(NDJSON)) return (await mock.reset(text)) ?? null;
  const { data, error } = found.body.safeParse(parsed(text));
  if (error) {
    throw new Refusal('VALIDATION_ERROR', {
      issues: error.issues.map(({ path: at, message, code }) => ({ location: ['body', ...at].join('.'), message, code })),
    });
  }
  return (await found.run(mock, data, name)) ?? null;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace('*', '([A-Za-z0-9_-]{1,64})')}$`);
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('INVALID_JSON');
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= BODY_MAX_BYTES) chunks.push(chunk);
  }
  if (size > BODY_MAX_BYTES) throw new Refusal('PAYLOAD_TOO_LARGE', { maxBytes: BODY_MAX_BYTES });
  return Buffer.concat(chunks).toString('utf8');
}

async function reload(mock: Mock, document: object): Promise<void> {
  try {
    await mock.reload(document);
  } catch (error) {
    throw refused('body', `The document cannot be read: ${(error as Error).message}`);
  }
}

function refused(location: string, message: string): Refusal {
  return new Refusal('VALIDATION_ERROR', { issues: [{ location, message, code: 'invalid_value' }] });
}
