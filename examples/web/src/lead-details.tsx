import type { Activity, AuditEntry, Campaign, Lead } from '@leads/client';
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { Dialog, Problem } from './dialog.tsx';
import { activitiesQuery, campaignsQuery, historyQuery, leadQuery } from './queries.ts';
import { StatusBadge } from './status-badge.tsx';
import { dayOf, minuteOf } from './texts.ts';

interface Props {
  readonly id: string;
  /** As the list has it, until it is read. */
  readonly listed: Lead | undefined;
  readonly onDelete: (lead: Lead) => void;
  readonly onClose: () => void;
}

/** Everything about one lead: its fields, what was done with it, what it takes part in, and what the audit log has of it. */
export function LeadDetails({ id, listed, onDelete, onClose }: Props) {
  const query = useQuery({ ...leadQuery(id), placeholderData: () => listed });
  const activities = useInfiniteQuery(activitiesQuery(id));
  const campaigns = useInfiniteQuery(campaignsQuery(id));
  const history = useInfiniteQuery(historyQuery(id));
  const { data: lead } = query;
  return (
    <Dialog title={lead?.name ?? 'Lead'} panel onClose={onClose}>
      <Problem error={query.failureReason} onLookAgain={() => void query.refetch()} />
      {lead && (
        <>
          <Fields lead={lead} />
          <Entries title="Activities" none="Nothing was done yet." query={activities} entry={activityEntry} />
          <Entries title="Campaigns" none="It is in no campaign." query={campaigns} entry={campaignEntry} />
          <Entries title="History" none="The audit log has nothing of it." query={history} entry={historyEntry} />
        </>
      )}
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
        {lead && (
          <button type="button" className="danger" onClick={() => onDelete(lead)}>
            Delete…
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function Fields({ lead }: { lead: Lead }) {
  return (
    <dl>
      <dt>E-mail</dt>
      <dd>{lead.email}</dd>
      <dt>Phone</dt>
      <dd>{lead.phone ?? '–'}</dd>
      <dt>Status</dt>
      <dd>
        <StatusBadge status={lead.status} />
      </dd>
      <dt>Source</dt>
      <dd>{lead.source ?? '–'}</dd>
      <dt>Created</dt>
      <dd>
        <time dateTime={lead.createdAt}>{dayOf(lead.createdAt)}</time>
      </dd>
      {Object.entries(lead.metadata).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
      <dt>Id</dt>
      <dd>
        <code>{lead.id}</code>
      </dd>
    </dl>
  );
}

function activityEntry({ type, text, occurredAt }: Activity): Entry {
  return { at: occurredAt, what: type, more: text };
}

function campaignEntry({ name, status, createdAt }: Campaign): Entry {
  return { at: createdAt, what: name, more: <StatusBadge status={status} /> };
}

function historyEntry({ at, action, keyId, reason }: AuditEntry): Entry {
  return { at, what: action.replace(/[._]/g, ' '), more: `by ${keyId}${reason === null ? '' : `: ${reason}`}` };
}

/** A line of a list. */
interface Entry {
  readonly at: string;
  readonly what: string;
  readonly more: ReactNode;
}

interface EntriesProps<Item> {
  readonly title: string;
  readonly none: string;
  readonly query: UseInfiniteQueryResult<InfiniteData<{ readonly items: readonly Item[] }>>;
  readonly entry: (item: Item) => Entry;
}

/** A list that is read further as it is asked for. */
function Entries<Item extends { readonly id: string }>({ title, none, query, entry }: EntriesProps<Item>) {
  const titleId = useId();
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      <Problem error={query.failureReason} onLookAgain={() => void query.refetch()} />
      {items?.length === 0 && <p className="soft">{none}</p>}
      {!items && !query.failureReason && <p className="soft">Loading…</p>}
      {items && items.length > 0 && (
        <ul className="entries">
          {items.map((item) => {
            const { at, what, more } = entry(item);
            return (
              <li key={item.id}>
                <time dateTime={at}>{minuteOf(at)}</time>
                <span>
                  <b>{what}</b> {more}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {query.hasNextPage && (
        <button type="button" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {`More ${title.toLowerCase()}`}
        </button>
      )}
    </section>
  );
}
