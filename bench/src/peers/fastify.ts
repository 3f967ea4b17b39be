import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import * as schemas from '../../../packages/contract/src/leads/schemas.ts';
import * as shared from './shared.ts';

declare module 'fastify' {
  interface FastifyRequest {
    start: number;
    caller: shared.Caller;
  }
}

const app = fastify({ bodyLimit: shared.BODY_MAX_BYTES, genReqId: shared.newRequestId }).withTypeProvider<ZodTypeProvider>();
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
  shared.logRequest(id, method, routeOptions.url, reply.statusCode, start, caller);
  done();
});
await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: shared.CSP } });
await app.register(cors, { origin: '*', exposedHeaders: shared.EXPOSED_HEADERS, maxAge: shared.CORS_MAX_AGE });
app.addHook('onRequest', async (request, reply) => {
  const found = shared.callerOf(request.headers.authorization);
  request.caller = found instanceof Promise ? await found : found;
  for (const [name, value] of shared.countRequest(request.caller)) reply.header(name, value);
});
app.setErrorHandler((error, _request, reply) => {
  const { status, body } = hasZodFastifySchemaValidationErrors(error)
    ? new shared.Refusal('VALIDATION_ERROR', { issues: error.validation })
    : shared.refusalOf(error);
  reply.code(status).send(body);
});

app.get('/api/v1/leads/:leadId', { schema: { params: schemas.LeadPathSchema } }, async ({ caller, params }, reply) =>
  send(reply, await shared.getLead(caller, params.leadId)),
);
app.get('/api/v1/leads', { schema: { querystring: schemas.ListLeadsQuerySchema } }, async ({ caller, query }, reply) =>
  send(reply, await shared.listLeads(caller, query)),
);
app.post('/api/v1/leads', { schema: { body: schemas.CreateLeadSchema } }, async ({ caller, body }, reply) =>
  send(reply, await shared.createLead(caller, body)),
);
app.put(
  '/api/v1/leads/:leadId',
  { schema: { params: schemas.LeadPathSchema, body: schemas.UpdateLeadSchema } },
  async ({ caller, params, body }, reply) => send(reply, await shared.updateLead(caller, params.leadId, body)),
);
app.delete(
  '/api/v1/leads/:leadId',
  { schema: { params: schemas.LeadPathSchema, querystring: schemas.DeleteLeadQuerySchema } },
  async ({ caller, params, id }, reply) => send(reply, await shared.deleteLead(caller, params.leadId, id)),
);

process.stderr.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);

function send(reply: FastifyReply, { status, headers, body }: shared.Answer): object {
  reply.code(status).headers(headers);
  return body;
}
