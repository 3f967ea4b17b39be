import type { Lead, LeadsClient } from '@leads/client';
import { useCallback, useState } from 'react';
import { counted } from './counted.ts';
import { Choice, Dialog, Problem } from './dialog.tsx';
import { messageOf } from './message-of.ts';
import { StatusBadge } from './status-badge.tsx';
import { useLoaded } from './use-loaded.ts';

interface Props {
  readonly client: LeadsClient;
  readonly lead: Lead;
  readonly onDeleted: (lead: Lead, backupId: string | undefined) => void;
  readonly onClose: () => void;
}

/** Shows what would go and what stands in the way, asks, and deletes exactly what was shown. */
export function DeleteLeadDialog({ client, lead: { id, name }, onDeleted, onClose }: Props) {
  const preview = useLoaded(
    useCallback(async () => ({ ...(await client.leads.deletionPreview(id)), idempotencyKey: crypto.randomUUID() }), [client, id]),
  );
  const [backup, setBackup] = useState(true);
  const [force, setForce] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function remove({ lead, etag, confirmationToken, idempotencyKey }: NonNullable<typeof preview.value>) {
    setBusy(true);
    setProblem(undefined);
    try {
      const choices = { ...(backup && { backup }), ...(force && { force }) };
      const { backupId } = await client.leads.delete(id, choices, { ifMatch: etag, confirmationToken, idempotencyKey });
      onDeleted(lead, backupId);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }

  const { value: seen } = preview;
  return (
    <Dialog title={`Delete ${seen?.lead.name ?? name}?`} busy={busy} onClose={onClose}>
      <Problem text={problem ?? preview.problem} onLookAgain={() => [setProblem(undefined), preview.reload()]} />
      {seen && (
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
      )}
      <footer>
        <button type="button" disabled={busy} onClick={onClose}>
          Cancel
        </button>
        {seen && (
          <button type="button" className="danger final" disabled={busy || (!seen.deletable && !force)} onClick={() => void remove(seen)}>
            {busy ? 'Deleting…' : `Delete ${seen.lead.name}`}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
