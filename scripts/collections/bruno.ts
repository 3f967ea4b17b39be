import { BASE_URL, type CollectionRequest, collectionRequests } from './requests.ts';

/** The collection for Bruno, by the names of its files. */
export function brunoCollection(): Record<string, string> {
  const settings = { version: '1', name: 'Leads API', type: 'collection' };
  return {
    'bruno.json': `${JSON.stringify(settings, null, 2)}\n`,
    'collection.bru': blocks(['auth', 'mode: bearer'], ['auth:bearer', 'token: {{apiKey}}']),
    'environments/local.bru': `${blocks(['vars', `baseUrl: ${BASE_URL}`])}\nvars:secret [\n  apiKey\n]\n`,
    ...Object.fromEntries(
      collectionRequests().map((request, index) => [
        `${String(index + 1).padStart(2, '0')}-${request.operation}.bru`,
        file(request, index + 1),
      ]),
    ),
  };
}

function file({ name, description, method, path, query, body, statuses, keep }: CollectionRequest, place: number): string {
  const kind = body ? (body.mediaType === 'application/json' ? 'json' : 'text') : 'none';
  return blocks(
    ['meta', `name: ${place} ${name}`, 'type: http', `seq: ${place}`],
    [method.toLowerCase(), `url: {{baseUrl}}${path}`, `body: ${kind}`, 'auth: inherit'],
    ...(query.length > 0 ? [['params:query', ...query.map((parameter) => `~${parameter.name}: ${parameter.value}`)]] : []),
    ...(body
      ? [
          ['headers', `content-type: ${body.mediaType}`],
          [`body:${kind}`, ...body.text.split('\n')],
        ]
      : []),
    ...(Object.keys(keep).length > 0
      ? [['vars:post-response', ...Object.entries(keep).map(([variable, at]) => `${variable}: res.body.${at}`)]]
      : []),
    ['assert', `res.status: in ${statuses.join(', ')}`],
    ['docs', ...description.split('\n')],
  );
}

function blocks(...all: readonly (readonly string[])[]): string {
  return all.map(([name, ...lines]) => `${name} {\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n}\n`).join('\n');
}
