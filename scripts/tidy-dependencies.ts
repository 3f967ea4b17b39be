/**
 * After `npm ci`: takes away what dependencies bring and nothing here reads (`docs/decisions/0037-quick-start-small-installation.md`):
 * the C++ headers that `node` leaves behind once it has linked its program; `sharp`, with which Astro would work on pictures, and which it
 * does without; of Swagger UI the source maps and what is for bundlers; of Playwright the pages in which
 * one looks at traces; of the old Faker within Prism the languages that nobody asks for.
 */
import { globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UNREAD = [
  'node/node_modules',
  'sharp',
  '@img/sharp-*',
  'swagger-ui-dist/*.map',
  'swagger-ui-dist/swagger-ui-es-bundle*',
  'playwright-core/lib/vite',
  'postman-collection/node_modules/@faker-js/faker/{dist,lib/locales/[a-df-z]*}',
];

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
for (const path of globSync(UNREAD, { cwd: modules })) rmSync(modules + path, { recursive: true });
