import { generateOpenApi } from '@leads/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Mock } from './mock.ts';
import { startMock } from './start-mock.ts';

// Starting a mock with state takes long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Parameter {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly examples: readonly unknown[] };
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly examples: Readonly<Record<string, { value: unknown }>> }>>;
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = generateOpenApi() as {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { parameters: Record<string, Parameter> };
};

/** Each operation as the reference shows how to call it: with the example of each parameter of the path, and the first body. */
const samples = Object.entries(document.paths).flatMap(([template, methods]) =>
  Object.entries(methods).map(([method, { operationId, parameters, requestBody, responses }]) => {
    const inPath = parameters
      .map((parameter) => (parameter.$ref ? document.components.parameters[parameter.$ref.split('/').at(-1)!]! : parameter))
      .filter((parameter) => parameter.in === 'path');
    const path = inPath.reduce((filled, { name, schema }) => filled.replace(`{${name}}`, String(schema.examples[0])), template);
    const [mediaType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    const value = content && Object.values(content.examples)[0]!.value;
    const body = value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
    const success = Object.keys(responses)
      .map(Number)
      .filter((status) => status < 300);
    return { operationId, method: method.toUpperCase(), path, mediaType, body, success };
  }),
);

/** Where what an id stands for is found; an activity at the lead of the samples. */
const FOUND_AT: Readonly<Record<string, (id: string) => string>> = {
  lead: (id) => `leads/${id}`,
  act: (id) => `leads/lead_1234567890abcdef/activities/${id}`,
  camp: (id) => `campaigns/${id}`,
  backup: (id) => `backups/${id}`,
  erasure: (id) => `erasures/${id}`,
  job: (id) => `jobs/${id}`,
  key: () => 'api-keys?limit=100',
};
/** The ids in the document, without those of what is said not to be there. */
const ids = [...new Set(JSON.stringify(document.paths).concat(JSON.stringify(document.components)).match(ID_PATTERN()))]
  .filter((id) => !id.includes('nonexistent'))
  .toSorted();

function ID_PATTERN() {
  return new RegExp(`\\b(?:${Object.keys(FOUND_AT).join('|')})_[0-9a-z]{16,}`, 'g');
}

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const authorization = 'Bearer sk-workspace_your_api_key';

describe('on a fresh mock with state', () => {
  it.each(samples)('the sample of $operationId is answered with its success', async ({ method, path, mediaType, body, success }) => {
    const response = await fetch(mock.url + path, {
      method,
      headers: { authorization, ...(mediaType && { 'content-type': mediaType }) },
      ...(body !== undefined && { body }),
    });
    const answered = await response.text();
    expect([success, response.status, answered]).toEqual([success, expect.toBeOneOf(success), answered]);
  });

  it('has samples of everything', () => {
    expect(samples.length).toBeGreaterThan(40);
    expect(new Set(ids.map((id) => id.split('_')[0]))).toEqual(new Set(Object.keys(FOUND_AT)));
  });

  it.each(ids)('%s, which the document names, is there', async (id) => {
    const response = await fetch(`${mock.url}/api/v1/${FOUND_AT[id.split('_')[0]!]!(id)}`, { headers: { authorization } });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(`"${id}"`)]);
  });
});
