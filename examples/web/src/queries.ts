import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';
import type { View } from './view.ts';

const PAGE_SIZE = 20;
const ENTRIES = 10;

/** Every query about leads begins with it, so that all are read again when leads have changed. */
export const LEADS = 'leads';

/** What narrows a list. */
export type Filter = Partial<Pick<View, 'search' | 'source'>> & { readonly status?: Exclude<View['status'], ''> };

/** What of a view narrows the list. */
export function filterOf({ search, status, source }: View): Filter {
  return { ...(search.trim() && { search: search.trim() }), ...(status && { status }), ...(source && { source }) };
}

/** A page of leads. The last one stays until the next is there; one that is not wanted any more is cancelled. */
export function listQuery(view: View) {
  const { sortBy, sortOrder, page } = view;
  const query = { ...filterOf(view), sortBy, sortOrder, page, limit: PAGE_SIZE };
  return queryOptions({
    queryKey: [LEADS, 'list', query],
    queryFn: async ({ signal }) => client.leads.list(query, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Where leads come from, most first. */
export const sourcesQuery = queryOptions({
  queryKey: [LEADS, 'sources'],
  queryFn: async ({ signal }) => client.leads.stats({}, { signal }),
  select: ({ bySource }) => bySource.flatMap(({ source }) => source ?? []),
});

/** One lead. */
export function leadQuery(id: string) {
  return queryOptions({ queryKey: [LEADS, id], queryFn: async ({ signal }) => client.leads.get(id, { signal }) });
}

/** What was done with a lead, latest first. */
export function activitiesQuery(leadId: string) {
  return infiniteQueryOptions({
    queryKey: [LEADS, leadId, 'activities'],
    queryFn: async ({ signal, pageParam: cursor }) => {
      const { activities: items, pagination } = await client.activities.list(leadId, { limit: ENTRIES, cursor }, { signal });
      return { items, pagination };
    },
    ...byCursor,
  });
}

/** The campaigns that a lead is in. */
export function campaignsQuery(leadId: string) {
  return infiniteQueryOptions({
    queryKey: [LEADS, leadId, 'campaigns'],
    queryFn: async ({ signal, pageParam: cursor }) => {
      const { campaigns: items, pagination } = await client.campaigns.list({ leadId, limit: ENTRIES, cursor }, { signal });
      return { items, pagination };
    },
    ...byCursor,
  });
}

/** What the audit log has of a lead, latest first. */
export function historyQuery(leadId: string) {
  return infiniteQueryOptions({
    queryKey: [LEADS, leadId, 'history'],
    queryFn: async ({ signal, pageParam: cursor }) => {
      const { entries: items, pagination } = await client.auditLog.list({ leadId, limit: ENTRIES, cursor }, { signal });
      return { items, pagination };
    },
    ...byCursor,
  });
}

const byCursor = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ pagination }: { pagination: { nextCursor: string | null } }) => pagination.nextCursor ?? undefined,
};

/** What is looked at before something is done: read when it is asked for, and never behind one's back. */
export const ONCE = { staleTime: Infinity, gcTime: 0 } as const;
