import { parse } from 'node:querystring';
import { contract } from '@leads/contract';
import cors from 'cors';
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { activities } from './activities/activities.ts';
import { apiKeys } from './api-keys/api-keys.ts';
import { auditLog } from './audit/audit-log.ts';
import { authenticate, requireScope } from './auth/authenticate.ts';
import type { KeyCache } from './auth/key-cache.ts';
import { backups } from './backups/backups.ts';
import { campaigns } from './campaigns/campaigns.ts';
import type { Database } from './db/database.ts';
import { deletions } from './deletions/deletions.ts';
import { docsPage } from './docs-page/docs-page.ts';
import { errorHandler } from './http/error-handler.ts';
import { EXPOSED_HEADERS } from './http/exposed-headers.ts';
import { registerFallbacks, registerMethodGuards } from './http/fallback.ts';
import { idempotency } from './http/idempotency.ts';
import { registerOperations } from './http/implement.ts';
import { requestBody } from './http/request-body.ts';
import { requestId } from './http/request-id.ts';
import { requestLog } from './http/request-log.ts';
import { securityHeaders } from './http/security-headers.ts';
import { sendJson } from './http/send-json.ts';
import { type Health, systemRoutes } from './http/system-routes.ts';
import type { NewId } from './ids.ts';
import { jobs } from './jobs/jobs.ts';
import { leads } from './leads/leads.ts';
import { enforceRateLimit } from './rate-limit/enforce-rate-limit.ts';
import type { RateLimiter } from './rate-limit/rate-limiter.ts';
import type { TokenSigner } from './tokens.ts';

/** What the application is given: time, ids and state come from outside, so that tests decide them. */
export interface Deps {
  readonly db: Database;
  readonly now: () => Date;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly keys: KeyCache;
  readonly limiter: RateLimiter;
  readonly tokens: TokenSigner;
  /** Until when a backup is kept that is made at a moment. */
  readonly backupLifetime: (from: Date) => Date;
  /** Called when there is a new job to run. */
  readonly onJob: () => void;
  /** The origins that browsers may call from; `*` for any. */
  readonly corsOrigins: readonly string[];
  readonly health: Health;
}

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
  app.use(requestLog(deps.logger));
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
      auditLog,
      apiKeys: apiKeys(deps),
    },
    app,
    [noStore, authenticate(deps.keys), enforceRateLimit(deps.limiter, deps.now), requireScope, requestBody],
    (error, _req, _res, next) => next(error),
    idempotency(deps.db, deps.now),
  );
  // After the operations, which are matched one after the other until one fits.
  app.use(systemRoutes(deps.health));
  app.use('/docs', docsPage());
  registerFallbacks(app);
  app.use(errorHandler(deps.logger));
  return app;
}

/** Answers hold personal data: no cache may keep them. */
const noStore: express.RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};
