import { generateOpenApi, OPERATIONS } from '@leads/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { Mock } from './mock.ts';
import { startMock } from './start-mock.ts';

interface Example {
  $ref?: string;
  value: unknown;
}
type Content = Record<string, { examples: Record<string, Example> }>;
interface Response {
  $ref?: string;
  headers: Record<string, { $ref?: string; example?: unknown }>;
  content: Content;
}
interface DocumentedOperation {
  operationId: string;
  requestBody?: { content: Content };
  responses: Record<string, Response>;
}

const document = generateOpenApi();
const DYNAMIC_ANSWERS = process.env['LEADS_TEST_MORE'] ? 25 : 10;

const operations = Object.entries(document.paths as Record<string, Record<string, DocumentedOperation>>).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    path: path.replace(/\{\w+\}/g, 'lead_1'),
    method: method.toUpperCase(),
    ...operation,
  })),
);

const cases = operations.flatMap((operation) =>
  Object.entries(operation.responses).flatMap(([status, response]) => {
    const { content, headers } = resolve(response);
    const examples = Object.entries(content).flatMap(([mediaType, named]) =>
      Object.entries(named.examples).map((example) => ({ mediaType, example })),
    );
    return examples.map(({ mediaType, example: [name, example] }, index) => ({
      ...operation,
      status: Number(status),
      name,
      mediaType,
      isFirst: index === 0,
      expected: textOf(resolve(example).value),
      headers: Object.entries(headers).map(([name, header]) => [name, String(resolve(header).example)]),
    }));
  }),
);

/** As it is written in a body. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function resolve<T extends { $ref?: string }>(node: T): T {
  if (node.$ref === undefined) return node;
  return node.$ref
    .split('/')
    .slice(1)
    .reduce((at, key) => (at as Record<string, unknown>)[key], document as unknown) as T;
}

let mock: Mock;
let prismMock: Mock;
beforeAll(async () => {
  mock = await startMock({ mode: 'examples' });
  // Prism reads every document that is not the contract's.
  prismMock = await startMock({ mode: 'examples', document: { ...document, servers: [] } });
});
afterAll(() => Promise.all([mock.close(), prismMock.close()]));

function ask({ path, method, requestBody }: (typeof operations)[number], prefer?: string, { url } = mock) {
  const [mediaType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const [body] = Object.values(content?.examples ?? {});
  return fetch(url + path, {
    method,
    headers: {
      authorization: 'Bearer sk-workspace_test',
      ...(prefer !== undefined && { prefer }),
      ...(mediaType && { 'content-type': mediaType }),
    },
    body: body ? textOf(body.value) : null,
  });
}

describe(`the ${cases.length} documented examples of ${operations.length} operations`, () => {
  it('has some, so that this suite cannot pass by testing nothing', () => {
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
    expect(cases.length).toBeGreaterThan(operations.length);
  });

  it.each(cases)('$operationId $status $name: is answered as documented when asked for by code and example', async (example) => {
    for (const at of [mock, prismMock]) {
      const response = await ask(example, `code=${example.status}, example=${example.name}`, at);
      expect(response.status).toBe(example.status);
      expect(await response.text()).toEqual(example.expected);
      expect(response.headers.get('content-type')).toBe(`${example.mediaType}; charset=utf-8`);
      for (const [name, value] of example.headers) {
        if (name !== 'X-Request-Id') expect([name, response.headers.get(name!)]).toEqual([name, value]);
      }
    }
  });

  it.each(cases)('$operationId $status $name: is found by its name alone', async (example) => {
    const response = await ask(example, `example=${example.name}`);
    expect(response.status).toBe(example.status);
    expect(await response.text()).toEqual(example.expected);
  });

  it.each(cases.filter(({ isFirst }) => isFirst))(
    '$operationId $status: is answered with its first example when asked for by code alone',
    async (example) => {
      const response = await ask(example, `code=${example.status}`);
      expect(response.status).toBe(example.status);
      expect(await response.text()).toEqual(example.expected);
    },
  );

  it.each(cases.filter(({ isFirst, status, responses }) => isFirst && status === Math.min(...Object.keys(responses).map(Number))))(
    '$operationId $status: is the answer when nothing is asked for',
    async (example) => {
      const response = await ask(example);
      expect(response.status).toBe(example.status);
      expect(await response.text()).toEqual(example.expected);
    },
  );
});

describe('generated data', () => {
  it.each(OPERATIONS)('$id: fits the schema of the contract', async ({ id, route }) => {
    const operation = operations.find(({ operationId }) => operationId === id)!;
    for (let i = 0; i < DYNAMIC_ANSWERS; i++) {
      const response = await ask(operation, 'dynamic=true');
      const schema = (route.responses as Record<number, z.ZodType>)[response.status]!;
      expect(response.ok).toBe(true);
      const text = await response.text();
      const isJson = response.headers.get('content-type')!.startsWith('application/json');
      expect(schema.safeParse(isJson ? JSON.parse(text) : text).error?.issues).toBeUndefined();
    }
  });

  it('is the same for the same seed, and another for another', async () => {
    const operation = operations.find(({ operationId }) => operationId === 'leads.get')!;
    const asked = ['dynamic=true', 'dynamic=true', 'dynamic=true, seed=7', 'dynamic=true, seed=7'];
    const [first, second, third, fourth] = await Promise.all(asked.map(async (prefer) => (await ask(operation, prefer)).text()));
    expect([first, third]).toEqual([second, fourth]);
    expect(first).not.toBe(third);
  });

  it('is given for an error too, where the code is asked for as well', async () => {
    const operation = operations.find(({ operationId }) => operationId === 'leads.get')!;
    const response = await ask(operation, 'code=404, dynamic=true');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ success: false, code: 'LEAD_NOT_FOUND' });
  });
});
