import { OPERATIONS } from '@leads/contract';
import type { IRouter } from 'express';
import { ApiError } from './api-error.ts';

/**
 * Refuses the methods that a path does not have, where the path would otherwise be taken for an id in another one:
 * `PUT /leads/stats` is no update of a lead named `stats`. Ahead of the operations.
 */
export function registerMethodGuards(router: IRouter): void {
  const paths = methodsByPath();
  for (const [path, methods] of paths) {
    if ([...paths.keys()].some((other) => other !== path && patternOf(other).test(path))) refuseOtherMethods(router, path, methods);
  }
}

/** Answers what no operation answers: a known path with another method, and an unknown path. */
export function registerFallbacks(router: IRouter): void {
  for (const [path, methods] of methodsByPath()) refuseOtherMethods(router, path, methods);
  router.use((req) => {
    throw new ApiError('ROUTE_NOT_FOUND', { method: req.method, path: req.path });
  });
}

function refuseOtherMethods(router: IRouter, path: string, methods: readonly string[]): void {
  router.all(path, (req, res, next) => {
    if (methods.includes(req.method)) return next();
    if (req.method !== 'OPTIONS') throw new ApiError('METHOD_NOT_ALLOWED', { method: req.method, allowed: [...methods] });
    res.setHeader('Allow', methods.join(', ')).status(204).end();
  });
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { route } of OPERATIONS) {
    const known = methods.get(route.path) ?? [];
    methods.set(route.path, route.method === 'GET' ? [...known, 'GET', 'HEAD'] : [...known, route.method]);
  }
  return methods;
}
