import type { Lead } from '@leads/client';
import { StatusBadge } from './status-badge.tsx';

interface Props {
  readonly leads: readonly Lead[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onOpen: (lead: Lead) => void;
}

/** The leads of one page, each of which can be opened and selected. */
export function LeadTable({ leads, selected, onSelect, onOpen }: Props) {
  const all = leads.length > 0 && leads.every(({ id }) => selected.has(id));
  const toggle = (ids: readonly string[], on: boolean) => {
    const next = new Set(selected);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    onSelect(next);
  };
  return (
    <table>
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
          <th scope="col">Name</th>
          <th scope="col">E-mail</th>
          <th scope="col">Status</th>
          <th scope="col">Source</th>
          <th scope="col">Created</th>
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
              <button type="button" className="link" onClick={() => onOpen(lead)}>
                {lead.name}
              </button>
            </th>
            <td>{lead.email}</td>
            <td>
              <StatusBadge status={lead.status} />
            </td>
            <td>{lead.source ?? '–'}</td>
            <td>
              <time dateTime={lead.createdAt}>{lead.createdAt.slice(0, 10)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
