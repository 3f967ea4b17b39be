import type { Lead } from '@leads/client';
import { StatusBadge } from './status-badge.tsx';
import { dayOf } from './texts.ts';
import { show } from './use-view.ts';
import type { View } from './view.ts';

interface Props {
  readonly leads: readonly Lead[];
  readonly view: View;
  /** Those of the last page, until this one is there. */
  readonly isOld: boolean;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

/** What each way of sorting begins with. */
const COLUMNS = [
  { by: 'name', title: 'Name', first: 'asc' },
  { by: 'email', title: 'E-mail', first: 'asc' },
  { by: 'status', title: 'Status', first: 'asc' },
  { by: null, title: 'Source' },
  { by: 'createdAt', title: 'Created', first: 'desc' },
] as const;

/** The leads of one page, each of which can be opened and selected; its columns sort. */
export function LeadTable({ leads, view, isOld, selected, onSelect }: Props) {
  const all = leads.every(({ id }) => selected.has(id));
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onSelect(next);
  };
  return (
    <table aria-busy={isOld}>
      <caption className="hidden">Leads</caption>
      <thead>
        <tr>
          <th scope="col">
            <input
              type="checkbox"
              aria-label="Select every lead of this page"
              checked={all}
              onChange={({ target }) =>
                toggle(
                  leads.map(({ id }) => id),
                  target.checked,
                )
              }
            />
          </th>
          {COLUMNS.map((column) => (
            <Header key={column.title} column={column} view={view} />
          ))}
        </tr>
      </thead>
      <tbody>
        {leads.map((lead) => (
          <tr key={lead.id} data-selected={selected.has(lead.id)}>
            <td>
              <input
                type="checkbox"
                aria-label={`Select ${lead.name}`}
                checked={selected.has(lead.id)}
                onChange={({ target }) => toggle([lead.id], target.checked)}
              />
            </td>
            <th scope="row">
              <button type="button" className="link" onClick={() => show({ lead: lead.id })}>
                {lead.name}
              </button>
            </th>
            <td>{lead.email}</td>
            <td>
              <StatusBadge status={lead.status} />
            </td>
            <td>{lead.source ?? '–'}</td>
            <td>
              <time dateTime={lead.createdAt}>{dayOf(lead.createdAt)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Header({ column, view: { sortBy, sortOrder } }: { column: (typeof COLUMNS)[number]; view: View }) {
  if (column.by === null) return <th scope="col">{column.title}</th>;
  const { by, title, first } = column;
  const isSorted = by === sortBy;
  const turned = sortOrder === 'asc' ? 'desc' : 'asc';
  return (
    <th scope="col" aria-sort={isSorted ? (sortOrder === 'asc' ? 'ascending' : 'descending') : undefined}>
      <button type="button" className="sort" onClick={() => show({ sortBy: by, sortOrder: isSorted ? turned : first, page: 1 })}>
        {title}
      </button>
    </th>
  );
}
