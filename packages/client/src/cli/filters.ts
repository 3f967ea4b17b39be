import type { BulkFilter, LeadRecord, LeadsExportQuery } from '../api.generated.ts';
import { BULK_FILTERS, type Inputs, LEAD_FILTERS } from '../constants.generated.ts';
import type { OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import { optionsFor, readInputs, valueOf, type Words } from './inputs.ts';
import { nearest } from './nearest.ts';
import { optionOf } from './option-name.ts';
import type { Options } from './options.ts';

/** Which leads: what all of the API's ways to select leads know together. */
export type Filter = BulkFilter & Omit<LeadsExportQuery, 'format'>;

type FilterName = keyof typeof LEAD_FILTERS | keyof typeof BULK_FILTERS;

const WORDS = {
  status: ['STATUS', 'only leads with this status'],
  source: ['SOURCE', 'only leads from exactly this source'],
  search: ['TEXT', 'only leads with this in the name or the e-mail address'],
  email: ['ADDRESS', 'only leads with exactly this e-mail address'],
  archived: ['true|false', 'only leads that are archived, or are not'],
  createdAfter: ['WHEN', 'only leads created then (2024-01-31, in UTC, or 2024-01-31T12:00:00Z) or later'],
  createdBefore: ['WHEN', 'only leads created before'],
  updatedBefore: ['WHEN', 'only leads last changed before'],
} satisfies Record<FilterName, Words>;

/** What an export cannot select by, and a bulk operation can, is looked at here, record by record. */
const LOOKED_AT = {
  updatedBefore: ({ lead }, before) => Date.parse(lead.updatedAt) < Date.parse(before),
} satisfies {
  [Name in Exclude<keyof typeof BULK_FILTERS, keyof typeof LEAD_FILTERS>]: (
    record: LeadRecord,
    value: NonNullable<Filter[Name]>,
  ) => boolean;
};

/** What says a condition in another way. */
export const CONDITION_OPTION = {
  filter: { type: 'string', multiple: true, placeholder: 'KEY=VALUE', help: 'the same, as a condition; as often as you like' },
} as const;

/** The options that select leads for a list or an export. */
export const LEAD_FILTER_OPTIONS: OptionSpecs = { ...optionsFor(LEAD_FILTERS, WORDS), ...CONDITION_OPTION };
/** The options that select leads for a bulk operation. */
export const BULK_FILTER_OPTIONS: OptionSpecs = { ...optionsFor(BULK_FILTERS, WORDS), ...CONDITION_OPTION };

/** Reads which leads are meant. @throws {CliError} as `readConditions`. */
export function readFilter(options: Options, filters: Inputs): Filter {
  return readConditions(options, filters);
}

/** Reads conditions, as options and as `--filter`. @throws {CliError} where one is unknown, given twice, or its value cannot be. */
export function readConditions(options: Options, filters: Inputs): Record<string, unknown> {
  const names = Object.keys(filters).map(optionOf);
  const found = readInputs(options, filters);
  for (const condition of options.list('filter')) {
    const [, key = '', text] = /^([^=]*)=(.*)$/s.exec(condition) ?? [];
    if (text === undefined) throw usageError(`--filter must be KEY=VALUE, and is “${condition}”.`, `KEY is one of ${names.join(', ')}.`);
    const name = Object.keys(filters).find((known) => known === key || optionOf(known) === key);
    if (name === undefined) throw unknownCondition(key, names, filters === BULK_FILTERS);
    if (name in found) throw usageError(`There are two conditions on ${optionOf(name)}.`, 'Give one.');
    found[name] = valueOf(`--filter ${optionOf(name)}`, filters[name]!, text);
  }
  return found;
}

/** Splits a filter into what an export selects by, and what its records are looked at for. */
export function exportable(filter: Filter): {
  readonly query: LeadsExportQuery;
  readonly matches: ((record: LeadRecord) => boolean) | null;
} {
  const isLookedAt = ([name]: [string, unknown]) => name in LOOKED_AT;
  const [looked, query] = [Object.entries(filter).filter(isLookedAt), Object.entries(filter).filter((entry) => !isLookedAt(entry))];
  const matches = (record: LeadRecord) =>
    looked.every(([name, value]) => LOOKED_AT[name as keyof typeof LOOKED_AT](record, value as never));
  return { query: Object.fromEntries(query), matches: looked.length > 0 ? matches : null };
}

/** A filter as one would type it. */
export function describeFilter(filter: Filter): string {
  return Object.entries(filter)
    .map(([name, value]) => `${optionOf(name)} ${String(value)}`)
    .join(', ');
}

function unknownCondition(key: string, names: readonly string[], isBulk: boolean) {
  if (isBulk && Object.keys(LEAD_FILTERS).some((known) => key === known || key === optionOf(known)))
    return usageError(
      `This command cannot select by ${key}.`,
      'List them, and pass them on: leads list --search TEXT --all --json > leads.json, or leads list … --all | leads bulk-delete - --yes',
    );
  const meant = nearest(key, names);
  return usageError(`There is no condition “${key}”.`, meant ? `Did you mean: --filter ${meant}=…` : `There are ${names.join(', ')}.`);
}
