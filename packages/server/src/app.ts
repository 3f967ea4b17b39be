import { parse } from 'node:querystring';
import { contract, PLANNED_OPERATIONS } from '@leads/contract';
import cors from 'cors';
import express, { type Express } from 'express';
import { activities } from './activities/activities.ts';
import { apiKeys } from './api-keys/api-keys.ts';
import { auditLog } from './audit/audit-log.ts';
import { authenticate, requireScope } from './auth/authenticate.ts';
import { backups } from './backups/backups.ts';
import { campaigns } from './campaigns/campaigns.ts';
import { forWorkspace } from './db/database.ts';
import type { Deps } from './deps.ts';
import { deletions } from './deletions/deletions.ts';
import { erasures } from './erasures/erasures.ts';
import { docsPage } from './docs-page/docs-page.ts';
import { announceDeprecation } from './http/deprecation.ts';
import { errorHandler } from './http/error-handler.ts';
import { EXPOSED_HEADERS } from './http/exposed-headers.ts';
import { registerFallbacks, registerMethodGuards } from './http/fallback.ts';
import { idempotency } from './http/idempotency.ts';
import { registerOperations } from './http/implement.ts';
import { measureRequests } from './http/measure-requests.ts';
import { requestBody } from './http/request-body.ts';
import { requestId } from './http/request-id.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { sendJson } from './http/send-json.ts';
import { systemRoutes } from './http/system-routes.ts';
import { jobs } from './jobs/jobs.ts';
import { leads } from './leads/leads.ts';
import { enforceRateLimit } from './rate-limit/enforce-rate-limit.ts';

/** The application: every operation of the contract, what surrounds it, and one error handler. It listens on nothing. */
export function createApp(deps: Deps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Hashing every body costs a third of the throughput.
  app.disable('etag');
  app.response.json = sendJson;
  // An empty id must not turn `leads/{id}` into the list.
  app.enable('strict routing');
  app.enable('case sensitive routing');

  // By default whatever follows a thousand separators is ignored, a filter included.
  app.set('query parser', (query: string) => parse(query, '&', '=', { maxKeys: 0 }));

  app.use(requestId(deps.newId));
  if (deps.traceRequests) app.use(deps.traceRequests);
  app.use(requestLog(deps.logger));
  if (deps.onRequestEnded) app.use(measureRequests(deps.onRequestEnded));
  app.use(securityHeaders());
  if (deps.corsOrigins.length > 0) {
    app.use(
      cors({ origin: deps.corsOrigins.includes('*') ? '*' : [...deps.corsOrigins], exposedHeaders: [...EXPOSED_HEADERS], maxAge: 600 }),
    );
  }
  registerMethodGuards(app);
  registerOperations(
    contract,
    {
      leads: leads(deps),
      activities: activities(deps),
      campaigns: campaigns(deps),
      backups: backups(deps),
      jobs: jobs(deps),
      deletions,
      erasures: erasures(deps),
      auditLog,
      apiKeys: apiKeys(deps),
    },
    app,
    [noStore, announceDeprecation, authenticate(deps.keys), enforceRateLimit(deps.limiter, deps.now), requireScope, requestBody],
    (error, _req, _res, next) => next(error),
    idempotency((workspaceId) => forWorkspace(deps.db, workspaceId), deps.now),
  );
  if (PLANNED_OPERATIONS.length > 0) deps.logger.warn({ operations: PLANNED_OPERATIONS }, 'planned operations are answered with 501');
  // After the operations, which are matched one after the other until one fits.
  app.use(systemRoutes(deps.health));
  app.use('/docs', docsPage(deps.referenceUrl));
  registerFallbacks(app);
  app.use(errorHandler(deps.logger));
  return app;
}

/** Answers hold personal data: no cache may keep them. */
const noStore: express.RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};
