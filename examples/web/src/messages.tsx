import { createContext, type ReactNode, useContext, useMemo, useReducer } from 'react';

/** Something that the page has to say. */
export interface Message {
  readonly id: number;
  readonly text: string;
  readonly at: Date;
  /** The backups by which it is undone. */
  readonly backupIds: readonly string[];
  /** It stands in front of the page still. */
  readonly isToast: boolean;
}

type Change = { readonly say: string; readonly backupIds: readonly string[] } | { readonly dismiss: number } | { readonly undo: number };

interface Messages {
  /** All of them, latest first. */
  readonly messages: readonly Message[];
  /** Says something, which the backups undo. */
  readonly say: (text: string, backupIds?: readonly string[]) => void;
  /** Takes it from the front of the page; it can be read again. */
  readonly dismiss: (message: Message) => void;
  /** Its undoing has begun. */
  readonly undo: (message: Message) => void;
}

const Context = createContext<Messages | null>(null);

/** What the page has said since it was loaded. */
export function useMessages(): Messages {
  return useContext(Context)!;
}

/** Keeps what the page says for everything in it. */
export function MessagesProvider({ children }: { children: ReactNode }) {
  const [messages, dispatch] = useReducer(changed, []);
  const value = useMemo<Messages>(
    () => ({
      messages,
      say: (say, backupIds = []) => dispatch({ say, backupIds }),
      dismiss: ({ id }) => dispatch({ dismiss: id }),
      undo: ({ id }) => dispatch({ undo: id }),
    }),
    [messages],
  );
  return <Context value={value}>{children}</Context>;
}

function changed(messages: readonly Message[], change: Change): readonly Message[] {
  if ('say' in change) {
    const message = { id: messages.length + 1, text: change.say, at: new Date(), backupIds: change.backupIds, isToast: true };
    return [message, ...messages];
  }
  if ('dismiss' in change) return messages.map((each) => (each.id === change.dismiss ? { ...each, isToast: false } : each));
  return messages.map((each) => (each.id === change.undo ? { ...each, backupIds: [], isToast: false } : each));
}
