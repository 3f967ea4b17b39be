import type { BulkFilter, LeadsExportQuery, LeadStatus } from '../api.generated.ts';
import type { OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Options } from './options.ts';

/** Where a lead can stand. */
export const STATUSES = ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'] as const satisfies readonly LeadStatus[];

/** Which leads: what all of the API's ways to select leads know together. */
export type Filter = BulkFilter & Omit<LeadsExportQuery, 'format'>;

const NAMES = ['status', 'source', 'search', 'email', 'archived', 'createdAfter', 'createdBefore', 'updatedBefore'] as const;
type FilterName = (typeof NAMES)[number];

/** What a list or an export knows. */
export const LIST_FILTERS: readonly FilterName[] = ['status', 'source', 'search', 'email', 'archived', 'createdAfter', 'createdBefore'];
/** What a bulk operation knows. */
export const BULK_FILTERS: readonly FilterName[] = ['status', 'source', 'archived', 'createdBefore', 'updatedBefore'];

const SPECS: Record<FilterName, OptionSpecs[string]> = {
  status: { type: 'string', placeholder: 'STATUS', choices: STATUSES, help: `only leads with this status: ${STATUSES.join(', ')}` },
  source: { type: 'string', placeholder: 'SOURCE', help: 'only leads from exactly this source' },
  search: { type: 'string', placeholder: 'TEXT', help: 'only leads with this in the name or the e-mail address' },
  email: { type: 'string', placeholder: 'ADDRESS', help: 'only leads with exactly this e-mail address' },
  archived: { type: 'string', placeholder: 'true|false', choices: ['true', 'false'], help: 'only leads that are archived, or are not' },
  createdAfter: { type: 'string', placeholder: 'WHEN', help: 'only leads created then (2024-01-31, in UTC, or a full time) or later' },
  createdBefore: { type: 'string', placeholder: 'WHEN', help: 'only leads created before' },
  updatedBefore: { type: 'string', placeholder: 'WHEN', help: 'only leads last changed before' },
};

/** The options that select leads. */
export function filterOptions(names: readonly FilterName[]): OptionSpecs {
  return {
    ...Object.fromEntries(names.map((name) => [optionOf(name), SPECS[name]])),
    filter: { type: 'string', multiple: true, placeholder: 'KEY=VALUE', help: 'the same, as a condition; as often as you like' },
  };
}

/** Reads which leads are meant. @throws {CliError} where a condition is unknown, given twice, or its value cannot be. */
export function readFilter(options: Options, names: readonly FilterName[]): Filter {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const text = options.text(optionOf(name));
    if (text !== undefined) found[name] = valueOf(name, text);
  }
  for (const condition of options.list('filter')) {
    const [, key = '', value] = /^([^=]*)=(.*)$/s.exec(condition) ?? [];
    if (value === undefined) throw usageError(`--filter must be KEY=VALUE, and is “${condition}”.`, `KEY is one of ${names.join(', ')}.`);
    const name = names.find((known) => known === key || optionOf(known) === key);
    if (!name) throw unknownCondition(key, names);
    if (name in found) throw usageError(`There are two conditions on ${name}.`, 'Give one.');
    found[name] = valueOf(name, value);
  }
  return found;
}

/** A filter as one would type it. */
export function describeFilter(filter: Filter): string {
  return Object.entries(filter)
    .map(([name, value]) => `${optionOf(name)} ${String(value)}`)
    .join(', ');
}

function unknownCondition(key: string, names: readonly FilterName[]) {
  if (NAMES.includes(key as FilterName))
    return usageError(
      `This command cannot select by ${key}.`,
      'List them, and pass them on: leads list --search TEXT --all --json > leads.json, or leads list … --all | leads bulk-delete - --yes',
    );
  const meant = nearest(key, names);
  return usageError(`There is no condition “${key}”.`, meant ? `Did you mean: --filter ${meant}=…` : `There are ${names.join(', ')}.`);
}

function valueOf(name: FilterName, text: string): unknown {
  if (name === 'archived') {
    if (text !== 'true' && text !== 'false') throw usageError(`archived must be true or false, and is “${text}”.`);
    return text === 'true';
  }
  if (name === 'status' && !STATUSES.includes(text as LeadStatus)) throw usageError(`status must be one of ${STATUSES.join(', ')}.`);
  return /^(created|updated)/.test(name) ? moment(name, text) : text;
}

function moment(name: string, text: string): string {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()) || (text.includes('T') && !/(Z|[+-]\d\d:\d\d)$/.test(text)))
    throw usageError(`${name} must be a day such as 2024-01-31, or a time such as 2024-01-31T12:00:00Z, and is “${text}”.`);
  return time.toISOString();
}

function optionOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
