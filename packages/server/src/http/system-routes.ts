import { openApiJson, openApiYaml } from '@leads/contract';
import { type IRouter, Router } from 'express';
import { ApiError } from './api-error.ts';
import { UNAVAILABLE_RETRY_AFTER_SECONDS } from './error-handler.ts';

/** Whether the server can serve. */
export interface Health {
  /** Asks the database; false while it is away, and while the server stops. */
  isReady(): Promise<boolean>;
}

/**
 * What runs beside the API and needs no key: `/healthz` (the process lives), `/readyz` (it can serve; else 503) and the
 * contract as `/openapi.json` and `/openapi.yaml`.
 */
export function systemRoutes(health: Health): IRouter {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ success: true, data: { status: 'ok' } });
  });
  router.get('/readyz', async (req, res) => {
    if (!(await health.isReady())) {
      throw new ApiError('SERVICE_UNAVAILABLE', { requestId: req.requestId, retryAfter: UNAVAILABLE_RETRY_AFTER_SECONDS });
    }
    res.json({ success: true, data: { status: 'ready' } });
  });
  // Bytes, which all answers share; of a text each would make its own.
  let json: Buffer | undefined;
  router.get('/openapi.json', (_req, res) => {
    json ??= Buffer.from(openApiJson());
    res.type('json').send(json);
  });
  let yaml: Buffer | undefined;
  router.get('/openapi.yaml', (_req, res) => {
    yaml ??= Buffer.from(openApiYaml());
    res.type('application/yaml; charset=utf-8').send(yaml);
  });
  return router;
}
