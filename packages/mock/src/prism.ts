import {
  createInstance,
  getHttpOperationsFromSpec,
  type IHttpOperationConfig,
  type IHttpRequest,
  type IHttpResponse,
} from '@stoplight/prism-http';

/** An operation of the document, as Prism reads it. */
export type HttpOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];

/** What Prism finds wrong with a request. */
export interface Violation {
  readonly code?: string | number;
  readonly message: string;
  /** Where it is, `['body', 'email']`; parameters are in lower case. Absent when there is no body where one is required. */
  readonly path?: readonly string[];
}

/** Prism without its HTTP server: the operations of a document and what to answer to a request for one. */
export interface Prism {
  readonly operations: readonly HttpOperation[];
  /**
   * The answer to a request, and everything that is wrong with the request: where that is not empty, the answer is only
   * Prism's guess at an error and worth nothing. Rejects when Prism can make no answer from the document.
   */
  ask(
    operation: HttpOperation,
    request: IHttpRequest,
    wish: IHttpOperationConfig,
  ): Promise<{ answer: IHttpResponse; violations: readonly Violation[] }>;
}

type Logger = Parameters<typeof createInstance>[1]['logger'];

/** Reads an OpenAPI document, which is left as it is. Rejects when it is not one. */
export async function createPrism(document: object): Promise<Prism> {
  // A clone, because Prism writes into the document what its references point to.
  const operations = await getHttpOperationsFromSpec(structuredClone(document));
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
    async ask(operation, request, wish) {
      const result = await instance.request(request, [operation], { ...config, mock: wish })();
      if (result._tag === 'Left') throw result.left;
      const { output, validations } = result.right;
      const answer = wish.dynamic ? { ...output, body: withMilliseconds(output.body) } : output;
      return { answer, violations: validations.input };
    },
  };
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
