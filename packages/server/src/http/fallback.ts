import { OPERATIONS } from '@leads/contract';
import type { IRouter } from 'express';
import { ApiError } from './api-error.ts';

/** Answers what no operation answers: a known path with another method, and an unknown path. */
export function registerFallbacks(router: IRouter): void {
  for (const [path, methods] of methodsByPath()) {
    router.options(path, (_req, res) => {
      res.setHeader('Allow', methods.join(', ')).status(204).end();
    });
    router.all(path, (req) => {
      throw new ApiError('METHOD_NOT_ALLOWED', { method: req.method, allowed: methods });
    });
  }
  router.use((req) => {
    throw new ApiError('ROUTE_NOT_FOUND', { method: req.method, path: req.path });
  });
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { route } of OPERATIONS) {
    const known = methods.get(route.path) ?? [];
    methods.set(route.path, route.method === 'GET' ? [...known, 'GET', 'HEAD'] : [...known, route.method]);
  }
  return methods;
}
