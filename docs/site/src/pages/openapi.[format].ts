import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { APIRoute, GetStaticPaths } from 'astro';

export const getStaticPaths: GetStaticPaths = () => [{ params: { format: 'json' } }, { params: { format: 'yaml' } }];

/** The OpenAPI document itself, to download from the site that is built from it. */
export const GET: APIRoute = async ({ params }) => new Response(await readFile(resolve(`../openapi.${params['format']}`)));
