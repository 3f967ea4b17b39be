import type { Lead } from '@leads/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { DeleteLeadDialog } from './delete-lead-dialog.tsx';
import { DeleteManyDialog } from './delete-many-dialog.tsx';
import { summaryOf, type Target } from './delete-many.ts';
import { Problem } from './dialog.tsx';
import { Filters } from './filters.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { LeadDetails } from './lead-details.tsx';
import { LeadTable } from './lead-table.tsx';
import { useMessages } from './messages.tsx';
import { filterOf, LEADS, listQuery } from './queries.ts';
import { counted } from './texts.ts';
import { MessagesDialog, Toasts } from './toasts.tsx';
import { closeLead, show, useView } from './use-view.ts';
import { FIRST_VIEW, hashOf } from './view.ts';

/** Some of a page, or all that match. */
type Selection = ReadonlySet<string> | 'matching';

const NONE: ReadonlySet<string> = new Set();

type Shown = { readonly remove: Lead } | { readonly removeMany: Target } | 'import' | 'messages';

/** The page: lists leads, shows one, deletes them safely, and brings new ones in. */
export function App() {
  const view = useView();
  const list = useQuery(listQuery(view));
  const queries = useQueryClient();
  const { messages, say } = useMessages();
  const [shown, setShown] = useState<Shown>();
  const heading = useRef<HTMLHeadingElement>(null);
  const [selection, setSelection] = useSelection(hashOf({ ...view, lead: '' }));
  const leads = list.data?.leads ?? [];
  const pagination = list.data?.pagination;
  const filter = filterOf(view);
  const pages = Math.max(pagination?.totalPages ?? 1, 1);

  // Where the last lead of the last page goes, the page goes too.
  useEffect(() => {
    if (pagination && !list.isPlaceholderData && view.page > pages) show({ page: pages }, 'replace');
  }, [pagination, list.isPlaceholderData, view.page, pages]);

  const close = () => setShown(undefined);

  /** What was done is said, and everything about leads is read again. */
  function done(text: string, backupIds: readonly string[] = []) {
    close();
    setSelection(NONE);
    say(text, backupIds);
    // Where the focus was is a lead that is gone, maybe.
    heading.current?.focus();
    void queries.invalidateQueries({ queryKey: [LEADS] });
  }

  const ids = selection === 'matching' ? new Set(leads.map(({ id }) => id)) : selection;
  const chosen = leads.filter(({ id }) => ids.has(id));
  const count = selection === 'matching' ? (pagination?.total ?? 0) : chosen.length;
  return (
    <main>
      <header>
        <h1 ref={heading} tabIndex={-1}>
          Leads
        </h1>
        <button type="button" onClick={() => setShown('import')}>
          Import…
        </button>
        <button type="button" onClick={() => setShown('messages')}>
          Messages{messages.length > 0 && ` (${messages.length})`}
        </button>
      </header>
      <div className="bar">
        <Filters view={view} />
        {count > 0 && (
          <div className="end">
            <button
              type="button"
              className="danger"
              onClick={() => setShown({ removeMany: selection === 'matching' ? { matching: filter } : { leads: chosen } })}
            >
              Delete {counted(count, 'lead')}…
            </button>
          </div>
        )}
      </div>
      <Problem error={list.failureReason} onLookAgain={() => void list.refetch()} />
      {pagination && chosen.length > 0 && chosen.length === leads.length && pagination.total > leads.length && (
        <WholeSelection
          onPage={leads.length}
          total={pagination.total}
          isFiltered={Object.keys(filter).length > 0}
          isWhole={selection === 'matching'}
          onSelect={setSelection}
        />
      )}
      {leads.length > 0 && <LeadTable leads={leads} view={view} isOld={list.isPlaceholderData} selected={ids} onSelect={setSelection} />}
      {pagination?.total === 0 && (
        <div className="empty">
          <p>No leads here.</p>
          {Object.keys(filter).length > 0 && (
            <button type="button" onClick={() => show(FIRST_VIEW)}>
              Show all leads
            </button>
          )}
        </div>
      )}
      {list.isPending && !list.failureReason && (
        <p className="empty" role="status">
          Loading…
        </p>
      )}
      {pagination && (
        <nav className="pages" aria-label="Pages">
          <span role="status">
            {counted(pagination.total, 'lead')}, page {pagination.page} of {pages}
          </span>
          <button type="button" disabled={!pagination.hasPrev} onClick={() => show({ page: view.page - 1 })}>
            Previous
          </button>
          <button type="button" disabled={!pagination.hasNext} onClick={() => show({ page: view.page + 1 })}>
            Next
          </button>
        </nav>
      )}
      {view.lead && !shown && (
        <LeadDetails
          key={view.lead}
          id={view.lead}
          listed={leads.find(({ id }) => id === view.lead)}
          onDelete={(remove) => {
            closeLead();
            setShown({ remove });
          }}
          onClose={closeLead}
        />
      )}
      {typeof shown === 'object' && 'remove' in shown && (
        <DeleteLeadDialog
          lead={shown.remove}
          onDeleted={({ name }, backupId) => done(`${name} deleted.`, backupId ? [backupId] : [])}
          onClose={close}
        />
      )}
      {typeof shown === 'object' && 'removeMany' in shown && (
        <DeleteManyDialog
          target={shown.removeMany}
          onDeleted={(outcomes) =>
            done(
              summaryOf(outcomes),
              outcomes.flatMap(({ backupId }) => backupId ?? []),
            )
          }
          onClose={close}
        />
      )}
      {shown === 'import' && (
        <ImportDialog
          onImported={({ imported, skipped, failed }) =>
            done(`${counted(imported, 'lead')} imported${skipped + failed > 0 ? `, ${counted(skipped + failed, 'line')} left out` : ''}.`)
          }
          onClose={close}
        />
      )}
      {shown === 'messages' && <MessagesDialog onClose={close} />}
      <Toasts />
    </main>
  );
}

/** What is selected; nothing, once another list is shown. */
function useSelection(list: string) {
  const [state, setState] = useState<{ list: string; selection: Selection }>({ list, selection: NONE });
  const selection = state.list === list ? state.selection : NONE;
  return [selection, (next: Selection) => setState({ list, selection: next })] as const;
}

interface WholeSelectionProps {
  readonly onPage: number;
  readonly total: number;
  readonly isFiltered: boolean;
  readonly isWhole: boolean;
  readonly onSelect: (selection: Selection) => void;
}

/** The way from all of a page to all that match. Not without a filter: nobody deletes everything by two clicks. */
function WholeSelection({ onPage, total, isFiltered, isWhole, onSelect }: WholeSelectionProps) {
  return (
    <p className="whole" role="status">
      {isWhole ? `All ${counted(total, 'lead')} that match are selected.` : `All ${counted(onPage, 'lead')} of this page are selected.`}{' '}
      {isWhole ? (
        <button type="button" className="link" onClick={() => onSelect(NONE)}>
          Select none
        </button>
      ) : isFiltered ? (
        <button type="button" className="link" onClick={() => onSelect('matching')}>
          Select all {total.toLocaleString('en')} that match
        </button>
      ) : (
        'To select more, narrow the list first.'
      )}
    </p>
  );
}
