import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sourcesQuery } from './queries.ts';
import { STATUSES, statusLabel } from './status-badge.tsx';
import { show } from './use-view.ts';
import { SORTS, type View } from './view.ts';

/** As long a pause in typing is the end of a search. */
const PAUSE_MS = 300;

const SORT_TITLES: Readonly<Record<`${View['sortBy']} ${View['sortOrder']}`, string>> = {
  'createdAt desc': 'Newest first',
  'createdAt asc': 'Oldest first',
  'name asc': 'Name, A to Z',
  'name desc': 'Name, Z to A',
  'email asc': 'E-mail, A to Z',
  'email desc': 'E-mail, Z to A',
  'status asc': 'Status',
  'status desc': 'Status, reversed',
};

/** What narrows and sorts the list. */
export function Filters({ view }: { view: View }) {
  const { data: known = [] } = useQuery(sourcesQuery);
  // One of the address that is not among the most frequent.
  const sources = view.source && !known.includes(view.source) ? [view.source, ...known] : known;
  return (
    <>
      <SearchBox search={view.search} />
      <label>
        Status
        <select value={view.status} onChange={({ target }) => show({ status: target.value as View['status'], page: 1 })}>
          <option value="">All</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {statusLabel(status)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Source
        <select value={view.source} onChange={({ target }) => show({ source: target.value, page: 1 })}>
          <option value="">All</option>
          {sources.map((source) => (
            <option key={source}>{source}</option>
          ))}
        </select>
      </label>
      <label className="narrow">
        Sort by
        <select
          value={`${view.sortBy} ${view.sortOrder}`}
          onChange={({ target }) => {
            const [by, order] = target.value.split(' ');
            show({ sortBy: SORTS.find((each) => each === by)!, sortOrder: order as View['sortOrder'], page: 1 });
          }}
        >
          {Object.entries(SORT_TITLES).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

/** Searches when nothing is typed for a moment, or at once with Enter. */
function SearchBox({ search }: { search: string }) {
  const [typed, setTyped] = useState(search);
  const [followed, setFollowed] = useState(search);
  // The address was changed by something else, such as the way back.
  if (search !== followed) {
    setFollowed(search);
    setTyped(search);
  }
  const ask = () => {
    setFollowed(typed);
    show({ search: typed, page: 1 });
  };
  useEffect(() => {
    if (typed === search) return;
    const pause = setTimeout(ask, PAUSE_MS);
    return () => clearTimeout(pause);
  }, [typed, search]);
  return (
    <label className="search">
      Search
      <input
        type="search"
        placeholder="Name or e-mail"
        maxLength={100}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={({ key }) => key === 'Enter' && typed !== search && ask()}
      />
    </label>
  );
}
