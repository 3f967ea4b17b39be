import { resolve, type Schema } from './document.ts';

/** A field or a parameter as a row of the reference. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly personal: boolean;
  readonly description: string;
  /** What a value must be like, beyond its type: `1 to 200 characters`, `default 20`. */
  readonly bounds: readonly string[];
  readonly choices: readonly string[];
  readonly fields: readonly Field[];
}

/** The fields of an object; of what may be one of several objects, a row for each of them. */
export function fieldsOf(schema: Schema): Field[] {
  const { properties, required = [], anyOf, oneOf } = resolve(schema);
  if (!properties) {
    const alternatives = (anyOf ?? oneOf ?? []).map(resolve).filter((alternative) => alternative.properties);
    return alternatives.map((alternative, at) => fieldOf(alternative.title ?? `${at + 1}`, alternative, false));
  }
  return Object.entries(properties).map(([name, field]) => fieldOf(name, field, required.includes(name)));
}

/** The fields of what is answered: there, that a field is always there is nothing to be told. */
export function answeredFields(schema: Schema): Field[] {
  return fieldsOf(schema).map(answered);
}

function answered(field: Field): Field {
  return { ...field, required: false, fields: field.fields.map(answered) };
}

/** A field by its schema, with the fields inside it. */
export function fieldOf(name: string, schema: Schema, required: boolean): Field {
  const { value, nullable } = withoutNull(resolve(schema));
  const item = value.items && withoutNull(resolve(value.items)).value;
  return {
    name,
    type: typeOf(value, item) + (nullable ? ' or null' : ''),
    required,
    personal: value['x-personal-data'] ?? false,
    description: value.description ?? '',
    bounds: boundsOf(value),
    choices: (value.enum ?? item?.enum ?? []).map(String),
    fields: fieldsOf(item ?? value),
  };
}

/** JSON Schema writes a field that may be null as one of two schemas. */
function withoutNull(schema: Schema): { value: Schema; nullable: boolean } {
  const { anyOf, ...own } = schema;
  const others = anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return others.length === 1 ? { value: { ...resolve(others[0]!), ...own }, nullable: true } : { value: schema, nullable: false };
}

function typeOf({ type, format, anyOf, oneOf }: Schema, item: Schema | undefined): string {
  if (item) return `array of ${item.title ?? typeOf(item, undefined)}`;
  const alternatives = anyOf ?? oneOf;
  if (alternatives) return [...new Set(alternatives.map((schema) => typeOf(resolve(schema), undefined)))].join(' or ');
  return FORMATS[format ?? ''] ?? (Array.isArray(type) ? type.join(' or ') : String(type ?? 'any'));
}

const FORMATS: Readonly<Record<string, string>> = { 'date-time': 'date and time', email: 'e-mail address', date: 'date' };

function boundsOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, default: preset } = schema;
  return [
    between(minimum, maximum, ''),
    between(minLength, maxLength, ' characters'),
    between(minItems, maxItems, ' items'),
    preset === undefined ? '' : `default ${JSON.stringify(preset).replaceAll('"', '')}`,
  ].filter((text) => text !== '');
}

function between(least: number | undefined, most: number | undefined, unit: string): string {
  // What JSON Schema's integers are bounded by when nobody bounds them says nothing.
  const from = least && least > Number.MIN_SAFE_INTEGER ? least.toLocaleString('en') : '';
  const to = most !== undefined && most < Number.MAX_SAFE_INTEGER ? most.toLocaleString('en') : '';
  if (to === '') return from && `at least ${from}${unit}`;
  return from ? `${from} to ${to}${unit}` : `at most ${to}${unit}`;
}
