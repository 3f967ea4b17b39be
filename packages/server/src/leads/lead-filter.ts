import {
  type BulkFilterSchema,
  type CsvOption,
  type ExportLeadsQuerySchema,
  type ListLeadsQuerySchema,
  SELECTABLE_FIELDS,
} from '@leads/contract';
import type * as z from 'zod';
import { fold } from './fold.ts';
import { LEAD_FIELDS } from './lead-fields.ts';

/** What a list takes besides its filters. */
type ListOption = 'page' | 'limit' | 'cursor' | 'sortBy' | 'sortOrder';

type Filters = Omit<z.output<typeof ListLeadsQuerySchema>, ListOption> &
  Omit<z.output<typeof ExportLeadsQuerySchema>, 'format' | CsvOption> &
  z.output<typeof BulkFilterSchema>;

/** What leads can be narrowed by: in a list, an export or a bulk operation. */
export type LeadFilter = { readonly [Name in keyof Filters]?: Filters[Name] | undefined };

/** The condition of a filter; `parameter` takes a value and answers its place in the statement. */
type Condition<Value> = (value: Value, parameter: (value: unknown) => string) => string;

/** A condition for every filter of the contract: one that is missing here does not compile. */
const CONDITIONS: { readonly [Name in keyof Filters]-?: Condition<NonNullable<Filters[Name]>> } = {
  ...bySelectableField(),
  archived: (value, parameter) => `archived = ${parameter(value)}`,
  email: (value, parameter) => `email_lower = ${parameter(fold(value))}`,
  createdAfter: (value, parameter) => `created_at >= ${parameter(new Date(value))}`,
  createdBefore: (value, parameter) => `created_at < ${parameter(new Date(value))}`,
  updatedBefore: (value, parameter) => `updated_at < ${parameter(new Date(value))}`,
  search: (value, parameter) => {
    // Not LIKE, of which the planner, without statistics of personal data, believes that it finds nothing.
    const part = parameter(fold(value));
    return `(strpos(name_lower, ${part}) > 0 or strpos(email_lower, ${part}) > 0)`;
  },
};

/**
 * The conditions of a filter on the table `leads`.
 * @throws where there is a filter that is not known: left out, it would select every lead.
 */
export function filterConditions(filter: LeadFilter, parameter: (value: unknown) => string): string[] {
  return Object.entries(filter).flatMap(([name, value]) => {
    if (!Object.hasOwn(CONDITIONS, name)) throw new Error(`There is no condition for the filter ${name}`);
    return value === undefined ? [] : [CONDITIONS[name as keyof Filters](value as never, parameter)];
  });
}

/**
 * The condition that lets the index of texts find what a search may match: in one workspace, by the place that its id has in the
 * statement, or in all. The conditions of `filterConditions` then decide.
 */
export function textIndexCondition(search: string, workspace: string | undefined, parameter: (value: unknown) => string): string {
  // The index has a list of leads for each three letters in a row. Of a word those that do not overlap are enough, and each list takes time.
  const escaped = fold(search).replace(/[\\%_]/g, '\\$&');
  const text = parameter(`%${escaped.replace(/[\p{L}\p{N}]{3}(?=[\p{L}\p{N}]{3})/gu, '$&%')}%`);
  const condition = `name_lower || chr(10) || email_lower like ${text}`;
  return workspace === undefined ? condition : `workspace_id || '' = ${workspace} and ${condition}`;
}

function bySelectableField(): Record<(typeof SELECTABLE_FIELDS)[number], Condition<unknown>> {
  return Object.fromEntries(
    SELECTABLE_FIELDS.map((field) => {
      const { column, type } = LEAD_FIELDS[field];
      const condition: Condition<unknown> = (value, parameter) =>
        (type as string) === 'text[]' ? `${column} @> array[${parameter(value)}::text]` : `${column} = ${parameter(value)}`;
      return [field, condition];
    }),
  ) as never;
}
