import { useMemo, useSyncExternalStore } from 'react';
import { hashOf, type View, viewOf } from './view.ts';

/** What the address asks for. */
export function useView(): View {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => viewOf(hash), [hash]);
}

/** Changes what is shown; `replace`: without a step to go back to. */
export function show(change: Partial<View>, how: 'push' | 'replace' = 'push'): void {
  const { pathname, search, hash } = location;
  const state: unknown = how === 'push' ? { within: true } : history.state;
  history[`${how}State`](state, '', pathname + search + hashOf({ ...viewOf(hash), ...change }));
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Closes the lead that is open: a step back where it was opened here, so that the next one is not the same list again. */
export function closeLead(): void {
  if ((history.state as { within?: true } | null)?.within) history.back();
  else show({ lead: '' }, 'replace');
}

function subscribe(notify: () => void): () => void {
  addEventListener('popstate', notify);
  return () => removeEventListener('popstate', notify);
}
