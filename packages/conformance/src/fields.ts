import * as z from 'zod';

/** What a JSON Schema says of one field. */
export interface Bounds {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: Bounds;
  readonly anyOf?: readonly Bounds[];
  readonly properties?: Readonly<Record<string, Bounds>>;
  readonly required?: readonly string[];
}

/** A field of a body, or a parameter. */
export interface Field {
  readonly name: string;
  readonly bounds: Bounds;
  readonly nullable: boolean;
  readonly required: boolean;
  /** The fields of one that is an object itself. */
  readonly fields: readonly Field[];
  /** Whether the schema takes a value. */
  readonly allows: (value: unknown) => boolean;
}

/** The fields of an object, as its schema has them; none for a schema of another kind. */
export function fieldsOf(schema: z.ZodType | undefined): readonly Field[] {
  if (!schema) return [];
  const root = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Bounds & { readonly $defs?: Record<string, Bounds> };
  return fields(schema, root);

  function fields(parent: z.ZodType, node: Bounds): Field[] {
    const { properties = {}, required = [] } = resolved(node);
    const shape = shapeOf(parent);
    return Object.entries(properties).flatMap(([name, field]) => {
      const part = shape[name];
      if (!part) return [];
      const bounds = merged(field);
      return {
        name,
        bounds,
        nullable: part.safeParse(null).success,
        required: required.includes(name),
        fields: fields(part, bounds),
        allows: (value) => part.safeParse(value).success,
      };
    });
  }

  function merged(field: Bounds): Bounds {
    const outer = resolved(field);
    const branch = outer.anyOf?.find(({ type }) => type !== 'null');
    const all = { ...(branch && resolved(branch)), ...outer };
    return all.items ? { ...all, items: merged(all.items) } : all;
  }

  function resolved(node: Bounds): Bounds {
    return node.$ref ? { ...root.$defs?.[node.$ref.replace('#/$defs/', '')], ...node } : node;
  }
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> {
  if (schema instanceof z.ZodObject) return schema.shape;
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wraps ? shapeOf(schema.unwrap() as z.ZodType) : {};
}
