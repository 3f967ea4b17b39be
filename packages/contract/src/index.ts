export { contract } from './contract.ts';
export * from './errors/index.ts';
export { parseJson } from './http/json.ts';
export { isUtf8Type } from './http/media-type.ts';
export {
  BODY_ERRORS,
  COMMON_ERRORS,
  WRITE_ERRORS,
  BODY_MAX_BYTES,
  bodyOf,
  type Deprecation,
  type Example,
  type OperationMetadata,
  type PlannedRoute,
} from './http/operation.ts';
export { generateOpenApi } from './openapi/generate.ts';
export { openApiJson, openApiYaml } from './openapi/serialize.ts';
export * from './operations.ts';
export * from './schemas.ts';
