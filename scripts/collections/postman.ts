import { BASE_URL, type CollectionRequest, collectionRequests } from './requests.ts';

/** The collection for Postman, in the format v2.1 that Insomnia, Hoppscotch, Bruno and others read, too. */
export function postmanCollection(): string {
  const collection = {
    info: {
      name: 'Leads API',
      description: 'Set apiKey, and run it from top to bottom. It works on what it makes itself, and takes it away in the end.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: BASE_URL },
      { key: 'apiKey', value: '' },
    ],
    item: collectionRequests().map(item),
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function item({ name, description, method, path, query, body, statuses, keep }: CollectionRequest): object {
  return {
    name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: script(statuses, keep) } }],
    request: {
      description,
      method,
      header: body ? [{ key: 'Content-Type', value: body.mediaType }] : [],
      url: {
        raw: `{{baseUrl}}${path}`,
        host: ['{{baseUrl}}'],
        path: path.split('/').slice(1),
        query: query.map((parameter) => ({
          key: parameter.name,
          value: parameter.value,
          description: parameter.description,
          disabled: true,
        })),
      },
      ...(body && { body: { mode: 'raw', raw: body.text } }),
    },
  };
}

function script(statuses: readonly number[], keep: CollectionRequest['keep']): string[] {
  return [
    `pm.test('is answered with ${statuses.join(' or ')}', () => pm.expect(pm.response.code).to.be.oneOf([${statuses.join(', ')}]));`,
    ...Object.entries(keep).map(([name, path]) => `pm.collectionVariables.set('${name}', pm.response.json().${path});`),
  ];
}
