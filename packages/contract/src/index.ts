export * from './activities/schemas.ts';
export * from './api-keys/schemas.ts';
export * from './audit-log/schemas.ts';
export * from './backups/schemas.ts';
export * from './campaigns/schemas.ts';
export { contract } from './contract.ts';
export * from './deletions/schemas.ts';
export * from './erasures/schemas.ts';
export * from './errors/envelope.ts';
export * from './errors/registry.ts';
export * from './errors/validation-issue.ts';
export * from './http/headers.ts';
export * from './http/ids.ts';
export { parseJson } from './http/json.ts';
export { isWithinSize, METADATA_MAX_DEPTH, tooLarge } from './http/metadata.ts';
export {
  BODY_ERRORS,
  COMMON_ERRORS,
  WRITE_ERRORS,
  BODY_MAX_BYTES,
  bodyOf,
  SCOPES,
  type Deprecation,
  type Example,
  type OperationMetadata,
  type PlannedRoute,
  type Scope,
} from './http/operation.ts';
export * from './http/pagination.ts';
export { REQUEST_ID_PATTERN } from './http/request-id.ts';
export { personalDataFields } from './http/personal-data.ts';
export * from './jobs/schemas.ts';
export * from './leads/bulk-filter.ts';
export * from './leads/bulk-outcome.ts';
export * from './leads/bulk-schemas.ts';
export * from './leads/csv-columns.ts';
export * from './leads/record.ts';
export * from './leads/schemas.ts';
export * from './leads/transfer-schemas.ts';
export * from './operations.ts';
export { generateOpenApi } from './openapi/generate.ts';
export { openApiJson, openApiYaml } from './openapi/serialize.ts';
