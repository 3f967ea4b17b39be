import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Deprecation, errorResponses, generateOpenApi, operationsOf } from '../src/index.ts';
import { c } from '../src/http/operation.ts';
import { success } from '../src/http/success.ts';

const ThingSchema = z.strictObject({ name: z.string().meta({ description: 'Its name.', examples: ['A'] }) });
const thing = { thing: { summary: 'A thing', value: { success: true, data: { name: 'A' } } } };
const route = {
  method: 'POST',
  path: '/api/v1/things/:thingId',
  summary: 'Name a thing',
  description: 'Gives a thing another name.',
  pathParams: z.strictObject({ thingId: z.string().meta({ description: 'Which.', examples: ['1'] }) }),
  body: ThingSchema,
  responses: { 200: success('ThingResponse', ThingSchema), ...errorResponses('VALIDATION_ERROR') },
  metadata: { scope: 'leads:read', requestExamples: { one: { summary: 'One', value: { name: 'B' } } }, successExamples: thing },
} as const;

/** The document of a contract with one operation, which is right but for `changes`. */
function documentOf(changes: object, resource = 'leads') {
  const router = c.router({ [resource]: c.router({ rename: { ...route, ...changes } }) });
  return generateOpenApi(operationsOf(router)) as {
    paths: Record<string, { post: Record<string, unknown> & { responses: Record<string, unknown> } }>;
  };
}
const withMetadata = (changes: object) => () => documentOf({ metadata: { ...route.metadata, ...changes } });

describe('the generator says what is wrong, where, and what to do', () => {
  it('takes the operation that the others differ from', () => {
    expect(Object.keys(documentOf({}).paths)).toEqual(['/api/v1/things/{thingId}']);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a code without an entry', () => errorResponses('THING_LOST' as never), /THING_LOST .*registry\.ts\. Add one/],
    ['a resource without a heading', () => documentOf({}, 'things'), /things\.rename: .*heading\. Add it to TAGS in .*document\.ts/],
    [
      'a path whose parameter is not described',
      () => documentOf({ path: '/api/v1/things/:id' }),
      /leads\.rename: .*\[id\].*\[thingId\]\. Make pathParams/,
    ],
    ['a body without an example', withMetadata({ requestExamples: undefined }), /leads\.rename: .*body.*requestExamples/],
    [
      'an example of a body that is refused',
      withMetadata({ requestExamples: { two: { summary: 'Two', value: { name: 2 } } } }),
      /leads\.rename: its example two in requestExamples .*name: .*examples\.ts/,
    ],
    ['no example of the success', withMetadata({ successExamples: {} }), /leads\.rename: its answer 200 has no example\. Add one/],
    [
      'an example of a success that is refused',
      withMetadata({ successExamples: { two: { summary: 'Two', value: { success: true } } } }),
      /leads\.rename: its example two in successExamples .*data: .*examples\.ts/,
    ],
    [
      'an example of an answer that is not there',
      withMetadata({ successExamples: { ...thing, other: { ...thing.thing, status: 202 } } }),
      /leads\.rename: its example other .*202.*Correct the status/,
    ],
    [
      'no success',
      () => documentOf({ responses: errorResponses('VALIDATION_ERROR') }),
      /leads\.rename: .*no answer of a success\. Add one/,
    ],
    [
      'two operations in one place',
      () => generateOpenApi(operationsOf(c.router({ leads: c.router({ rename: route, name: route }) }))),
      /leads\.name and leads\.rename .*Change one/,
    ],
    [
      'two schemas under one name',
      () =>
        generateOpenApi(
          operationsOf(
            c.router({
              leads: c.router({
                rename: route,
                other: {
                  ...route,
                  path: '/x/:thingId',
                  responses: { 200: success('ThingResponse', ThingSchema.extend({ size: z.int() })) },
                  metadata: {
                    ...route.metadata,
                    successExamples: { big: { summary: 'Big', value: { success: true, data: { name: 'A', size: 1 } } } },
                  },
                },
              }),
            }),
          ),
        ),
      /schemas\/ThingResponse\. Give one of the schemas another id/,
    ],
  ])('%s', (_, generate, message) => {
    expect(generate).toThrow(message);
  });
});

describe('an operation that is', () => {
  it('planned: is in the document, marked, with the answer of a server that has it not', () => {
    const { post } = documentOf({ metadata: { ...route.metadata, planned: true } }).paths['/api/v1/things/{thingId}']!;
    expect(post).toMatchObject({ 'x-planned': true, description: expect.stringContaining('**Planned**') });
    expect(Object.keys(post.responses)).toEqual(['200', '400', '501']);
  });

  it('deprecated: says so, since when, what to use and until when', () => {
    const deprecated = { since: '2026-01-31', sunset: '2026-12-31', instead: 'leads.update' } satisfies Deprecation;
    const { post } = documentOf({ metadata: { ...route.metadata, deprecated } }).paths['/api/v1/things/{thingId}']!;
    expect(post).toMatchObject({
      deprecated: true,
      'x-sunset': '2026-12-31',
      description: expect.stringMatching(/2026-01-31.*`leads\.update`.*2026-12-31/),
    });
    expect(Object.keys((post.responses['200'] as { headers: object }).headers)).toEqual(expect.arrayContaining(['Deprecation', 'Sunset']));
  });
});
