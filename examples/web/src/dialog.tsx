import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

/** A modal dialog, open as long as it is shown; Escape closes it, unless something is under way. */
export function Dialog({ title, busy, onClose, children }: { title: string; busy: boolean; onClose: () => void; children: ReactNode }) {
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
export function Problem({ text, onLookAgain }: { text: string | undefined; onLookAgain: () => void }) {
  if (text === undefined) return null;
  return (
    <div className="problem" role="alert">
      <p>{text}</p>
      <button type="button" onClick={onLookAgain}>
        Look again
      </button>
    </div>
  );
}
