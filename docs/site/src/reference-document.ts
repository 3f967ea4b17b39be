import { mkdir, readFile, writeFile } from 'node:fs/promises';

const BASE_URL = 'http://127.0.0.1:3000';
const KEY = 'sk-workspace_your_api_key';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly examples: readonly unknown[] };
}

interface Operation {
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Record<string, { readonly examples: Record<string, { readonly value: unknown }> }> };
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly parameters: Record<string, Parameter> };
}

/**
 * Writes the document that the reference is built from, and returns its path: `docs/openapi.json` with code samples.
 * The samples that starlight-openapi makes itself send every query parameter at once, which the API refuses.
 */
export async function writeReferenceDocument(): Promise<string> {
  const document = JSON.parse(await readFile('../openapi.json', 'utf8')) as Document;
  const paths = Object.entries(document.paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [
        method,
        { ...operation, 'x-codeSamples': codeSamples(method.toUpperCase(), exampleUrl(path, operation, document), exampleBody(operation)) },
      ]),
    ),
  ]);
  await mkdir('.astro', { recursive: true });
  await writeFile('.astro/reference.json', JSON.stringify({ ...document, paths: Object.fromEntries(paths) }));
  return '.astro/reference.json';
}

function exampleUrl(path: string, operation: Operation, document: Document): string {
  const parameters = operation.parameters.map((parameter) =>
    '$ref' in parameter ? document.components.parameters[parameter.$ref.split('/').at(-1)!]! : parameter,
  );
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((url, { name, schema }) => url.replace(`{${name}}`, String(schema.examples[0])), BASE_URL + path);
}

interface Body {
  readonly mediaType: string;
  readonly value: unknown;
}

function exampleBody({ requestBody }: Operation): Body | undefined {
  const [content] = Object.entries(requestBody?.content ?? {});
  return content && { mediaType: content[0], value: Object.values(content[1].examples)[0]!.value };
}

function codeSamples(method: string, url: string, body: Body | undefined) {
  const isText = typeof body?.value === 'string';
  const text = isText ? body.value.trimEnd() : JSON.stringify(body?.value, null, 2);
  const curl = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"${url}"`,
    `-H "Authorization: Bearer ${KEY}"`,
    ...(body ? [`-H "Content-Type: ${body.mediaType}"`, `-d '${text.replaceAll("'", String.raw`'\''`)}'`] : []),
  ];
  const sent = isText ? JSON.stringify(text) : `JSON.stringify(${text?.replaceAll('\n', '\n  ')})`;
  const fetchOptions = [
    ...(method === 'GET' ? [] : [`method: '${method}',`]),
    `headers: { Authorization: 'Bearer ${KEY}'${body ? `, 'Content-Type': '${body.mediaType}'` : ''} },`,
    ...(body ? [`body: ${sent},`] : []),
  ];
  return [
    { lang: 'sh', label: 'curl', source: curl.join(' \\\n  ') },
    {
      lang: 'js',
      label: 'JavaScript',
      source: `const response = await fetch('${url}', {\n  ${fetchOptions.join('\n  ')}\n});\nconst result = await response.json();`,
    },
  ];
}
