/** The OpenAPI document of the contract, for what is written out of it. */
import { generateOpenApi } from '@leads/contract';

/** A schema of the document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly 'x-personal-data'?: boolean;
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** An operation of the document. */
export interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly ({ readonly $ref: string } | Parameter)[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
/** A body by media type. */
export type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
  };
}

const document = generateOpenApi() as unknown as Document;
const { parameters } = document.components;

/** The schemas that have a name. */
export const { schemas } = document.components;

/** The operations, by id. */
export const documented: ReadonlyMap<string, DocumentedOperation> = new Map(
  Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map((operation) => [operation.operationId, operation] as const),
  ),
);

/** The parameters of an operation, shared ones too. */
export function parametersOf(operation: DocumentedOperation): Parameter[] {
  return (operation.parameters ?? []).map((parameter) =>
    '$ref' in parameter ? parameters[parameter.$ref.split('/').at(-1)!]! : parameter,
  );
}

/** What a reference stands for. */
export function resolve<Part extends object>(part: Part): Part & Schema {
  const { $ref } = part as { $ref?: string };
  if (!$ref) return part;
  let target: unknown = document;
  for (const step of $ref.slice(2).split('/')) target = (target as Record<string, unknown>)[step];
  return resolve(target as Part);
}

/** A value as it stands in a program. */
export function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);
}
