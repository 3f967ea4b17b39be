import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type IRouter, type RequestHandler, Router } from 'express';

const STATIC_DIRECTORY = fileURLToPath(new URL('static/', import.meta.url));
/** Of Swagger UI only what the page loads: its own index.html would run under no policy of ours. */
export const SWAGGER_UI_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** Beside this file where it was built, else in its package. */
function swaggerUiDirectory(): string {
  const built = fileURLToPath(new URL('swagger-ui/', import.meta.url));
  return existsSync(built) ? built : dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
}

/** What the page may load: its own files, pictures inside them, and the API of the same origin. Nothing inline, no outside host. */
const DOCS_PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The page to try the operations on, to be mounted at `/docs`. It reads `/openapi.json` of the same origin. With the address of the
 * published reference it links each operation to its page there.
 */
export function docsPage(referenceUrl?: string): IRouter {
  const router = Router();
  router.use(policy);
  // A file of its own: the policy forbids what would be inline.
  router.get('/settings.json', (_req, res) => void res.json({ referenceUrl: referenceUrl?.replace(/\/$/, '') ?? null }));
  router.use(express.static(STATIC_DIRECTORY, { cacheControl: false, setHeaders: (res) => res.setHeader('Cache-Control', 'no-cache') }));
  const swaggerUi = swaggerUiDirectory();
  for (const file of SWAGGER_UI_FILES) {
    router.use(`/assets/${file}`, express.static(join(swaggerUi, file), { maxAge: '1d' }));
  }
  return router;
}

const policy: RequestHandler = (_req, res, next) => {
  res.setHeader('Content-Security-Policy', DOCS_PAGE_POLICY);
  next();
};
