import type { contract } from '../contract.ts';
import type { Json } from './components.ts';

const description = `
Manage the leads of your workspace: create, list, read, update, and delete them for good.

**Authentication.** Send your API key as \`Authorization: Bearer sk-workspace_…\`. The key selects the workspace and has scopes; each operation names the one it needs.

**Envelopes.** Every answer is JSON: \`{ "success": true, "data": … }\`, or \`{ "success": false, "error", "code", "details" }\`. Decide by \`code\`; \`error\` is for people.

**Safe repetition.** Send an \`Idempotency-Key\` with any change: the same request with the same key within 24 hours changes nothing again and gets the first answer.

**Versions.** Every lead has an \`ETag\`. Send it as \`If-Match\` to change or delete only what you have seen.

**Rate limit.** By default a key may make 1,000 requests in any 60 minutes. Every authenticated answer says where you stand in its \`X-RateLimit-*\` headers.

**Request ids.** Every answer carries \`X-Request-Id\`. Send your own to find a request again in the logs: a UUID, a ULID or a W3C trace id. Any other is replaced, because it could name a person.
`.trim();

/** The headings of the reference, by resource of the contract. */
export const TAGS = {
  leads: { name: 'Leads', description: 'People who may become customers.' },
  activities: { name: 'Activities', description: 'What happened with a lead. It goes when the lead is deleted.' },
  campaigns: { name: 'Campaigns', description: 'What leads take part in. An active one holds up the deletion of its leads.' },
  backups: { name: 'Backups', description: 'Copies of leads, from which a deleted lead can be restored for a while.' },
  jobs: { name: 'Jobs', description: 'Bulk operations that run in the background.' },
  deletions: { name: 'Deletions', description: 'What proves that a lead was deleted.' },
  erasures: { name: 'Erasures', description: 'Taking away all that is left of a person.' },
  auditLog: { name: 'Audit log', description: 'Who did what to which lead.' },
  apiKeys: { name: 'API keys', description: 'The API keys of the workspace.' },
} satisfies Record<keyof typeof contract, { name: string; description: string }>;

/** The parts of the OpenAPI document that no operation determines. */
export const BASE_DOCUMENT: Json = {
  openapi: '3.1.0',
  info: {
    title: 'Leads API',
    version: '1.0.0',
    summary: 'Manage leads, and delete them safely.',
    description,
    license: { name: 'MIT', identifier: 'MIT' },
    contact: { name: 'The maintainers of the Leads API' },
  },
  servers: [
    // A plain address: many tools take no variables in it.
    { url: 'http://127.0.0.1:3000', description: 'Your server; the mock listens on port 4010.' },
  ],
  tags: Object.values(TAGS),
  security: [{ apiKey: [] }],
};
