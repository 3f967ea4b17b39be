import type * as z from 'zod';
import { FAR_FUTURE } from '../http/ids.ts';
import type {
  ApiKey,
  ApiKeyWithSecretResponseSchema,
  CreateApiKeySchema,
  ListApiKeysResponseSchema,
  RevokeApiKeyResponseSchema,
  RotateApiKeySchema,
} from './schemas.ts';

const key: ApiKey = {
  id: 'key_1234567890abcdef',
  name: 'CRM sync',
  hint: 'x7Qa',
  scopes: ['leads:read', 'leads:write'],
  createdAt: '2024-01-15T10:30:00.000Z',
  expiresAt: null,
  lastUsedAt: '2024-01-16T15:44:00.000Z',
  revokedAt: null,
  workspaceId: 'ws_1234567890abcdef',
};

// Not of the form of a real one in its entropy: nobody should mistake it for a leaked secret.
const secret = `sk-workspace_${'x'.repeat(47)}x7Qa`;

export const createApiKeyBodies = {
  readOnly: {
    summary: 'A key that can only read, and that stops working by itself',
    value: { name: 'Reporting', scopes: ['leads:read'], expiresAt: FAR_FUTURE },
  },
  sync: { summary: 'A key for a synchronisation', value: { name: 'CRM sync', scopes: ['leads:read', 'leads:write'] } },
} satisfies Record<string, { summary: string; value: z.input<typeof CreateApiKeySchema> }>;

export const rotateApiKeyBodies = {
  overlap: { summary: 'The old key stays valid for an hour', value: { overlapSeconds: 3600 } },
  atOnce: { summary: 'The old key ends at once', value: { overlapSeconds: 0 } },
} satisfies Record<string, { summary: string; value: z.input<typeof RotateApiKeySchema> }>;

export const createdApiKey = {
  created: { summary: 'The new key, with its secret', value: { success: true, data: { ...key, lastUsedAt: null, key: secret } } },
} satisfies Record<string, { summary: string; value: z.input<typeof ApiKeyWithSecretResponseSchema> }>;

export const listedApiKeys = {
  keys: {
    summary: 'The keys of the workspace',
    value: { success: true, data: { apiKeys: [key], pagination: { limit: 20, hasNext: false, nextCursor: null } } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof ListApiKeysResponseSchema> }>;

export const revokedApiKey = {
  revoked: {
    summary: 'The key no longer works',
    value: { success: true, message: 'API key revoked successfully', data: { id: key.id, revokedAt: '2024-01-16T15:45:00.000Z' } },
  },
} satisfies Record<string, { summary: string; value: z.input<typeof RevokeApiKeyResponseSchema> }>;
