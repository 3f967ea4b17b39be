import { SERVER_URL } from './addresses.ts';
import { commandOf } from './commands.ts';
import { examplesOf, type Operation, OPERATIONS } from './openapi/document.ts';

const KEY = 'sk-workspace_your_api_key';

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

/** The samples of every operation. */
export function referenceSamples(): { operation: Operation; samples: Sample[] }[] {
  return OPERATIONS.map((operation) => ({ operation, samples: samplesOf(operation) }));
}

/** The samples of an operation: in curl, with the client, in JavaScript, in Python, and on the command line where it has a command. */
export function samplesOf(operation: Operation): Sample[] {
  const { operationId, method, path, parameters } = operation;
  const ids = parameters
    .filter(({ in: place }) => place === 'path')
    .map(({ name, schema }) => [name, String(schema.examples![0])] as const);
  const url = ids.reduce((filled, [name, id]) => filled.replace(`{${name}}`, id), SERVER_URL + path);
  const request = { id: operationId, method, url, ids: ids.map(([, id]) => id), body: exampleBody(operation) };
  const command = commandOf(operationId)?.examples[0]?.[0];
  return [
    curl(request),
    client(request),
    javaScript(request),
    python(request),
    ...(command ? [{ lang: 'sh', label: 'CLI', source: command }] : []),
  ];
}

function exampleBody({ requestBody }: Operation): Body | undefined {
  const [example] = examplesOf(requestBody?.content);
  if (!example) return undefined;
  const { mediaType, value } = example;
  return { mediaType, value: typeof value === 'string' ? value.trimEnd() : value };
}

function curl({ method, url, body }: Request): Sample {
  const text = typeof body?.value === 'string' ? body.value : JSON.stringify(body?.value, null, 2);
  const lines = [
    method === 'GET' ? 'curl' : `curl -X ${method}`,
    `"${url}"`,
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
    `const client = createLeadsClient({ baseUrl: '${SERVER_URL}', apiKey: '${KEY}' });`,
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
