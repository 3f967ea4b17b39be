import type { CampaignStatus, LeadStatus } from '@leads/client';

const LABELS: Readonly<Record<LeadStatus, string>> = {
  new: 'New',
  contacted: 'Contacted',
  qualified: 'Qualified',
  converted: 'Converted',
  lost: 'Lost',
  follow_up: 'Follow up',
};

/** Where a lead can stand. */
export const STATUSES = Object.keys(LABELS) as LeadStatus[];

/** A status, to be told apart at a glance. */
export function StatusBadge({ status }: { status: LeadStatus | CampaignStatus }) {
  return <span className={`status ${status}`}>{statusLabel(status)}</span>;
}

/** A status as people write it. */
export function statusLabel(status: LeadStatus | CampaignStatus): string {
  return status in LABELS ? LABELS[status as LeadStatus] : status;
}
