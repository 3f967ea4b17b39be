import { createRequire } from 'node:module';
import type * as PrismHttp from '@stoplight/prism-http';
import type { IHttpRequest } from '@stoplight/prism-http';
import type { ReadRequest, Source } from './answer-request.ts';
import { issueOf, overlookedIssues } from './issues.ts';

/** An operation of the document, as Prism reads it. */
export type HttpOperation = Awaited<ReturnType<typeof PrismHttp.getHttpOperationsFromSpec>>[number];

/** Prism without its HTTP server: it judges requests, and has examples and generated data. */
export type Prism = Source<HttpOperation>;

type Logger = Parameters<typeof PrismHttp.createInstance>[1]['logger'];

/** Reads an OpenAPI document, which is left as it is. The same `seed()` generates the same data. Rejects when it is not one. */
export async function createPrism(document: object, seed: () => string): Promise<Prism> {
  const { createInstance, getHttpOperationsFromSpec } = loadPrism();
  const operations = await getHttpOperationsFromSpec(exactly(document));
  const config = {
    isProxy: false,
    checkSecurity: false,
    validateRequest: true,
    validateResponse: false,
    errors: false,
    upstreamProxy: undefined,
    mock: { dynamic: false },
  } as const;
  const instance = createInstance(config, { logger: SILENT });

  return {
    operations,
    async ask(operation, request, wish, mediaType) {
      const { path, query, headers, body } = request;
      const input = { method: operation.method, url: { path, query }, headers: headersForPrism(headers, mediaType), body } as IHttpRequest;
      const result = await instance.request(input, [operation], { ...config, mock: { seed: seed(), ...wish } })();
      if (result._tag === 'Left') throw result.left;
      const { output, validations } = result.right;
      return {
        answer: {
          status: output.statusCode,
          headers: output.headers ?? {},
          body: wish.dynamic ? withMilliseconds(output.body) : output.body,
        },
        issues: [...overlookedIssues(operation, request), ...validations.input.map((violation) => issueOf(operation, violation))],
      };
    },
  };
}

/**
 * A copy, because Prism writes into it what its references point to. The document leaves room for more fields and for other
 * texts; data that is made up has none of the former, and the texts of the examples.
 */
function exactly(document: object): object {
  return JSON.parse(JSON.stringify(document), (_, node) => {
    // Prism's generator follows no pattern where there is a format, and knows no character by its number.
    if (node?.format === 'idn-email') return { ...node, format: undefined, pattern: withCharacters(node.pattern) };
    if (node?.['x-for-people']) return { ...node, const: node.examples[0] };
    return node?.type === 'object' && node.properties ? { additionalProperties: false, ...node } : node;
  }) as object;
}

function withCharacters(pattern: string): string {
  return pattern.replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

const PRISM = /[\\/]@stoplight[\\/]prism-(http|core)[\\/]dist[\\/]/;

/** A copy of Prism for one document: its validators keep every schema that they have compiled, as long as they live. */
function loadPrism(): typeof PrismHttp {
  // A `require` of its own, because the module that it stands for would keep what it loaded.
  const require = createRequire(import.meta.url);
  for (const path of Object.keys(require.cache)) if (PRISM.test(path)) delete require.cache[path];
  return require('@stoplight/prism-http') as typeof PrismHttp;
}

/** Prism would refuse an `Accept` of what it does not have, and a `Content-Length` where no body is expected; the server minds neither. */
function headersForPrism(sent: ReadRequest['headers'], mediaType: string | undefined): ReadRequest['headers'] {
  const { accept: _accept, 'content-length': _contentLength, ...headers } = sent;
  return { ...headers, ...(mediaType !== undefined && { accept: mediaType }) };
}

/** Prism's generator cuts the zeros at the end of a timestamp's milliseconds, whatever the schema says. The API writes three digits. */
function withMilliseconds(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (_, value) =>
    typeof value === 'string' && TIMESTAMP.test(value) ? new Date(value).toISOString() : value,
  );
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,3}Z$/;

function nothing(): void {}

// Prism writes a dozen lines per request, which halves its speed. It asks for the whole of pino, and uses this much.
const SILENT = {
  info: nothing,
  success: nothing,
  debug: nothing,
  warn: nothing,
  error: nothing,
  child: () => SILENT,
} as unknown as Logger;
