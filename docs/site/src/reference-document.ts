import { mkdir, readFile, writeFile } from 'node:fs/promises';

const BASE_URL = 'http://127.0.0.1:3000';
const KEY = 'sk-workspace_your_api_key';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly examples: readonly unknown[] };
}

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Record<string, { readonly examples: Record<string, { readonly value: unknown }> }> };
  'x-codeSamples'?: readonly Sample[];
}

/** A sample as the reference shows it. */
export interface Sample {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

interface Body {
  readonly mediaType: string;
  /** Text, or what is sent as JSON. */
  readonly value: unknown;
}

interface Request {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly ids: readonly string[];
  readonly body: Body | undefined;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly parameters: Record<string, Parameter> };
}

/** The document that the reference is built from, in `.astro`: `docs/openapi.json` with code samples. Returns its path. */
export async function writeReferenceDocument(): Promise<string> {
  const document = await readDocument();
  for (const { operation, samples } of referenceSamples(document)) operation['x-codeSamples'] = samples;
  await mkdir('.astro', { recursive: true });
  await writeFile('.astro/reference.json', JSON.stringify(document));
  return '.astro/reference.json';
}

/** Reads `docs/openapi.json`. */
export async function readDocument(): Promise<Document> {
  return JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')) as Document;
}

/**
 * The samples of every operation, in curl, with the client, in JavaScript and in Python. Those that starlight-openapi makes itself
 * send every query parameter at once, which the API refuses.
 */
export function referenceSamples(document: Document): { operation: Operation; samples: Sample[] }[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const ids = pathExamples(operation, document);
      const url = Object.entries(ids).reduce((filled, [name, id]) => filled.replace(`{${name}}`, id), BASE_URL + path);
      const request = {
        id: operation.operationId,
        method: method.toUpperCase(),
        url,
        ids: Object.values(ids),
        body: exampleBody(operation),
      };
      return { operation, samples: [curl(request), client(request), javaScript(request), python(request)] };
    }),
  );
}

function pathExamples(operation: Operation, document: Document): Record<string, string> {
  const parameters = operation.parameters.map((parameter) =>
    '$ref' in parameter ? document.components.parameters[parameter.$ref.split('/').at(-1)!]! : parameter,
  );
  return Object.fromEntries(
    parameters.filter(({ in: place }) => place === 'path').map(({ name, schema }) => [name, String(schema.examples[0])]),
  );
}

function exampleBody({ requestBody }: Operation): Body | undefined {
  const [content] = Object.entries(requestBody?.content ?? {});
  if (!content) return undefined;
  const { value } = Object.values(content[1].examples)[0]!;
  return { mediaType: content[0], value: typeof value === 'string' ? value.trimEnd() : value };
}

function curl({ method, url, body }: Request): Sample {
  const text = typeof body?.value === 'string' ? body.value : JSON.stringify(body?.value, null, 2);
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"${url}"`,
    `-H "Authorization: Bearer ${KEY}"`,
    ...(body ? [`-H "Content-Type: ${body.mediaType}"`, `-d '${text.replaceAll("'", String.raw`'\''`)}'`] : []),
  ];
  return { lang: 'sh', label: 'curl', source: lines.join(' \\\n  ') };
}

function client({ id, ids, body }: Request): Sample {
  const given = [...ids.map((part) => `'${part}'`), ...(body ? [literal(body.value)] : [])];
  const source = [
    `import { createLeadsClient } from '@leads/client';`,
    '',
    `const client = createLeadsClient({ baseUrl: '${BASE_URL}', apiKey: '${KEY}' });`,
    `const result = await client.${id}(${given.join(', ')});`,
  ];
  return { lang: 'ts', label: 'TypeScript', source: source.join('\n') };
}

function javaScript({ method, url, body }: Request): Sample {
  const value = literal(body?.value).replaceAll('\n', '\n  ');
  const sent = typeof body?.value === 'string' ? value : `JSON.stringify(${value})`;
  const options = [
    ...(method === 'GET' ? [] : [`method: '${method}',`]),
    `headers: { Authorization: 'Bearer ${KEY}'${body ? `, 'Content-Type': '${body.mediaType}'` : ''} },`,
    ...(body ? [`body: ${sent},`] : []),
  ];
  const source = `const response = await fetch('${url}', {\n  ${options.join('\n  ')}\n});\nconst result = await response.json();`;
  return { lang: 'js', label: 'JavaScript', source };
}

function python({ method, url, body }: Request): Sample {
  const isText = typeof body?.value === 'string';
  const headers = [`"Authorization": "Bearer ${KEY}"`, ...(isText ? [`"Content-Type": "${body.mediaType}"`] : [])];
  const sent = isText ? `data=${literal(body.value)}.encode()` : `json=${pythonLiteral(body?.value, '    ')}`;
  const lines = [`"${url}",`, `headers={${headers.join(', ')}},`, ...(body ? [`${sent},`] : [])];
  const source = [
    'import requests',
    '',
    `response = requests.${method.toLowerCase()}(\n    ${lines.join('\n    ')}\n)`,
    'response.raise_for_status()',
    'result = response.json()',
  ];
  // An export is text.
  if (url.endsWith('/leads/export')) source[source.length - 1] = 'result = response.text';
  return { lang: 'python', label: 'Python', source: source.join('\n') };
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? '';
}

/** A JSON value as Python writes it, where lines begin with `indent`. */
function pythonLiteral(value: unknown, indent: string): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const inner = `${indent}    `;
  const parts = Array.isArray(value)
    ? value.map((part) => pythonLiteral(part, inner))
    : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${pythonLiteral(part, inner)}`);
  return parts.length === 0 ? open + close : `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
}
