import type { LeadStatus } from '@leads/client';
import { STATUSES } from './status-badge.tsx';

/** What a list can be sorted by. */
export const SORTS = ['createdAt', 'name', 'email', 'status'] as const;

/** What the page shows: all of it stands in the address. */
export interface View {
  readonly search: string;
  readonly status: LeadStatus | '';
  readonly source: string;
  readonly sortBy: (typeof SORTS)[number];
  readonly sortOrder: 'asc' | 'desc';
  readonly page: number;
  /** The id of the lead that is open. */
  readonly lead: string;
}

/** What the page shows at first. */
export const FIRST_VIEW: View = { search: '', status: '', source: '', sortBy: 'createdAt', sortOrder: 'desc', page: 1, lead: '' };

/** What an address asks for; what it asks for wrongly is as at first. */
export function viewOf(hash: string): View {
  const given = new URLSearchParams(hash.slice(1));
  const text = (name: keyof View) => given.get(name) ?? '';
  const oneOf = <Value extends string>(values: readonly Value[], name: keyof View) => values.find((value) => value === text(name));
  const page = Number(text('page'));
  return {
    search: text('search').slice(0, 100),
    status: oneOf(STATUSES, 'status') ?? FIRST_VIEW.status,
    source: text('source'),
    sortBy: oneOf(SORTS, 'sortBy') ?? FIRST_VIEW.sortBy,
    sortOrder: oneOf(['asc', 'desc'], 'sortOrder') ?? FIRST_VIEW.sortOrder,
    page: Number.isSafeInteger(page) && page > 0 ? page : FIRST_VIEW.page,
    lead: text('lead'),
  };
}

/** The address of a view. A fragment, because a search is a name or an address of a person, and servers write down what they are asked for. */
export function hashOf(view: View): string {
  const said = Object.entries(view).filter(([name, value]) => value !== FIRST_VIEW[name as keyof View]);
  return said.length === 0 ? '' : `#${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`;
}
