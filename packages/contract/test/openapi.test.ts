import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bodyOf, generateOpenApi, openApiJson, openApiYaml, OPERATIONS } from '../src/index.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

describe('the OpenAPI document', () => {
  it('is the same, byte for byte, whenever it is generated', () => {
    expect(openApiJson()).toBe(openApiJson());
    expect(openApiYaml()).toBe(openApiYaml());
  });

  it('says the same in JSON and in YAML', () => {
    expect(parse(openApiYaml())).toEqual(JSON.parse(openApiJson()));
  });

  it.each([
    ['docs/openapi.json', openApiJson],
    ['docs/openapi.yaml', openApiYaml],
  ])('is committed as the contract generates it: %s (else run: npm run generate)', (path, generate) => {
    expect(readFileSync(`${ROOT}${path}`, 'utf8') === generate()).toBe(true);
  });

  it('has every operation once, with its answers', () => {
    const { paths } = generateOpenApi() as { paths: Record<string, Record<string, { operationId: string; responses: object }>> };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
    for (const { operationId, responses } of operations) {
      expect(Object.keys(responses)).toEqual(Object.keys(OPERATIONS.find(({ id }) => id === operationId)!.route.responses));
    }
  });

  it('refers to nothing that is not in it, and holds nothing that nobody refers to', () => {
    const document = JSON.parse(openApiJson());
    const references = new Set([...openApiJson().matchAll(/"\$ref": "#\/([^"]+)"/g)].map(([, path]) => path!));
    for (const path of references)
      expect(
        path.split('/').reduce((node, step) => node?.[step], document),
        path,
      ).toBeDefined();
    const components = Object.entries(document.components as Record<string, object>).flatMap(([section, named]) =>
      Object.keys(named).map((name) => `components/${section}/${name}`),
    );
    expect(components.filter((path) => !references.has(path))).toEqual(['components/securitySchemes/apiKey']);
  });

  it('gives its parts names that make good types: short, and none that could be anything', () => {
    const { components } = JSON.parse(openApiJson()) as { components: Record<string, Record<string, object>> };
    const names = ['schemas', 'parameters', 'responses'].flatMap((section) => Object.keys(components[section]!));
    expect(names.filter((name) => name.length > 40)).toEqual([]);
    expect(
      names.filter((name) => /^(Status|Email|Limit|Search|Source|Cursor|Archived|Location|Request|Response|Error)$/.test(name)),
    ).toEqual([]);
    const parameters = Object.keys(components['parameters']!);
    expect(parameters.filter((name) => !name.endsWith('Parameter'))).toEqual([]);
  });

  it('marks personal data for every reader', () => {
    const { components } = JSON.parse(openApiJson());
    expect(components.schemas.Lead.properties.email['x-personal-data']).toBe(true);
    expect(components.schemas.LeadMetadata['x-personal-data']).toBe(true);
  });

  describe('leaves room for what may change', () => {
    const document = JSON.parse(openApiJson()) as OpenApi;
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const schemasOf = (contents: unknown) => schemasIn(contents, document);

    it('answers may gain fields, and texts for people may be worded another way', () => {
      const answered = operations.flatMap(({ responses }) => schemasOf(responses));
      expect(answered.filter(({ additionalProperties }) => additionalProperties === false)).toEqual([]);
      const fixed = answered.flatMap((schema) => (typeof schema['const'] === 'string' ? [schema['const']] : []));
      expect(fixed.filter((text) => !/^[A-Z]+(_[A-Z]+)*$/.test(text))).toEqual([]);
      expect(answered.filter((schema) => schema['x-for-people']).length).toBeGreaterThan(50);
    });

    it('a body of which everything may be left out may be left out itself, and means the same', () => {
      const bodies = OPERATIONS.flatMap(({ id, route }) => [bodyOf(route)?.safeParse({})].map((empty) => ({ id, route, empty })));
      const optional = bodies.filter(({ empty }) => empty?.success);
      expect(optional.map(({ id }) => id)).toContain('apiKeys.rotate');
      for (const { id, route, empty } of optional) expect([id, bodyOf(route)!.safeParse(undefined).data]).toEqual([id, empty!.data]);
    });

    it('requests do not: a field that nobody knows is refused', () => {
      const sent = operations.flatMap(({ requestBody }) => schemasOf(requestBody));
      const open = sent.filter(
        ({ type, properties, additionalProperties }) => type === 'object' && properties && additionalProperties !== false,
      );
      expect(sent.length).toBeGreaterThan(50);
      expect(open).toEqual([]);
    });
  });

  it('leaves Redocly nothing to say', async () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { stdout } = await run(`${ROOT}node_modules/.bin/redocly`, ['lint', 'docs/openapi.json', '--format', 'json'], { cwd: ROOT, env });
    expect(JSON.parse(stdout).problems).toEqual([]);
  });
});

type Schema = Record<string, unknown>;
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: object; readonly responses: object }>>>>;
}

/** Every object of a part of the document, and of what it refers to, but for examples. */
function schemasIn(part: unknown, document: OpenApi, seen = new Set<unknown>()): Schema[] {
  if (typeof part !== 'object' || part === null || seen.has(part)) return [];
  seen.add(part);
  if (Array.isArray(part)) return part.flatMap((item) => schemasIn(item, document, seen));
  const { examples: _examples, example: _example, $ref, ...rest } = part as Schema;
  const steps = typeof $ref === 'string' ? $ref.split('/').slice(1) : [];
  const target = steps.length === 0 ? undefined : steps.reduce((at: unknown, key) => (at as Schema)[key], document);
  return [part as Schema, ...[...Object.values(rest), target].flatMap((inner) => schemasIn(inner, document, seen))];
}
