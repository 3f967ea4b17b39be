import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { bodyOf, codesOf, OPERATIONS } from '../src/index.ts';

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('the examples of %s', (_, { route, metadata }) => {
  const successes = Object.entries(route.responses).filter(([, schema]) => codesOf(schema).length === 0);
  const schemaOf = (status = Number(successes[0]![0])) => (route.responses as Record<number, z.ZodType>)[status]!;

  it.each(Object.entries(metadata.successExamples))('success: %s is an answer', (_name, { summary, value, status }) => {
    expect(schemaOf(status).parse(value)).toEqual(value);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it.each(Object.entries(metadata.requestExamples ?? {}))('request: %s is a body that is accepted', (_name, { summary, value }) => {
    expect(bodyOf(route)!.safeParse(value).error).toBeUndefined();
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it('there are some for every body', () => {
    const statuses = Object.values(metadata.successExamples).map(({ status }) => status ?? Number(successes[0]![0]));
    expect([...new Set(statuses)].toSorted((a, b) => a - b)).toEqual(successes.map(([status]) => Number(status)));
    expect(bodyOf(route) !== undefined).toBe(metadata.requestExamples !== undefined);
  });
});
