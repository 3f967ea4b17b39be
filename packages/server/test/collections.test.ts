import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { IMPLEMENTED_OPERATIONS } from '@leads/contract';
import bruno from '@usebruno/lang';
import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { useServer } from './support/server.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/collections/', import.meta.url));
const DANGEROUS = /\b(force|erase|backup)\b["=:\s]+true/;

/** A request of a collection, and what is looked for in its answer. */
interface Request {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Checks the answer; returns what later requests need of it. */
  readonly judge: (answer: { status: number; json: () => unknown }) => Readonly<Record<string, string>>;
}

interface PostmanItem {
  readonly name: string;
  readonly event: readonly { readonly script: { readonly exec: readonly string[] } }[];
  readonly request: {
    readonly method: string;
    readonly header: readonly { readonly key: string; readonly value: string }[];
    readonly url: { readonly raw: string; readonly query: readonly { readonly disabled?: boolean }[] };
    readonly body?: { readonly raw: string };
  };
}

function postmanRequests(): Request[] {
  const { item } = JSON.parse(readFileSync(`${FOLDER}leads.postman_collection.json`, 'utf8')) as { item: readonly PostmanItem[] };
  return item.map(({ name, event, request }) => {
    expect(request.url.query.every(({ disabled }) => disabled)).toBe(true);
    return {
      name,
      method: request.method,
      url: request.url.raw,
      headers: Object.fromEntries(request.header.map(({ key, value }) => [key, value])),
      body: request.body?.raw,
      judge({ status, json }) {
        const kept: Record<string, string> = {};
        const pm = {
          expect,
          test: (_: string, check: () => void) => check(),
          response: { code: status, json },
          collectionVariables: { set: (variable: string, value: string) => (kept[variable] = value) },
        };
        for (const { script } of event) runInNewContext(script.exec.join('\n'), { pm });
        return kept;
      },
    };
  });
}

interface BruFile {
  readonly meta: { readonly name: string; readonly seq: string };
  readonly http: { readonly method: string; readonly url: string };
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly params?: readonly { readonly enabled: boolean }[];
  readonly body?: { readonly json?: string; readonly text?: string };
  readonly vars?: { readonly res: readonly { readonly name: string; readonly value: string }[] };
  readonly assertions: readonly { readonly name: string; readonly value: string }[];
}

function brunoRequests(): Request[] {
  const files = readdirSync(`${FOLDER}bruno`).filter((name) => /^\d\d-/.test(name));
  const parsed = files.map((name) => bruno.bruToJsonV2(readFileSync(`${FOLDER}bruno/${name}`, 'utf8')) as BruFile);
  return parsed
    .toSorted((a, b) => Number(a.meta.seq) - Number(b.meta.seq))
    .map(({ meta, http, headers = [], params = [], body, vars, assertions }) => {
      expect(params.every(({ enabled }) => !enabled)).toBe(true);
      return {
        name: meta.name,
        method: http.method.toUpperCase(),
        url: http.url,
        headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
        body: body?.json ?? body?.text,
        judge({ status, json }) {
          expect(assertions.map(({ name }) => name)).toEqual(['res.status']);
          const [, statuses] = /^in (.+)$/.exec(assertions[0]!.value)!;
          expect(statuses!.split(', ').map(Number)).toContain(status);
          return Object.fromEntries((vars?.res ?? []).map(({ name, value }) => [name, at({ res: { body: json() } }, value)]));
        },
      };
    });
}

function at(value: unknown, path: string): string {
  return path.split('.').reduce((inner, key) => (inner as Record<string, unknown>)[key], value) as string;
}

const COLLECTIONS = [
  ['Postman', postmanRequests],
  ['Bruno', brunoRequests],
] as const;

onEachDatabase('the collection', (database) => {
  const server = useServer(database);

  it.each(COLLECTIONS)('for %s runs green from top to bottom, twice, and leaves no lead and no campaign', async (_, requests) => {
    const caller = await server.workspace();
    for (let round = 1; round <= 2; round++) {
      let variables: Record<string, string> = { baseUrl: server.url, apiKey: caller.key };
      const filled = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_match, name: string) => variables[name] ?? `no ${name}`);
      for (const { name, method, url, headers, body, judge } of requests()) {
        const response = await fetch(filled(url), {
          method,
          headers: { authorization: `Bearer ${caller.key}`, ...headers },
          body: body === undefined ? null : filled(body),
        });
        const text = await response.text();
        try {
          variables = { ...variables, ...judge({ status: response.status, json: () => JSON.parse(text) as unknown }) };
        } catch (error) {
          throw new Error(`${name}: ${response.status} ${text.slice(0, 300)}`, { cause: error });
        }
      }
    }
    expect((await caller.call('leads.list')).body.data.pagination.total).toBe(0);
    expect((await caller.call('campaigns.list')).body.data.campaigns).toEqual([]);
  });
});

describe.each(COLLECTIONS)('the collection for %s', (_, requests) => {
  it('has every operation, and switches nothing on that is dangerous', () => {
    const all = requests();
    for (const { id, route } of IMPLEMENTED_OPERATIONS) {
      const path = `{{baseUrl}}${route.path.replace(/:(\w+)/g, '{{$1}}')}`;
      expect([id, all.some(({ method, url }) => method === route.method && url === path)]).toEqual([id, true]);
    }
    for (const { url, body = '', headers } of all) {
      expect([url, body, Object.keys(headers)].join('\n')).not.toMatch(DANGEROUS);
      expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('idempotency-key');
    }
  });
});

it('the collection for Bruno has no file but those that are generated', async () => {
  const { brunoCollection } = await import('../../../scripts/collections/bruno.ts');
  const files = readdirSync(`${FOLDER}bruno`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name).toSorted()).toEqual(
    Object.keys(brunoCollection())
      .map((path) => path.split('/').at(-1)!)
      .toSorted(),
  );
});
