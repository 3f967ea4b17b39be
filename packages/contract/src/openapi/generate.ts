import type * as z from 'zod';
import { codesOf } from '../errors/envelope.ts';
import { RATE_LIMIT_HEADERS, type ResponseHeaderName } from '../http/headers.ts';
import { bodyOf, type Deprecation, type Example, type OperationMetadata } from '../http/operation.ts';
import { OPERATIONS, type Operation } from '../operations.ts';
import { checkOperation, tagOf } from './check-operation.ts';
import { Components, type Json } from './components.ts';
import { BASE_DOCUMENT } from './document.ts';
import { headersOf, SharedErrorResponses } from './error-responses.ts';
import { SharedParameters } from './parameters.ts';

/**
 * The OpenAPI 3.1 document of operations, those of the contract when left out. The same operations give the same document, byte
 * for byte.
 * @throws {Error} that names the operation, what is wrong with it, and what to do.
 */
export function generateOpenApi(operations: readonly Operation[] = OPERATIONS): Json {
  const components = new Components();
  components.add('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sk-workspace_…',
    description: 'An API key: `Authorization: Bearer sk-workspace_…`. The key selects the workspace.',
  });

  const shared = { parameters: new SharedParameters(components, operations), errors: new SharedErrorResponses(components, operations) };
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    checkOperation(operation);
    const path = operation.route.path.replace(/:(\w+)/g, '{$1}');
    const method = operation.route.method.toLowerCase();
    const methods = (paths[path] ??= {});
    if (methods[method]) {
      throw new Error(`${operation.id} and ${String(methods[method]['operationId'])} have the same method and path. Change one of them.`);
    }
    methods[method] = operationObject(operation, components, shared);
  }
  return { ...BASE_DOCUMENT, paths, components: components.toJSON() };
}

interface Shared {
  readonly parameters: SharedParameters;
  readonly errors: SharedErrorResponses;
}

function operationObject(operation: Operation, components: Components, shared: Shared): Json {
  const { id, route, metadata } = operation;
  const body = bodyOf(route);
  const successHeaders: ResponseHeaderName[] = [
    ...(metadata.successHeaders ?? []),
    ...(route.method === 'GET' ? [] : (['Idempotency-Replayed'] as const)),
    ...deprecationHeaders(metadata.deprecated),
    ...RATE_LIMIT_HEADERS,
  ];
  const responses = Object.entries(route.responses).map(([status, schema], index) => {
    const codes = codesOf(schema);
    if (codes.length > 0) return [status, shared.errors.of(codes)] as const;
    const named = Object.entries(metadata.successExamples).filter(([, example]) =>
      example.status === undefined ? index === 0 : example.status === Number(status),
    );
    const success = {
      description: `${named[0]![1].summary}.`,
      headers: headersOf(successHeaders, components),
      content: content(named, components.schema(schema as z.ZodType, 'output')),
    };
    return [status, success] as const;
  });
  return {
    operationId: id,
    tags: [tagOf(operation)],
    summary: route.summary,
    description: [route.description, ...remarks(metadata), `Needs the scope \`${metadata.scope}\`.`].join('\n\n'),
    ...(metadata.deprecated && { deprecated: true }),
    ...(metadata.deprecated?.sunset && { 'x-sunset': metadata.deprecated.sunset }),
    security: [{ apiKey: [] }],
    'x-required-scope': metadata.scope,
    ...(metadata.planned && { 'x-planned': true }),
    parameters: shared.parameters.of(operation),
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: content(Object.entries(metadata.requestExamples ?? {}), components.schema(body, 'input')),
      },
    }),
    responses: Object.fromEntries([...responses, ...(metadata.planned ? [['501', shared.errors.of(['NOT_IMPLEMENTED'])] as const] : [])]),
  };
}

function remarks({ planned, deprecated }: OperationMetadata): string[] {
  return [
    ...(planned ? ['**Planned**: the mock answers it, a server says 501 `NOT_IMPLEMENTED` until it has it.'] : []),
    ...(deprecated
      ? [
          `**Deprecated** since ${deprecated.since}: use \`${deprecated.instead}\`.${deprecated.sunset ? ` It ends on ${deprecated.sunset}.` : ''}`,
        ]
      : []),
  ];
}

function deprecationHeaders(deprecated: Deprecation | undefined): ResponseHeaderName[] {
  if (!deprecated) return [];
  return deprecated.sunset ? ['Deprecation', 'Sunset'] : ['Deprecation'];
}

/** A body by media type, each with its examples. */
function content(named: readonly [string, Example][], schema: Json): Json {
  const byMediaType: Record<string, { schema: Json; examples: Record<string, Json> }> = {};
  for (const [name, { summary, value, mediaType = 'application/json' }] of named) {
    byMediaType[mediaType] ??= { schema, examples: {} };
    byMediaType[mediaType].examples[name] = { summary, value };
  }
  return byMediaType;
}
