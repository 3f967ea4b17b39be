import type { BulkOutcome, Job, LeadsClient } from '@leads/client';
import { useCallback, useState } from 'react';
import { counted } from './counted.ts';
import { deleteMany, type Plan, planDeletion, type Target } from './delete-many.ts';
import { Choice, Dialog, Problem } from './dialog.tsx';
import { messageOf } from './message-of.ts';
import { useLoaded } from './use-loaded.ts';

const SHOWN = 5;

interface Props {
  readonly client: LeadsClient;
  readonly target: Target;
  readonly onDeleted: (outcomes: BulkOutcome[]) => void;
  readonly onClose: () => void;
}

/** Shows which leads would go, asks, deletes them, and shows how far it is. */
export function DeleteManyDialog({ client, target, onDeleted, onClose }: Props) {
  const plan = useLoaded(useCallback(() => planDeletion(client, target), [client, target]));
  const [backup, setBackup] = useState(true);
  const [force, setForce] = useState(false);
  const [busy, setBusy] = useState(false);
  const [job, setJob] = useState<Job>();
  const [problem, setProblem] = useState<string>();

  async function remove(planned: Plan) {
    setBusy(true);
    setProblem(undefined);
    try {
      onDeleted(await deleteMany(client, target, planned, { backup, force }, setJob));
    } catch (error) {
      setProblem(messageOf(error));
      setJob(undefined);
      setBusy(false);
    }
  }

  const { value: planned } = plan;
  return (
    <Dialog title={planned ? `Delete ${counted(planned.count, 'lead')}?` : 'Delete leads'} busy={busy} onClose={onClose}>
      <Problem text={problem ?? plan.problem} onLookAgain={() => [setProblem(undefined), plan.reload()]} />
      {planned && <Planned plan={planned} />}
      {job && (
        <>
          <progress aria-label="Leads done" max={job.total} value={job.done} />
          <p role="status">
            {job.done} of {job.total} done
          </p>
        </>
      )}
      {planned && !job && (
        <>
          <Choice label="Keep a backup of each, so that they can be brought back" checked={backup} onChange={setBackup} />
          {planned.blocked > 0 && <Choice label="Delete those in an active campaign too" checked={force} onChange={setForce} />}
        </>
      )}
      <footer>
        {job ? (
          <button type="button" onClick={() => void client.jobs.cancel(job.id).catch((error: unknown) => setProblem(messageOf(error)))}>
            Stop
          </button>
        ) : (
          <button type="button" disabled={busy} onClick={onClose}>
            Cancel
          </button>
        )}
        {planned && (
          <button type="button" className="danger final" disabled={busy || planned.count === 0} onClick={() => void remove(planned)}>
            {busy ? 'Deleting…' : `Delete ${counted(planned.count, 'lead')}`}
          </button>
        )}
      </footer>
    </Dialog>
  );
}

function Planned({ plan: { count, sample, blocked, campaigns } }: { plan: Plan }) {
  const shown = sample.slice(0, SHOWN);
  return (
    <>
      <ul>
        {shown.map(({ id, name, email }) => (
          <li key={id}>
            {name}, {email}
          </li>
        ))}
        {count > shown.length && <li>and {count - shown.length} more</li>}
      </ul>
      {blocked > 0 && (
        <p className="warning">
          {counted(blocked, 'lead')} of them in an active campaign: {campaigns.join(', ')}
        </p>
      )}
    </>
  );
}
