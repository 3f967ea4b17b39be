import type { LeadStatus } from '@leads/client';

/** A status, to be told apart at a glance. */
export function StatusBadge({ status }: { status: LeadStatus }) {
  return <span className={`status ${status}`}>{statusLabel(status)}</span>;
}

/** A status as people write it. */
export function statusLabel(status: LeadStatus): string {
  return status.replace('_', ' ');
}
