import { useCallback, useEffect, useState } from 'react';
import { messageOf } from './message-of.ts';

/** What was loaded last, and what went wrong since. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly problem: string | undefined;
  readonly reload: () => void;
}

/** Loads at once and whenever `load` changes; the last answer stays until the next one is there. */
export function useLoaded<Value>(load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ value?: Value; problem?: string }>({});
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    load().then(
      (value) => wanted && setState({ value }),
      (error: unknown) => wanted && setState((last) => ({ ...last, problem: messageOf(error) })),
    );
    return () => {
      wanted = false;
    };
  }, [load, round]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { value: state.value, problem: state.problem, reload };
}
