import * as z from 'zod';
import { optionalBody } from '../http/optional-body.ts';
import { FAR_FUTURE, idField, idParameter, timestamp, timestampInput, WorkspaceIdSchema } from '../http/ids.ts';
import { SCOPES, type Scope } from '../http/scopes.ts';
import { CursorPaginationSchema, CursorSchema, LimitSchema } from '../http/pagination.ts';
import { success, successWithMessage } from '../http/success.ts';
import { text } from '../http/text.ts';

/** What every key begins with; 51 random letters and digits follow. */
export const API_KEY_PREFIX = 'sk-workspace_';
/** The form of a key: 64 characters in all. */
export const API_KEY_PATTERN = /^sk-workspace_[A-Za-z0-9]{51}$/;
/** How many active keys a workspace may have. */
export const API_KEYS_MAX_ACTIVE = 100;
/** How long the old key stays valid after a rotation when nothing else is said, in seconds: a day. */
export const ROTATION_OVERLAP_DEFAULT_SECONDS = 86_400;
/** The longest overlap of a rotation, in seconds: 30 days. */
export const ROTATION_OVERLAP_MAX_SECONDS = 2_592_000;

const EXAMPLE_ID = 'key_1234567890abcdef';

/** What a key may be allowed to do. */
export const ScopeSchema = z.enum(Object.keys(SCOPES) as [Scope, ...Scope[]]).meta({
  id: 'Scope',
  title: 'Scope',
  description: Object.entries(SCOPES)
    .map(([scope, meaning]) => `\`${scope}\`: ${meaning}`)
    .join(' '),
  examples: ['leads:read'],
});

const name = text(1, 100).meta({ description: 'What the key is for.', examples: ['CRM sync'], minLength: 1, maxLength: 100 });
const scopes = z
  .array(ScopeSchema)
  .min(1)
  .max(Object.keys(SCOPES).length)
  .refine((list) => new Set(list).size === list.length, 'Must not name a scope twice')
  .meta({ description: 'What the key may do.', examples: [['leads:read', 'leads:write']], uniqueItems: true });

/** An API key, without its secret. */
export const ApiKeySchema = z
  .strictObject({
    id: idField('API key', 'key'),
    name,
    hint: z
      .string()
      .length(4)
      .meta({ description: 'The last four characters of the key, to tell it from others.', examples: ['x7Qa'] }),
    scopes,
    createdAt: timestamp('When the key was created.', '2024-01-15T10:30:00.000Z'),
    expiresAt: timestamp('When the key stops working; null: never.', '2025-01-15T10:30:00.000Z').nullable(),
    lastUsedAt: timestamp('When the key was last used, to within a minute; null: never.', '2024-01-16T15:45:00.000Z').nullable(),
    revokedAt: timestamp('When the key was revoked; null: it is not.', '2024-01-16T15:45:00.000Z').nullable(),
    workspaceId: WorkspaceIdSchema,
  })
  .meta({ id: 'ApiKey', title: 'ApiKey', description: 'An API key, without its secret.' });

/** An API key with its secret: only ever in the answer that creates it. */
export const ApiKeyWithSecretSchema = z
  .strictObject({
    ...ApiKeySchema.shape,
    key: z
      .string()
      .regex(API_KEY_PATTERN)
      .meta({
        description: 'The key itself. Shown this once; only a hash of it is kept.',
        examples: [`${API_KEY_PREFIX}${'x'.repeat(47)}x7Qa`],
      }),
  })
  .meta({ id: 'ApiKeyWithSecret', title: 'ApiKeyWithSecret', description: 'A new API key, with its secret.' });

/** The body of `apiKeys.create`. */
export const CreateApiKeySchema = z
  .strictObject({
    name,
    scopes,
    expiresAt: timestampInput('When the key stops working; never when left out or null.', FAR_FUTURE).nullable().optional(),
  })
  .meta({ id: 'CreateApiKeyRequest', title: 'CreateApiKeyRequest', description: 'A new API key.' });

/** The body of `apiKeys.rotate`. */
export const RotateApiKeySchema = optionalBody(
  z.strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(ROTATION_OVERLAP_MAX_SECONDS)
      .default(ROTATION_OVERLAP_DEFAULT_SECONDS)
      .meta({ description: 'How long the old key stays valid, in seconds; 0 ends it at once.', examples: [3600] }),
  }),
).meta({ id: 'RotateApiKeyRequest', title: 'RotateApiKeyRequest', description: 'How to rotate an API key.' });

/** The path of an operation on one key. */
export const ApiKeyPathSchema = z.strictObject({ keyId: idParameter('API key', EXAMPLE_ID) });

/** The query of `apiKeys.list`. */
export const ListApiKeysQuerySchema = z.strictObject({ limit: LimitSchema, cursor: CursorSchema.optional() });

/** The answer of `apiKeys.list`: newest first, expired and revoked keys included. */
export const ListApiKeysResponseSchema = success(
  'ListApiKeysResponse',
  z.strictObject({
    apiKeys: z.array(ApiKeySchema).meta({ description: 'The keys of this page, newest first.' }),
    pagination: CursorPaginationSchema,
  }),
);

/** The answer of `apiKeys.create` and `apiKeys.rotate`. */
export const ApiKeyWithSecretResponseSchema = success('ApiKeyWithSecretResponse', ApiKeyWithSecretSchema);

/** The answer of `apiKeys.revoke`. */
export const RevokeApiKeyResponseSchema = successWithMessage(
  'RevokeApiKeyResponse',
  'API key revoked successfully',
  z.strictObject({ id: idField('API key', 'key'), revokedAt: timestamp('When the key was revoked.', '2024-01-16T15:45:00.000Z') }),
);

/** An API key as the API answers it. */
export type ApiKey = z.infer<typeof ApiKeySchema>;
