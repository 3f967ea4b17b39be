import { answered, type Defect, defect, ignored, type Json, sent, told } from '../support/broken-server.ts';

const LISTS = /\.list|\.listLeads|\.listOutcomes/;
const itemsOf = (data: Json): Json[] => Object.values(data as object).find(Array.isArray) ?? [];
const whole = (id: string) => `lists: ${id} shows each item once, as it is, whatever the size of a page`;
const by = (selection: string, ...filters: string[]) => `filters: ${selection} by ${filters.join(' and ')}`;

/** What goes wrong with lists, filters, exports and statistics. */
export const listDefects: readonly Defect[] = [
  defect(
    'a page that repeats a lead',
    'list: a walk by cursor neither repeats nor skips a lead while others are deleted and created',
    told('leads.list', ({ leads }, { query }) => query.has('cursor') && leads.length > 1 && leads.splice(1, 1, leads[0])),
  ),
  defect(
    'a page that skips a lead',
    whole('leads.list'),
    told('leads.list', ({ leads }, { query }) => query.has('cursor') && leads.shift()),
  ),
  defect(
    'the last item missing on a full page only',
    whole('backups.list'),
    told(LISTS, (data) => itemsOf(data).length === data.pagination?.limit && itemsOf(data).pop()),
  ),
  defect(
    'an item missing in a list of no more than a page',
    whole('campaigns.listLeads'),
    told('campaigns.listLeads', (data) => !data.pagination.hasNext && data.enrollments.shift()),
  ),
  defect(
    'a field of an item that is another one in the list',
    whole('jobs.list'),
    told('jobs.list', ({ jobs }) => jobs.forEach((job: Json) => (job.succeeded += 1))),
  ),
  defect(
    'hasNext always false',
    whole('activities.list'),
    told('activities.list', ({ pagination }) => (pagination.hasNext = false)),
  ),
  defect(
    'hasNext on the last page',
    'lists: apiKeys.list is in its order',
    told('apiKeys.list', ({ pagination }) => (pagination.hasNext = true)),
  ),
  defect(
    'an empty page at the end',
    whole('auditLog.list'),
    answered('auditLog.list', ({ body }) => {
      const { entries, pagination } = body?.data ?? {};
      if (!pagination || entries.length < pagination.limit || pagination.hasNext) return;
      Object.assign(pagination, { hasNext: true, nextCursor: 'x' });
    }),
  ),
  defect(
    'the default limit is 10',
    'lists: leads.list has 20 items on a page when limit is left out',
    sent('leads.list', ({ query }) => !query.has('limit') && query.set('limit', '10')),
  ),
  defect(
    'the default limit of jobs is 25',
    'lists: jobs.list has 20 items on a page when limit is left out',
    sent('jobs.list', ({ query }) => !query.has('limit') && query.set('limit', '25')),
  ),
  defect(
    'a total that counts the page',
    'lists: leads.list has numbered pages that show every item once, and say where they stand',
    told('leads.list', (data) => (data.pagination.total = data.leads.length)),
  ),
  defect(
    'pages that begin at 0',
    'lists: leads.list has numbered pages that show every item once, and say where they stand',
    told('leads.list', ({ pagination }) => (pagination.hasPrev = pagination.page > 0)),
  ),
  defect(
    'the number of a page by cursor',
    whole('leads.list'),
    told('leads.list', ({ pagination }, { query }) => query.has('cursor') && (pagination.page = 1)),
  ),
  defect(
    'a total that is wrong with search',
    by('leads.list', 'search'),
    told('leads.list', ({ pagination }, { query }) => query.has('search') && (pagination.total += 1)),
  ),
  defect(
    'a total that does not know archived',
    by('leads.list', 'source', 'archived'),
    told('leads.list', ({ pagination }, { query }) => query.has('archived') && (pagination.total = 24)),
  ),
  defect(
    'a search that minds capital letters',
    by('leads.list', 'search'),
    told('leads.list', (data, { query }) => {
      const search = query.get('search');
      if (search !== null)
        data.leads = data.leads.filter(({ name, email }: Record<string, string>) => `${name}\n${email}`.includes(search));
    }),
  ),
  defect(
    'a search in names only',
    by('leads.list', 'search'),
    told('leads.list', (data, { query }) => {
      const search = query.get('search')?.toLowerCase();
      if (search !== undefined) data.leads = data.leads.filter(({ name }: Record<string, string>) => name!.toLowerCase().includes(search));
    }),
  ),
  defect(
    'an address of which a part is enough',
    by('leads.list', 'email'),
    sent('leads.list', ({ query }) => rename(query, 'email', 'search')),
  ),
  defect(
    '_ is a wildcard',
    by('leads.list', 'search'),
    sent(
      'leads.list',
      ({ query }) =>
        query.get('search')?.includes('_') &&
        query.set(
          'search',
          query
            .get('search')!
            .split('_')
            .toSorted((a, b) => b.length - a.length)[0]! || 'o',
        ),
    ),
  ),
  defect(
    '% is a wildcard',
    by('leads.export', 'search'),
    sent('leads.export', ({ query }) => query.get('search')?.includes('%') && query.delete('search')),
  ),
  defect('createdAfter ignored', by('leads.list', 'createdAfter'), ignored('leads.list', 'createdAfter', isMoment)),
  defect(
    'createdAfter that leaves out its moment',
    by('leads.list', 'createdAfter'),
    sent('leads.list', ({ query }) => later(query, 'createdAfter')),
  ),
  defect('createdBefore ignored', by('leads.list', 'createdBefore'), ignored('leads.list', 'createdBefore', isMoment)),
  defect(
    'createdBefore that takes its moment in',
    by('leads.list', 'createdBefore'),
    sent('leads.list', ({ query }) => later(query, 'createdBefore')),
  ),
  defect(
    'createdBefore ignored together with status',
    by('leads.list', 'status', 'createdBefore'),
    sent('leads.list', ({ query }) => query.has('status') && query.delete('createdBefore')),
  ),
  defect(
    'archived ignored',
    by('leads.list', 'archived'),
    ignored('leads.list', 'archived', (value) => /true|false/.test(value)),
  ),
  defect(
    'archived ignored together with search',
    by('leads.list', 'search', 'archived'),
    sent('leads.list', ({ query }) => query.has('search') && query.delete('archived')),
  ),
  defect(
    'a source in any case',
    by('leads.list', 'source'),
    sent('leads.list', ({ query }) => query.has('source') && query.set('source', query.get('source')!.toLowerCase())),
  ),
  defect(
    'a status ignored without a source',
    by('leads.list', 'status'),
    sent('leads.list', ({ query }) => !query.has('source') && query.get('status') === 'lost' && query.delete('status')),
  ),
  defect(
    'sortBy ignored',
    'lists: leads.list sorts by name, asc',
    ignored('leads.list', 'sortBy', (value) => value === 'name'),
  ),
  defect(
    'sortBy updatedAt that is createdAt',
    'lists: leads.list sorts by updatedAt, desc',
    sent('leads.list', ({ query }) => query.get('sortBy') === 'updatedAt' && query.set('sortBy', 'createdAt')),
  ),
  defect(
    'an order ignored',
    'lists: leads.list sorts by email, asc',
    sent('leads.list', ({ query }) => query.get('sortOrder') === 'asc' && query.set('sortOrder', 'desc')),
  ),
  defect(
    'activities oldest first',
    'lists: activities.list is in its order',
    told('activities.list', (data) => (data.activities = data.activities.toReversed())),
  ),
  defect(
    'moments in whole seconds',
    'lists: backups.list has moments to the millisecond',
    told(/^backups/, (data) => JSON.stringify(data).includes('createdAt') && roundMoments(data)),
  ),
  defect('leadId of campaigns ignored', by('campaigns.list', 'leadId'), ignored('campaigns.list', 'leadId')),
  defect(
    'status of campaigns ignored',
    by('campaigns.list', 'status'),
    ignored('campaigns.list', 'status', (value) => value !== 'no_such_value'),
  ),
  defect(
    'action of the audit log ignored',
    by('auditLog.list', 'action'),
    ignored('auditLog.list', 'action', (value) => value.startsWith('backup')),
  ),
  defect(
    'keyId of the audit log ignored',
    by('auditLog.list', 'keyId'),
    ignored('auditLog.list', 'keyId', (value) => value.length < 60),
  ),
  defect(
    'to of the audit log that takes its moment in',
    by('auditLog.list', 'to'),
    sent('auditLog.list', ({ query }) => later(query, 'to')),
  ),
  defect(
    'leadId of backups ignored',
    by('backups.list', 'leadId'),
    ignored('backups.list', 'leadId', (value) => value.startsWith('lead_') || value.startsWith('ead_')),
  ),
  defect(
    'outcome of a job ignored',
    by('jobs.listOutcomes', 'outcome'),
    ignored('jobs.listOutcomes', 'outcome', (value) => value === 'failed'),
  ),
  defect(
    'an export that ignores the status',
    by('leads.export', 'status'),
    ignored('leads.export', 'status', (value) => value !== 'no_such_value'),
  ),
  defect(
    'an export that lacks its last lead',
    by('leads.export', 'source'),
    answered('leads.export', (answer) => (answer.text = answer.text.replace(/[^\n]+\n([^\n]+\n)$/, '$1'))),
  ),
  defect(
    'an export without activities',
    'export and import: deleted leads come back equal',
    answered('leads.export', (answer) => (answer.text = answer.text.replace(/"activities": ?\[[^\]]*\]/g, '"activities":[]'))),
  ),
  defect(
    'createdBefore of a bulk filter ignored',
    by('leads.bulkDelete', 'createdBefore'),
    sent('leads.bulkDelete', ({ json }) => json?.filter?.createdBefore && delete json.filter.createdBefore),
  ),
  defect(
    'archived of a bulk filter turned round',
    by('leads.bulkArchive', 'archived'),
    sent(
      'leads.bulkArchive',
      ({ json }) => json?.filter && 'archived' in json.filter && (json.filter.archived = json.filter.archived === false),
    ),
  ),
  defect(
    'updatedBefore of a bulk filter that is createdBefore',
    by('leads.bulkAnonymize', 'updatedBefore'),
    sent('leads.bulkAnonymize', ({ json }) => {
      if (!json?.filter?.updatedBefore) return;
      const { updatedBefore: createdBefore, ...filter } = json.filter;
      json.filter = { ...filter, createdBefore };
    }),
  ),
  defect(
    'an unknown key of a bulk filter dropped',
    'bounds: leads.bulkDelete body.filter.unknown, a name that is not known',
    sent('leads.bulkDelete', ({ json }) => json?.filter?.unknown && (json.filter = { status: 'new' })),
  ),
  defect(
    'CSV without the guard against formulas',
    'export: CSV has no field that a spreadsheet would take for a formula',
    answered('leads.export', (answer) => (answer.text = answer.text.replace(/(^|,|")'(?=[=+\-@])/gm, '$1'))),
  ),
  defect(
    'CSV without a column',
    'export: CSV has a column for each field, and the content of each lead',
    answered('leads.export', (answer) => (answer.text = answer.text.replace('phone,', 'telephone,'))),
  ),
  defect(
    'CSV with an unquoted quote',
    'export: CSV has a column for each field, and the content of each lead',
    answered('leads.export', (answer) => (answer.text = answer.text.replaceAll('""', `"`))),
  ),
  defect(
    'statistics without days',
    'stats: count the leads of each day from its first to its last millisecond',
    told('leads.stats', (data) => (data.byDay = [])),
  ),
  defect(
    'a day that begins late',
    'stats: count the leads of each day from its first to its last millisecond',
    sent(
      'leads.stats',
      ({ query }) => query.get('from') !== query.get('to') && query.set('from', query.get('from')!.replace('-01', '-02')),
    ),
  ),
  defect(
    'statistics of a source that do not follow',
    'stats: count each source, and follow each change',
    told('leads.stats', ({ bySource }, _, memory) => {
      for (const each of bySource) each.count = memory.get(each.source) ?? (memory.set(each.source, each.count), each.count);
    }),
  ),
  defect(
    'a total of the statistics that is no sum',
    'stats: statuses and sources each make up the total, most first',
    told('leads.stats', (data) => (data.total += 1)),
  ),
  defect(
    'a status that is counted as another',
    'stats: count what is lost, and no more once it is not',
    told('leads.stats', ({ byStatus }) => Object.assign(byStatus, { lost: byStatus.converted, converted: byStatus.lost })),
  ),
  defect(
    'a filter that is forgotten on the next page',
    'filters: jobs.listOutcomes by outcome, on the next page, too',
    sent('jobs.listOutcomes', ({ query }) => query.has('cursor') && query.delete('outcome')),
  ),
];

function rename(query: URLSearchParams, name: string, other: string): void {
  const value = query.get(name);
  if (value === null) return;
  query.delete(name);
  query.set(other, value);
}

function isMoment(value: string): boolean {
  return !Number.isNaN(Date.parse(value)) && value.length > 10;
}

function later(query: URLSearchParams, name: string): void {
  const value = query.get(name);
  if (value !== null && isMoment(value)) query.set(name, new Date(Date.parse(value) + 1).toISOString());
}

function roundMoments(data: Json): void {
  for (const [name, value] of Object.entries(data as Record<string, Json>)) {
    if (typeof value === 'string') data[name] = value.replace(/\.\d{3}Z$/, '.000Z');
    else if (value !== null && typeof value === 'object') roundMoments(value);
  }
}
