/** Puts the OpenAPI document into what is published of the contract. */
import { writeFileSync } from 'node:fs';
import { openApiJson } from '../src/index.ts';

writeFileSync(new URL('../dist/openapi.json', import.meta.url), openApiJson());
