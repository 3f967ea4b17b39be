import { stringify } from 'yaml';
import { generateOpenApi } from './generate.ts';

/** The OpenAPI document as JSON, as it is published. */
export function openApiJson(): string {
  return JSON.stringify(generateOpenApi(), null, 2) + '\n';
}

/** The OpenAPI document as YAML; what YAML 1.1 would take for a date or a yes is quoted. */
export function openApiYaml(): string {
  return stringify(generateOpenApi(), { aliasDuplicateObjects: false, lineWidth: 0, compat: 'yaml-1.1' });
}
