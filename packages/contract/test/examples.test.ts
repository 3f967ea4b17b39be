import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { codesOf, OPERATIONS } from '../src/index.ts';

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('the examples of %s', (_, { route, metadata }) => {
  const successSchema = Object.values(route.responses).find((schema) => codesOf(schema).length === 0) as z.ZodType;

  it.each(Object.entries(metadata.successExamples))('success: %s is an answer', (_name, { summary, value }) => {
    expect(successSchema.parse(value)).toEqual(value);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it.each(Object.entries(metadata.requestExamples ?? {}))('request: %s is a body that is accepted', (_name, { summary, value }) => {
    expect((route as unknown as { body: z.ZodType }).body.safeParse(value).error).toBeUndefined();
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it('there are some for every body', () => {
    expect(Object.keys(metadata.successExamples).length).toBeGreaterThan(0);
    expect('body' in route).toBe(metadata.requestExamples !== undefined);
  });
});
