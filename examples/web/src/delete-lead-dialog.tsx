import type { Lead } from '@leads/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from './client.ts';
import { Choice, Dialog, Problem } from './dialog.tsx';
import { ONCE } from './queries.ts';
import { StatusBadge } from './status-badge.tsx';
import { counted } from './texts.ts';

interface Props {
  readonly lead: Lead;
  readonly onDeleted: (lead: Lead, backupId: string | undefined) => void;
  readonly onClose: () => void;
}

/** Shows what would go and what stands in the way, asks, and deletes exactly what was shown. */
export function DeleteLeadDialog({ lead: { id, name }, onDeleted, onClose }: Props) {
  const preview = useQuery({
    queryKey: ['deletion', id],
    // The key belongs to what was shown: sent again, the deletion is done once.
    queryFn: async ({ signal }) => ({ ...(await client.leads.deletionPreview(id, { signal })), idempotencyKey: crypto.randomUUID() }),
    ...ONCE,
  });
  const [backup, setBackup] = useState(true);
  const [force, setForce] = useState(false);
  const removal = useMutation({
    mutationFn: async ({ etag, confirmationToken, idempotencyKey }: NonNullable<typeof preview.data>) => {
      const choices = { ...(backup && { backup }), ...(force && { force }) };
      return client.leads.delete(id, choices, { ifMatch: etag, confirmationToken, idempotencyKey });
    },
    onSuccess: ({ backupId }, { lead }) => onDeleted(lead, backupId),
  });

  const { data: seen } = preview;
  return (
    <Dialog title={`Delete ${seen?.lead.name ?? name}?`} busy={removal.isPending} onClose={onClose}>
      <Problem
        error={removal.error ?? preview.failureReason}
        onLookAgain={() => {
          removal.reset();
          void preview.refetch();
        }}
      />
      {seen ? (
        <>
          <dl>
            <dt>E-mail</dt>
            <dd>{seen.lead.email}</dd>
            <dt>Status</dt>
            <dd>
              <StatusBadge status={seen.lead.status} />
            </dd>
            <dt>Goes with it</dt>
            <dd>
              {counted(seen.attached.activities, 'activity', 'activities')}, {counted(seen.attached.campaigns, 'campaign membership')}
            </dd>
          </dl>
          {!seen.deletable && (
            <div className="warning">
              This lead is in an active campaign:
              <ul>
                {seen.blockers.map((campaign) => (
                  <li key={campaign.id}>{campaign.name}</li>
                ))}
              </ul>
            </div>
          )}
          <Choice label="Keep a backup, so that it can be brought back" checked={backup} onChange={setBackup} />
          {!seen.deletable && <Choice label="Delete it although it is in an active campaign" checked={force} onChange={setForce} />}
        </>
      ) : (
        !preview.failureReason && <p className="soft">Looking…</p>
      )}
      <footer>
        <button type="button" disabled={removal.isPending} onClick={onClose}>
          Cancel
        </button>
        {seen && (
          <button
            type="button"
            className="danger final"
            disabled={removal.isPending || preview.isFetching || (!seen.deletable && !force)}
            onClick={() => removal.mutate(seen)}
          >
            {removal.isPending ? 'Deleting…' : `Delete ${seen.lead.name}`}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
