import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import * as schemas from '../../../packages/contract/src/leads/schemas.ts';
import * as shared from './shared.ts';

interface Env {
  readonly Variables: { readonly requestId: string; caller: shared.Caller };
}

const app = new OpenAPIHono<Env>({
  defaultHook: (result) => {
    if (!result.success) throw new shared.Refusal('VALIDATION_ERROR', { issues: result.error.issues });
  },
});
app.onError((error, c) => {
  const { status, body } = shared.refusalOf(error);
  return c.json(body, status);
});
app.use(requestId({ generator: shared.newRequestId }));
app.use(async (c, next) => {
  const start = performance.now();
  await next();
  shared.logRequest(c.get('requestId'), c.req.method, routePath(c, -1), c.res.status, start, c.get('caller'));
});
app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
app.use(cors({ origin: '*', exposeHeaders: shared.EXPOSED_HEADERS, maxAge: shared.CORS_MAX_AGE }));
app.use(bodyLimit({ maxSize: shared.BODY_MAX_BYTES }));
app.use(async (c, next) => {
  c.header('Cache-Control', 'no-store');
  const found = shared.callerOf(c.req.header('Authorization'));
  const caller = found instanceof Promise ? await found : found;
  c.set('caller', caller);
  for (const [name, value] of shared.countRequest(caller)) c.header(name, value);
  await next();
});

const responses = { default: { description: 'The envelope.' } };
const body = <Schema>(schema: Schema) => ({ content: { 'application/json': { schema } }, required: true });

app.openapi(
  createRoute({ method: 'get', path: '/api/v1/leads/{leadId}', request: { params: schemas.LeadPathSchema }, responses }),
  async (c) => send(c, await shared.getLead(c.get('caller'), c.req.valid('param').leadId)),
);
app.openapi(createRoute({ method: 'get', path: '/api/v1/leads', request: { query: schemas.ListLeadsQuerySchema }, responses }), async (c) =>
  send(c, await shared.listLeads(c.get('caller'), c.req.valid('query'))),
);
app.openapi(
  createRoute({ method: 'post', path: '/api/v1/leads', request: { body: body(schemas.CreateLeadSchema) }, responses }),
  async (c) => send(c, await shared.createLead(c.get('caller'), c.req.valid('json'))),
);
app.openapi(
  createRoute({
    method: 'put',
    path: '/api/v1/leads/{leadId}',
    request: { params: schemas.LeadPathSchema, body: body(schemas.UpdateLeadSchema) },
    responses,
  }),
  async (c) => send(c, await shared.updateLead(c.get('caller'), c.req.valid('param').leadId, c.req.valid('json'))),
);
app.openapi(
  createRoute({
    method: 'delete',
    path: '/api/v1/leads/{leadId}',
    request: { params: schemas.LeadPathSchema, query: schemas.DeleteLeadQuerySchema },
    responses,
  }),
  async (c) => send(c, await shared.deleteLead(c.get('caller'), c.req.valid('param').leadId, c.get('requestId'))),
);

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) => {
  process.stderr.write(`http://127.0.0.1:${port}\n`);
});

function send(c: Context, { status, headers, body }: shared.Answer) {
  return c.json(body, status, headers);
}
