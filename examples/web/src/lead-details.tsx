import type { Lead } from '@leads/client';
import { Dialog } from './dialog.tsx';
import { StatusBadge } from './status-badge.tsx';

/** Everything about one lead. */
export function LeadDetails({ lead, onDelete, onClose }: { lead: Lead; onDelete: () => void; onClose: () => void }) {
  return (
    <Dialog title={lead.name} busy={false} onClose={onClose}>
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
          <time dateTime={lead.createdAt}>{lead.createdAt.slice(0, 10)}</time>
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
      <footer>
        <button type="button" onClick={onClose}>
          Close
        </button>
        <button type="button" className="danger" onClick={onDelete}>
          Delete…
        </button>
      </footer>
    </Dialog>
  );
}
