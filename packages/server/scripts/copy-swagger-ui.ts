/**
 * Puts what the page `/docs` loads of Swagger UI into what is published of the server: two files with their licence, instead of a
 * dependency of 12 MB that reports each installation to a third party.
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SWAGGER_UI_FILES } from '../src/docs-page/docs-page.ts';

const from = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
const to = fileURLToPath(new URL('../dist/docs-page/swagger-ui/', import.meta.url));
mkdirSync(to);
for (const file of [...SWAGGER_UI_FILES, 'LICENSE', 'NOTICE']) copyFileSync(join(from, file), join(to, file));
