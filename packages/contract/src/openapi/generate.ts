import type * as z from 'zod';
import { codesOf, errorExample, errorSchema } from '../errors/envelope.ts';
import { ERRORS, type ErrorCode, type ErrorDefinition } from '../errors/registry.ts';
import { RATE_LIMIT_HEADERS, RESPONSE_HEADERS, type ResponseHeaderName } from '../http/headers.ts';
import { bodyOf, type Example } from '../http/operation.ts';
import { OPERATIONS, type Operation } from '../operations.ts';
import { Components, type Json } from './components.ts';
import { BASE_DOCUMENT, TAGS } from './document.ts';
import { STATUS_CODES } from './status-codes.ts';

/** The OpenAPI 3.1 document of the contract. The same contract gives the same document, byte for byte. */
export function generateOpenApi(): Json {
  const components = new Components();
  components.add('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'sk-workspace_…',
    description: 'An API key: `Authorization: Bearer sk-workspace_…`. The key selects the workspace.',
  });

  const parameters = new SharedParameters(components);
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.route.method.toLowerCase()] = operationObject(operation, components, parameters);
  }
  return { ...BASE_DOCUMENT, paths, components: components.toJSON() };
}

function operationObject(operation: Operation, components: Components, parameters: SharedParameters): Json {
  const { id, route, metadata } = operation;
  const body = bodyOf(route);
  const successHeaders: ResponseHeaderName[] = [
    ...(metadata.successHeaders ?? []),
    ...(route.method === 'GET' ? [] : (['Idempotency-Replayed'] as const)),
    ...RATE_LIMIT_HEADERS,
  ];
  return {
    operationId: id,
    tags: [TAGS[id.split('.')[0] as keyof typeof TAGS].name],
    summary: route.summary,
    description: `${route.description}\n\nNeeds the scope \`${metadata.scope}\`.`,
    security: [{ apiKey: [] }],
    'x-required-scope': metadata.scope,
    parameters: [...parameters.of(operation)],
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: content(Object.entries(metadata.requestExamples ?? {}), components.schema(body, 'input')),
      },
    }),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, schema], index) => {
        const codes = codesOf(schema);
        if (codes.length > 0) return [status, errorResponse(codes, components)];
        const named = Object.entries(metadata.successExamples).filter(([, example]) =>
          example.status === undefined ? index === 0 : example.status === Number(status),
        );
        return [
          status,
          {
            description: `${named[0]![1].summary}.`,
            headers: headers(successHeaders, components),
            content: content(named, components.schema(schema as z.ZodType, 'output')),
          },
        ];
      }),
    ),
  };
}

function errorResponse(codes: readonly ErrorCode[], components: Components): Json {
  const names = codes.map((code) => errorSchema(code).meta()!.id!);
  const schemas = codes.map((code) => components.schema(errorSchema(code), 'output'));
  const definitions: ErrorDefinition[] = codes.map((code) => ERRORS[code]);
  const authenticated = definitions[0]!.status !== 401;
  const headerNames = [...definitions.flatMap((definition) => definition.headers ?? []), ...(authenticated ? RATE_LIMIT_HEADERS : [])];
  return components.add('responses', names.join('Or'), {
    description: [`${STATUS_CODES[definitions[0]!.status]}.`, ...codes.map((code) => `- \`${code}\`: ${ERRORS[code].remedy}`)].join('\n'),
    headers: headers([...new Set(headerNames)], components, definitions[0]!.headerExamples),
    content: {
      'application/json': {
        schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas },
        examples: Object.fromEntries(
          codes.map((code) => [code, components.add('examples', code, { summary: ERRORS[code].message, value: errorExample(code) })]),
        ),
      },
    },
  });
}

function headers(names: readonly ResponseHeaderName[], components: Components, examples: ErrorDefinition['headerExamples'] = {}): Json {
  return Object.fromEntries(
    (['X-Request-Id', ...names] as const).map((name) => {
      const header = { ...RESPONSE_HEADERS[name] };
      const example = examples[name];
      return [name, example === undefined ? components.add('headers', name, header) : { ...header, example }];
    }),
  );
}

/** A body by media type, each with its examples. */
function content(named: readonly [string, Example][], schema: Json): Json {
  const byMediaType = Map.groupBy(named, ([, { mediaType = 'application/json' }]) => mediaType);
  return Object.fromEntries(
    [...byMediaType].map(([mediaType, group]) => [
      mediaType,
      { schema, examples: Object.fromEntries(group.map(([name, { summary, value }]) => [name, { summary, value }])) },
    ]),
  );
}

type ParameterPlace = 'path' | 'query' | 'header';

/** A header as it is usually written: `If-Match`. */
function titleCase(header: string): string {
  return header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** Writes the parameters of an operation; one that several operations have becomes a component. */
class SharedParameters {
  readonly #components: Components;
  readonly #uses = new Map<string, number>();

  constructor(components: Components) {
    this.#components = components;
    for (const parameter of OPERATIONS.flatMap((operation) => this.#written(operation))) {
      const key = JSON.stringify(parameter);
      this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    }
  }

  of(operation: Operation): Json[] {
    return this.#written(operation).map((parameter) => {
      if (this.#uses.get(JSON.stringify(parameter)) === 1) return parameter;
      const name = (parameter.name as string).replaceAll('-', '');
      return this.#components.add('parameters', name[0]!.toUpperCase() + name.slice(1), parameter);
    });
  }

  #written({ id, route: { pathParams, query, headers } }: Operation): Json[] {
    const places = { path: pathParams, query, header: headers } as Readonly<Record<ParameterPlace, z.ZodObject | undefined>>;
    const parameters = (Object.keys(places) as ParameterPlace[]).flatMap((place) => this.#writtenIn(place, places[place]));
    return JSON.parse(JSON.stringify(parameters).replaceAll('{operationId}', id)) as Json[];
  }

  #writtenIn(where: ParameterPlace, schema: z.ZodObject | undefined): Json[] {
    return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
      const { description, ...rest } = this.#components.schema(field as z.ZodType, 'output');
      const required = !(field as z.ZodType).safeParse(undefined).success;
      return {
        name: where === 'header' ? titleCase(name) : name,
        in: where,
        ...(required && { required }),
        ...(description !== undefined && { description }),
        schema: rest,
      };
    });
  }
}
