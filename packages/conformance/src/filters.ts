import { BulkFilterSchema, type OperationId, OPERATIONS } from '@leads/contract';
import type * as z from 'zod';
import { NO_FILTERS, type UnexplainedFilter } from './contract-types.ts';
import { type Field, fieldsOf } from './fields.ts';

/** Something that a list holds. */
export type Item = Readonly<Record<string, unknown>>;

/** A condition of a list: what it selects, and values of which some select something and some do not. */
export interface Filter {
  readonly name: string;
  readonly selects: (item: Item, value: string) => boolean;
  /** Enough values to tell a filter from one that is not looked at, looks at a part only, or takes a character for a wildcard. */
  readonly values: (items: readonly Item[]) => string[];
}

type Meaning = Omit<Filter, 'name'>;

/** What filters mean whose names do not say it, or not all of it. */
const MEANINGS: Record<UnexplainedFilter, Meaning> & Readonly<Record<string, Meaning>> = {
  archived: {
    selects: ({ metadata }, value) => String((metadata as Item)['archived'] === true) === value,
    values: () => ['true', 'false'],
  },
  search: {
    selects: ({ name, email }, value) => [name, email].some((text) => folded(text).includes(folded(value))),
    values: (items) =>
      spread(items, 'name')
        .concat(spread(items, 'email'))
        .flatMap((text) => nearMisses(text.slice(1, 9)))
        .concat(items.slice(0, 3).flatMap(acrossNameAndEmail)),
  },
  email: {
    selects: ({ email }, value) => folded(email) === folded(value),
    values: (items) => spread(items, 'email').flatMap(nearMisses),
  },
  leadId: {
    selects: (item, value) => leadIdsOf(item).includes(value),
    values: (items) =>
      spread(
        items.map((item) => ({ ids: leadIdsOf(item) })),
        'ids',
      ).flatMap(nearMisses),
  },
  from: { selects: ({ at }, value) => moment(at) >= moment(value), values: (items) => moments(items, 'at') },
  to: { selects: ({ at }, value) => moment(at) < moment(value), values: (items) => moments(items, 'at') },
};

/** The filters of an operation that lists or exports. */
export function filtersOf(operation: OperationId): Filter[] {
  return filtersIn(OPERATIONS.find(({ id }) => id === operation)!.route.query as z.ZodType);
}

/** The filters of the operations that do something to what a filter selects. */
export function bulkFilters(): Filter[] {
  return filtersIn(BulkFilterSchema);
}

function filtersIn(schema: z.ZodType): Filter[] {
  const names: readonly string[] = NO_FILTERS;
  return fieldsOf(schema)
    .filter(({ name }) => !names.includes(name))
    .map((field) => {
      const { selects, values } = MEANINGS[field.name] ?? meaningOf(field);
      return { name: field.name, selects, values: (items) => [...new Set(values(items))].filter((value) => isTaken(field, value)) };
    });
}

function isTaken({ allows, bounds }: Field, value: string): boolean {
  return allows(value) || (bounds.type === 'boolean' && allows(value === 'true'));
}

/** What the name of a filter says: the field of that name is the value, or a moment is before or after it. */
function meaningOf({ name, bounds }: Field): Meaning {
  const [, field, side] = /^(.+)(After|Before)$/.exec(name) ?? [];
  if (side === 'After')
    return { selects: (item, value) => moment(item[`${field}At`]) >= moment(value), values: (items) => moments(items, `${field}At`) };
  if (side === 'Before')
    return { selects: (item, value) => moment(item[`${field}At`]) < moment(value), values: (items) => moments(items, `${field}At`) };
  return {
    selects: (item, value) => textsOf(item[name]).includes(value),
    values: (items) => bounds.enum?.slice() ?? (bounds.type === 'boolean' ? ['true', 'false'] : spread(items, name).flatMap(nearMisses)),
  };
}

/** The leads of an item. A campaign of these checks is named after those that are in it. */
function leadIdsOf(item: Item): string[] {
  return 'leadId' in item ? [String(item['leadId'])] : String(item['name']).split(' ').slice(1);
}

/** A value as it is written in a query; each of several, and none where there is none. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return value === null || value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value)];
}

function folded(text: unknown): string {
  return String(text).toLowerCase().normalize('NFC');
}

function moment(text: unknown): number {
  return Date.parse(String(text));
}

/** Some of the values that the items have. */
function spread(items: readonly Item[], name: string): string[] {
  const all = [...new Set(items.flatMap((item) => textsOf(item[name])))].toSorted();
  return [0, 0.5, 1].map((at) => all[Math.floor(at * (all.length - 1))]).filter((value) => value !== undefined);
}

/** A value, and what is like it but another one. */
function nearMisses(value: string): string[] {
  return [
    value,
    value.toUpperCase(),
    value.slice(1),
    `${value}x`,
    value.replace(/[a-z]/i, '_'),
    value.replace(/[a-z]/i, '%'),
    `no${value}`,
  ];
}

/** What is found only where the two are searched as one text. */
function acrossNameAndEmail({ name, email }: Item): string[] {
  return ['', ' '].map((between) => String(name).slice(-2) + between + String(email).slice(0, 2));
}

/** Each moment at its edge, and one with another offset. */
function moments(items: readonly Item[], name: string): string[] {
  const all = spread(items, name);
  const later = (text: string, by: number) => new Date(moment(text) + by).toISOString();
  const elsewhere = (text: string) => later(text, 7_200_000).replace('Z', '+02:00');
  return [...all, ...all.map((text) => later(text, 1)), ...all.slice(1, 2).map(elsewhere)];
}
