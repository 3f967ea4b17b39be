import { generateOpenApi, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import { STORY, type Step } from './story.ts';

/** A request of the collections; `{{…}}` stands for a variable, in all of it. */
export interface CollectionRequest {
  readonly operation: string;
  readonly name: string;
  readonly description: string;
  readonly method: string;
  readonly path: string;
  /** What could be asked for, with a sample; nothing of it is switched on. */
  readonly query: readonly { readonly name: string; readonly value: string; readonly description: string }[];
  readonly body: { readonly mediaType: string; readonly text: string } | undefined;
  readonly statuses: readonly number[];
  readonly keep: Readonly<Record<string, string>>;
}

type Sample = string | number | boolean;
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly description: string;
  readonly schema: {
    readonly $ref?: string;
    readonly examples?: readonly Sample[];
    readonly enum?: readonly Sample[];
    readonly default?: Sample;
  };
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples: Readonly<Record<string, { readonly value: unknown }>> }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = generateOpenApi() as unknown as {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Where the collections send their requests, unless they are told otherwise. */
export const BASE_URL: string = document.servers[0].url;

/**
 * The requests of the collections in their order.
 * @throws {Error} where an operation of the contract is in none, with what to do.
 */
export function collectionRequests(): CollectionRequest[] {
  const missing = IMPLEMENTED_OPERATIONS.filter(({ id }) => !STORY.some(({ operation }) => operation === id));
  if (missing.length > 0) {
    throw new Error(
      `${missing.map(({ id }) => id).join(', ')}: no step of scripts/collections/story.ts. Add one where it finds what it needs.`,
    );
  }
  const samples = sampleIds();
  return STORY.map((step) => requestOf(step, samples));
}

function requestOf(step: Step, samples: ReadonlyMap<string, string>): CollectionRequest {
  const { path, method, operation } = operations.find((each) => each.operation.operationId === step.operation)!;
  const successes = Object.keys(operation.responses)
    .map(Number)
    .filter((status) => status < 300);
  return {
    operation: step.operation,
    name: operation.summary,
    description: operation.description,
    method: method.toUpperCase(),
    path: path.replace(/\{(\w+)\}/g, '{{$1}}'),
    query: operation.parameters
      .map(resolved)
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, description, schema }) => ({ name, description, value: String(sampleOf(resolved(schema)) ?? '') })),
    body: bodyOf(step, operation, samples),
    statuses: [...successes, ...(step.orElse ?? [])],
    keep: step.keep ?? {},
  };
}

function bodyOf(step: Step, { requestBody }: DocumentedOperation, samples: ReadonlyMap<string, string>): CollectionRequest['body'] {
  const [content] = Object.entries(requestBody?.content ?? {});
  if (!content) return undefined;
  const [mediaType, { examples }] = content;
  const { value } = step.example === undefined ? Object.values(examples)[0]! : examples[step.example]!;
  const whole = typeof value === 'string' ? value : JSON.stringify({ ...(value as object), ...step.with }, null, 2);
  return {
    mediaType,
    text: [...samples].reduce((text, [sample, variable]) => text.replaceAll(`"${sample}"`, `"{{${variable}}}"`), whole).trimEnd(),
  };
}

/** The variables that stand for the ids of the samples: those of the parameters of paths. */
function sampleIds(): ReadonlyMap<string, string> {
  const parameters = operations.flatMap(({ operation }) =>
    operation.parameters.map(resolved).filter((parameter) => parameter.in === 'path'),
  );
  return new Map(parameters.map(({ name, schema }) => [String(schema.examples![0]), name]));
}

function sampleOf({ examples, enum: values, default: otherwise }: Parameter['schema']): Sample | undefined {
  return examples?.[0] ?? otherwise ?? values?.[0];
}

function resolved<Part extends { readonly $ref?: string }>(part: Part): Part {
  const steps = part.$ref?.split('/').slice(1) ?? [];
  return steps.length === 0 ? part : (steps.reduce((at: unknown, key) => (at as Record<string, unknown>)[key], document) as Part);
}
