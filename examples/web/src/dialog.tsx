import { type ReactNode, useId, useLayoutEffect, useMemo, useRef } from 'react';
import { messageOf } from './message-of.ts';

interface Props {
  readonly title: string;
  /** Something is under way that it must not be closed on. */
  readonly busy?: boolean;
  /** It stands at the side, as high as the window. */
  readonly panel?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog, open as long as it is shown; Escape closes it, unless something is under way. */
export function Dialog({ title, busy = false, panel = false, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Closed before it leaves the page, so that the focus goes back to where it was.
  useLayoutEffect(() => {
    const dialog = element.current!;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={panel ? 'panel' : undefined}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  );
}

/** A choice with its label. */
export function Choice({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="choice">
      <input type="checkbox" checked={checked} onChange={({ target }) => onChange(target.checked)} />
      {label}
    </label>
  );
}

/** What went wrong, if anything did, and the way on. */
export function Problem({ error, onLookAgain }: { error: Error | null; onLookAgain: () => void }) {
  const text = useMemo(() => error && messageOf(error), [error]);
  if (text === null) return null;
  return (
    <div className="problem" role="alert">
      <p>{text}</p>
      <button type="button" onClick={onLookAgain}>
        Look again
      </button>
    </div>
  );
}
