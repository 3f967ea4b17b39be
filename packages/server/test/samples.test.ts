import { bodyOf, type OperationId, IMPLEMENTED_OPERATIONS } from '@leads/contract';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { onEachDatabase } from './support/databases.ts';
import { type Call, locations, useCaller, useServer } from './support/server.ts';

/** A clock for which every date has passed that can pass. */
const FAR_FUTURE = Date.UTC(3000, 0, 1);

onEachDatabase('The samples of the reference', (database) => {
  const started = Date.now();
  const server = useServer(database, { now: () => new Date(FAR_FUTURE + Date.now() - started) });
  const acme = useCaller(server);

  const samples = IMPLEMENTED_OPERATIONS.flatMap(({ id, route, metadata }) =>
    Object.entries(metadata.requestExamples ?? { none: { value: undefined } }).map(([name, { value }]) => {
      const call: Call = { params: pathExamples(route.pathParams as z.ZodObject | undefined), body: value };
      return { id: id as OperationId, name, call };
    }),
  );

  it.each(samples)('$id: $name is accepted, whenever it is sent', async ({ id, call }) => {
    const { body } = await acme.call(id, call);
    expect(['VALIDATION_ERROR', 'INVALID_JSON', 'UNSUPPORTED_MEDIA_TYPE']).not.toContain(body?.code);
  });

  const moments = IMPLEMENTED_OPERATIONS.flatMap(({ id, route, metadata }) => {
    const [first] = Object.values(metadata.requestExamples ?? {});
    return Object.entries((bodyOf(route) as z.ZodObject | undefined)?.shape ?? {}).flatMap(([field, schema]) =>
      examplesOf(schema as z.ZodType)
        .filter((example) => typeof example === 'string' && /^\d{4}-\d\d-\d\dT/.test(example))
        .map((example) => ({ id: id as OperationId, field, value: { ...(first!.value as object), [field]: example } })),
    );
  });

  describe('fields', () => {
    it.each(moments)('$id: the example of $field is accepted, whenever it is sent', async ({ id, field, value }) => {
      const operation = IMPLEMENTED_OPERATIONS.find((each) => each.id === id)!;
      const answer = await acme.call(id, { params: pathExamples(operation.route.pathParams as z.ZodObject | undefined), body: value });
      expect(answer.status === 400 ? locations(answer) : []).not.toContain(`body.${field}`);
    });
  });
});

function pathExamples(schema: z.ZodObject | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schema?.shape ?? {}).map(([name, field]) => [name, String(examplesOf(field as z.ZodType)[0])] as const),
  );
}

function examplesOf(schema: z.ZodType): readonly unknown[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json.examples ?? json.anyOf?.flatMap(({ examples = [] }) => examples) ?? [];
}
