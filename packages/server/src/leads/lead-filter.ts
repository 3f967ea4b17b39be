import type { LeadStatus } from '@leads/contract';

/** What leads can be narrowed by: in a list, an export or a bulk operation. */
export interface LeadFilter {
  readonly status?: LeadStatus | undefined;
  readonly source?: string | undefined;
  readonly archived?: boolean | undefined;
  readonly search?: string | undefined;
  readonly email?: string | undefined;
  readonly createdAfter?: string | undefined;
  readonly createdBefore?: string | undefined;
  readonly updatedBefore?: string | undefined;
}

/** The conditions of a filter on the table `leads`; `parameter` takes a value and answers its place in the statement. */
export function filterConditions(filter: LeadFilter, parameter: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  for (const column of ['status', 'source', 'archived'] as const) {
    if (filter[column] !== undefined) conditions.push(`${column} = ${parameter(filter[column])}`);
  }
  if (filter.email !== undefined) conditions.push(`email_lower = ${parameter(filter.email.toLowerCase())}`);
  if (filter.createdAfter !== undefined) conditions.push(`created_at >= ${parameter(new Date(filter.createdAfter))}`);
  if (filter.createdBefore !== undefined) conditions.push(`created_at < ${parameter(new Date(filter.createdBefore))}`);
  if (filter.updatedBefore !== undefined) conditions.push(`updated_at < ${parameter(new Date(filter.updatedBefore))}`);
  if (filter.search !== undefined) {
    // Not LIKE, of which the planner, without statistics of personal data, believes that it finds nothing.
    const part = parameter(filter.search.toLowerCase());
    conditions.push(`(strpos(name_lower, ${part}) > 0 or strpos(email_lower, ${part}) > 0)`);
  }
  return conditions;
}

/** The condition that lets the index find what a search may match; those of `filterConditions` then decide. */
export function textIndexCondition(search: string, parameter: (value: unknown) => string): string {
  return `name_lower || chr(10) || email_lower like ${parameter(`%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`)}`;
}
