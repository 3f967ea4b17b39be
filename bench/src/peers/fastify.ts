import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import {
  CreateLeadSchema,
  DeleteLeadQuerySchema,
  LeadPathSchema,
  ListLeadsQuerySchema,
  UpdateLeadSchema,
} from '../../../packages/contract/src/leads/schemas.ts';
import {
  type Answer,
  BODY_MAX_BYTES,
  type Caller,
  callerOf,
  CORS_MAX_AGE,
  countRequest,
  createLead,
  CSP,
  deleteLead,
  EXPOSED_HEADERS,
  getLead,
  listLeads,
  logRequest,
  newRequestId,
  Refusal,
  refusalOf,
  updateLead,
} from './shared.ts';

declare module 'fastify' {
  interface FastifyRequest {
    start: number;
    caller: Caller;
  }
}

const app = fastify({ bodyLimit: BODY_MAX_BYTES, genReqId: newRequestId }).withTypeProvider<ZodTypeProvider>();
app.setValidatorCompiler(validatorCompiler);
app.decorateRequest('start', 0);
app.decorateRequest('caller');
app.addHook('onRequest', (request, reply, done) => {
  request.start = performance.now();
  reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
  done();
});
app.addHook('onResponse', (request, reply, done) => {
  const { id, method, routeOptions, start, caller } = request;
  logRequest(id, method, routeOptions.url, reply.statusCode, start, caller);
  done();
});
await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: CSP } });
await app.register(cors, { origin: '*', exposedHeaders: EXPOSED_HEADERS, maxAge: CORS_MAX_AGE });
app.addHook('onRequest', async (request, reply) => {
  const found = callerOf(request.headers.authorization);
  request.caller = found instanceof Promise ? await found : found;
  for (const [name, value] of countRequest(request.caller)) reply.header(name, value);
});
app.setErrorHandler((error, _request, reply) => {
  const { status, body } = hasZodFastifySchemaValidationErrors(error)
    ? new Refusal('VALIDATION_ERROR', { issues: error.validation })
    : refusalOf(error);
  reply.code(status).send(body);
});

app.get('/api/v1/leads/:leadId', { schema: { params: LeadPathSchema } }, async ({ caller, params }, reply) =>
  send(reply, await getLead(caller, params.leadId)),
);
app.get('/api/v1/leads', { schema: { querystring: ListLeadsQuerySchema } }, async ({ caller, query }, reply) =>
  send(reply, await listLeads(caller, query)),
);
app.post('/api/v1/leads', { schema: { body: CreateLeadSchema } }, async ({ caller, body }, reply) =>
  send(reply, await createLead(caller, body)),
);
app.put('/api/v1/leads/:leadId', { schema: { params: LeadPathSchema, body: UpdateLeadSchema } }, async ({ caller, params, body }, reply) =>
  send(reply, await updateLead(caller, params.leadId, body)),
);
app.delete(
  '/api/v1/leads/:leadId',
  { schema: { params: LeadPathSchema, querystring: DeleteLeadQuerySchema } },
  async ({ caller, params, id }, reply) => send(reply, await deleteLead(caller, params.leadId, id)),
);

process.stderr.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);

function send(reply: FastifyReply, { status, headers, body }: Answer): object {
  reply.code(status).headers(headers);
  return body;
}
