import { errorResponses } from '../errors/envelope.ts';
import { WriteHeadersSchema } from '../http/headers.ts';
import { BODY_ERRORS, c, COMMON_ERRORS, type OperationMetadata, WRITE_ERRORS } from '../http/operation.ts';
import { createApiKeyBodies, createdApiKey, listedApiKeys, revokedApiKey, rotateApiKeyBodies } from './examples.ts';
import {
  ApiKeyPathSchema,
  ApiKeyWithSecretResponseSchema,
  CreateApiKeySchema,
  ListApiKeysQuerySchema,
  ListApiKeysResponseSchema,
  RevokeApiKeyResponseSchema,
  RotateApiKeySchema,
} from './schemas.ts';

/** The operations on the API keys of a workspace. */
export const apiKeys = c.router({
  create: {
    method: 'POST',
    path: '/api/v1/api-keys',
    summary: 'Create an API key',
    description:
      'Creates a key for your workspace. The secret is in this answer and never again. A key can only be given scopes that your own key has.',
    headers: WriteHeadersSchema,
    body: CreateApiKeySchema,
    responses: {
      201: ApiKeyWithSecretResponseSchema,
      ...errorResponses(...COMMON_ERRORS, ...BODY_ERRORS, ...WRITE_ERRORS, 'API_KEY_LIMIT_REACHED'),
    },
    metadata: { scope: 'keys:manage', requestExamples: createApiKeyBodies, successExamples: createdApiKey } satisfies OperationMetadata,
  },
  list: {
    method: 'GET',
    path: '/api/v1/api-keys',
    summary: 'List API keys',
    description: 'Lists the keys of your workspace, newest first, without their secrets; expired and revoked ones included.',
    query: ListApiKeysQuerySchema,
    responses: { 200: ListApiKeysResponseSchema, ...errorResponses(...COMMON_ERRORS) },
    metadata: { scope: 'keys:manage', successExamples: listedApiKeys } satisfies OperationMetadata,
  },
  rotate: {
    method: 'POST',
    path: '/api/v1/api-keys/:keyId/rotate',
    summary: 'Rotate an API key',
    description:
      'Creates a key with the same name, scopes and expiry, and lets the old one work on for `overlapSeconds`, so that nothing fails while you replace it. ' +
      'Your own key needs every scope of the key.',
    pathParams: ApiKeyPathSchema,
    headers: WriteHeadersSchema,
    body: RotateApiKeySchema,
    responses: {
      201: ApiKeyWithSecretResponseSchema,
      ...errorResponses(
        ...COMMON_ERRORS,
        ...BODY_ERRORS,
        ...WRITE_ERRORS,
        'API_KEY_NOT_FOUND',
        'API_KEY_NOT_ACTIVE',
        'API_KEY_LIMIT_REACHED',
      ),
    },
    metadata: { scope: 'keys:manage', requestExamples: rotateApiKeyBodies, successExamples: createdApiKey } satisfies OperationMetadata,
  },
  revoke: {
    method: 'DELETE',
    path: '/api/v1/api-keys/:keyId',
    summary: 'Revoke an API key',
    description:
      'Ends a key: at once on the server that answers, within 5 seconds on every other. Revoking it again changes nothing and gets the same answer.',
    pathParams: ApiKeyPathSchema,
    headers: WriteHeadersSchema,
    responses: { 200: RevokeApiKeyResponseSchema, ...errorResponses(...COMMON_ERRORS, ...WRITE_ERRORS, 'API_KEY_NOT_FOUND') },
    metadata: { scope: 'keys:manage', successExamples: revokedApiKey } satisfies OperationMetadata,
  },
});
