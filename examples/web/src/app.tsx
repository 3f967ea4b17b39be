import { type Lead, type LeadsClient, type LeadStatus } from '@leads/client';
import { useCallback, useEffect, useState } from 'react';
import { counted } from './counted.ts';
import { DeleteLeadDialog } from './delete-lead-dialog.tsx';
import { DeleteManyDialog } from './delete-many-dialog.tsx';
import { summaryOf, type Target } from './delete-many.ts';
import { Problem } from './dialog.tsx';
import { LeadDetails } from './lead-details.tsx';
import { LeadTable } from './lead-table.tsx';
import { messageOf } from './message-of.ts';
import { statusLabel } from './status-badge.tsx';
import { useLoaded } from './use-loaded.ts';

const STATUSES: readonly LeadStatus[] = ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'];
const PAGE_SIZE = 20;
const NONE: ReadonlySet<string> = new Set();

type Shown = { readonly open: Lead } | { readonly remove: Lead } | { readonly removeMany: Target };

/** What happened last, and how to undo it. */
interface Notice {
  readonly text: string;
  readonly backupIds: readonly string[];
}

/** The page: lists leads, shows one, and deletes them safely. */
export function App({ client }: { client: LeadsClient }) {
  const [query, setQuery] = useState<{ search: string; status: LeadStatus | ''; page: number }>({ search: '', status: '', page: 1 });
  const [selected, setSelected] = useState(NONE);
  const [shown, setShown] = useState<Shown>();
  const [notice, setNotice] = useState<Notice>();
  const { search, status, page } = query;
  const list = useLoaded(
    useCallback(
      () => client.leads.list({ page, limit: PAGE_SIZE, ...(search.trim() && { search: search.trim() }), ...(status && { status }) }),
      [client, page, search, status],
    ),
  );
  const leads = list.value?.leads ?? [];
  const pagination = list.value?.pagination;

  // Where the last lead of the last page goes, the page goes too.
  useEffect(() => {
    if (pagination && page > Math.max(pagination.totalPages, 1))
      setQuery((last) => ({ ...last, page: Math.max(pagination.totalPages, 1) }));
  }, [pagination, page]);

  function ask(change: Partial<typeof query>) {
    setQuery((last) => ({ ...last, page: 1, ...change }));
    setSelected(NONE);
  }

  function deleted(text: string, backupIds: readonly string[]) {
    setShown(undefined);
    setSelected(NONE);
    setNotice({ text, backupIds });
    list.reload();
  }

  async function undo(backupIds: readonly string[]) {
    let restored = 0;
    try {
      for (const backupId of backupIds) {
        setNotice({ text: `Bringing back ${restored + 1} of ${backupIds.length}…`, backupIds: [] });
        await client.backups.restore(backupId);
        restored++;
      }
      setNotice({ text: `${counted(restored, 'lead')} brought back.`, backupIds: [] });
    } catch (error) {
      setNotice({ text: `${counted(restored, 'lead')} brought back. ${messageOf(error)}`, backupIds: backupIds.slice(restored) });
    }
    list.reload();
  }

  const chosen = leads.filter(({ id }) => selected.has(id));
  return (
    <main>
      <h1>Leads</h1>
      <div className="bar">
        <label>
          Search
          <input
            type="search"
            placeholder="Name or e-mail"
            maxLength={100}
            value={search}
            onChange={({ target }) => ask({ search: target.value })}
          />
        </label>
        <label>
          Status
          <select value={status} onChange={({ target }) => ask({ status: target.value as LeadStatus | '' })}>
            <option value="">All</option>
            {STATUSES.map((each) => (
              <option key={each} value={each}>
                {statusLabel(each)}
              </option>
            ))}
          </select>
        </label>
        <div className="end">
          {chosen.length > 0 ? (
            <button type="button" className="danger" onClick={() => setShown({ removeMany: { leads: chosen } })}>
              Delete {counted(chosen.length, 'lead')}…
            </button>
          ) : (
            status &&
            !search &&
            leads.length > 0 && (
              <button type="button" className="danger" onClick={() => setShown({ removeMany: { status } })}>
                Delete all that are {statusLabel(status)}…
              </button>
            )
          )}
        </div>
      </div>
      <Problem text={list.problem} onLookAgain={list.reload} />
      {leads.length > 0 && <LeadTable leads={leads} selected={selected} onSelect={setSelected} onOpen={(open) => setShown({ open })} />}
      {pagination?.total === 0 && (
        <div className="empty">
          <p>No leads here.</p>
          {(search || status) && (
            <button type="button" onClick={() => ask({ search: '', status: '' })}>
              Show all leads
            </button>
          )}
        </div>
      )}
      {!pagination && !list.problem && (
        <p className="empty" role="status">
          Loading…
        </p>
      )}
      {pagination && (
        <nav className="pages" aria-label="Pages">
          <span role="status">
            {counted(pagination.total, 'lead')}, page {page} of {Math.max(pagination.totalPages, 1)}
          </span>
          <button type="button" disabled={!pagination.hasPrev} onClick={() => ask({ page: page - 1 })}>
            Previous
          </button>
          <button type="button" disabled={!pagination.hasNext} onClick={() => ask({ page: page + 1 })}>
            Next
          </button>
        </nav>
      )}
      {shown && 'open' in shown && (
        <LeadDetails lead={shown.open} onDelete={() => setShown({ remove: shown.open })} onClose={() => setShown(undefined)} />
      )}
      {shown && 'remove' in shown && (
        <DeleteLeadDialog
          client={client}
          lead={shown.remove}
          onDeleted={({ name }, backupId) => deleted(`${name} deleted.`, backupId ? [backupId] : [])}
          onClose={() => setShown(undefined)}
        />
      )}
      {shown && 'removeMany' in shown && (
        <DeleteManyDialog
          client={client}
          target={shown.removeMany}
          onDeleted={(outcomes) =>
            deleted(
              summaryOf(outcomes),
              outcomes.flatMap(({ backupId }) => backupId ?? []),
            )
          }
          onClose={() => setShown(undefined)}
        />
      )}
      <div className="notice" role="status">
        {notice && (
          <>
            {notice.text}
            {notice.backupIds.length > 0 && (
              <button type="button" onClick={() => void undo(notice.backupIds)}>
                Undo
              </button>
            )}
            <button type="button" className="dismiss" aria-label="Dismiss" onClick={() => setNotice(undefined)}>
              ×
            </button>
          </>
        )}
      </div>
    </main>
  );
}
