import { describe, expect, it } from 'vitest';
import { generateOpenApi } from '../src/index.ts';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly examples?: readonly unknown[];
}
interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly schema: Schema;
}
interface Content {
  readonly schema: Schema;
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
}

/** What deletes more than was meant, or changes what a deletion leaves, where it is switched on. */
const DANGEROUS: ReadonlySet<string> = new Set(['force', 'erase', 'backup']);

const document = generateOpenApi() as unknown as {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
};
const operations = Object.values(document.paths).flatMap((methods) =>
  Object.values(methods).map(({ operationId, parameters, requestBody }) => ({
    operationId,
    parameters: parameters.map(resolved),
    contents: Object.values(requestBody?.content ?? {}),
  })),
);

function resolved<Part extends { readonly $ref?: string }>(part: Part): Part {
  const steps = part.$ref?.split('/').slice(1) ?? [];
  return steps.length === 0 ? part : (steps.reduce((at: unknown, key) => (at as Record<string, unknown>)[key], document) as Part);
}

/** Every sample in a schema, and in what it refers to, by the name of its field. */
function samplesIn(schema: Schema, name = ''): [name: string, sample: unknown][] {
  const { properties = {}, examples = [] } = schema;
  return [
    ...examples.map((sample): [string, unknown] => [name, sample]),
    ...Object.entries(properties).flatMap(([field, inner]) => samplesIn(inner, field)),
    ...(schema.$ref ? samplesIn(resolved(schema), name) : []),
  ];
}

describe('what a tool sends that sends every sample', () => {
  it.each(operations)('$operationId: switches nothing on that is dangerous', ({ parameters, contents }) => {
    const samples = [
      ...parameters.flatMap(({ name, schema }) => samplesIn(schema, name)),
      ...contents.flatMap(({ schema, examples }) => [
        ...samplesIn(schema),
        ...Object.values(examples).flatMap(({ value }) => Object.entries(value as object)),
      ]),
    ];
    if (parameters.length + contents.length > 0) expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter(([name, value]) => DANGEROUS.has(name) && value === true)).toEqual([]);
  });

  it('has an Idempotency-Key of its own for each operation', () => {
    const keys = operations.flatMap(({ parameters }) =>
      parameters.filter(({ name }) => name === 'Idempotency-Key').map(({ schema }) => schema.examples![0]),
    );
    expect(keys.length).toBeGreaterThan(20);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('goes to a plain address', () => {
    for (const { url } of document.servers) expect(new URL(url).origin).toBe(url);
  });
});
