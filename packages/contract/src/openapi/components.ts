import * as z from 'zod';
import { isTextForPeople } from '../http/text.ts';

/** A node of an OpenAPI document. */
export type Json = { [key: string]: unknown };

/**
 * The components of a document, collected while its operations are written. A name stands for one thing only: two
 * different things under one name are an error, never a silent overwrite.
 */
export class Components {
  readonly #sections = new Map<string, Map<string, Json>>();

  /** Adds a component and returns the reference to it. */
  add(section: string, name: string, value: Json): Json {
    const components = this.#sections.get(section) ?? new Map<string, Json>();
    this.#sections.set(section, components);
    const known = components.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(value)) {
      throw new Error(`Two different components are named ${section}/${name}. Give one of the schemas another id in its meta().`);
    }
    components.set(name, value);
    return { $ref: `#/components/${section}/${name}` };
  }

  /**
   * The JSON Schema of a zod schema, whatever has an `id` in it turned into a component. What is sent (`input`) is as exact as
   * our own checks; what is answered (`output`) leaves room for more fields and for other words.
   */
  schema(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema, $defs, ...root } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (isTextForPeople(zodSchema)) {
          delete jsonSchema.const;
          jsonSchema['x-for-people'] = true;
        }
        // An answer may gain fields; a request with a field that nobody knows is refused.
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        // Generated clients take a field of a body that has a default for one that must be sent.
        if (io === 'input' && jsonSchema.default !== undefined) {
          jsonSchema.description = `${jsonSchema.description ?? ''} \`${JSON.stringify(jsonSchema.default)}\` when left out.`.trim();
          delete jsonSchema.default;
        }
        // Implied by the JavaScript integer and by `format`, and noise to a reader.
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.format?.startsWith('date')) delete jsonSchema.pattern;
      },
    }) as Json & { $defs?: Record<string, Json> };
    for (const [name, definition] of Object.entries($defs ?? {})) this.add('schemas', name, published(definition));
    return published(root);
  }

  /** The `components` object: sections and names in alphabetical order. */
  toJSON(): Json {
    const sorted = (entries: Iterable<[string, unknown]>) => Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return sorted([...this.#sections].map(([section, components]) => [section, sorted(components)]));
  }
}

function published(schema: Json): Json {
  const { id: _, ...rest } = schema;
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
