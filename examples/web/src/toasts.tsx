import { useEffect, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { type Message, useMessages } from './messages.tsx';
import { clockOf } from './texts.ts';
import { useUndo } from './use-undo.ts';

/** How long a message stands in front of the page. */
const SHOWN_MS = 8_000;

/** The latest messages. They go by themselves, but not while somebody is at them. */
export function Toasts() {
  const { messages } = useMessages();
  const [isHeld, setHeld] = useState(false);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) };
  return (
    <div className="toasts" role="status" {...hold} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      {messages
        .filter(({ isToast }) => isToast)
        .map((message) => (
          <Toast key={message.id} message={message} isHeld={isHeld} />
        ))}
    </div>
  );
}

function Toast({ message, isHeld }: { message: Message; isHeld: boolean }) {
  const { dismiss } = useMessages();
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismiss(message), SHOWN_MS);
    return () => clearTimeout(timer);
    // Not again for each message that comes meanwhile.
  }, [message, isHeld]);
  return (
    <div className="toast">
      <span>{message.text}</span>
      <Undo message={message} />
      <button type="button" className="dismiss" aria-label="Dismiss" onClick={() => dismiss(message)}>
        ×
      </button>
    </div>
  );
}

/** All that was said, to be read again, and undone still. */
export function MessagesDialog({ onClose }: { onClose: () => void }) {
  const { messages } = useMessages();
  return (
    <Dialog title="Messages" onClose={onClose}>
      {messages.length === 0 && <p className="soft">Nothing was said yet.</p>}
      <ul className="entries" aria-live="polite">
        {messages.map((message) => (
          <li key={message.id}>
            <time dateTime={message.at.toISOString()}>{clockOf(message.at)}</time>
            <span>{message.text}</span>
            <Undo message={message} />
          </li>
        ))}
      </ul>
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </footer>
    </Dialog>
  );
}

function Undo({ message }: { message: Message }) {
  const { mutate } = useUndo();
  if (message.backupIds.length === 0) return null;
  return (
    <button type="button" className="undo" onClick={() => mutate(message)}>
      Undo
    </button>
  );
}
