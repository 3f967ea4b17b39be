import type { BulkOutcome, Job } from '@leads/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from './client.ts';
import { deleteMany, type Plan, planDeletion, type Target } from './delete-many.ts';
import { Choice, Dialog, Problem } from './dialog.tsx';
import { ONCE } from './queries.ts';
import { counted } from './texts.ts';

const SHOWN = 5;

interface Props {
  readonly target: Target;
  readonly onDeleted: (outcomes: BulkOutcome[]) => void;
  readonly onClose: () => void;
}

/** Shows which leads would go, asks, deletes them, and shows how far it is. */
export function DeleteManyDialog({ target, onDeleted, onClose }: Props) {
  const plan = useQuery({ queryKey: ['deletion', target], queryFn: ({ signal }) => planDeletion(target, signal), ...ONCE });
  const [backup, setBackup] = useState(true);
  const [force, setForce] = useState(false);
  const [job, setJob] = useState<Job>();
  const removal = useMutation({
    mutationFn: (planned: Plan) => deleteMany(planned, { backup, force }, setJob),
    onSuccess: onDeleted,
    onError: () => setJob(undefined),
  });
  const stop = useMutation({ mutationFn: async (id: string) => client.jobs.cancel(id) });

  const { data: planned } = plan;
  return (
    <Dialog title={planned ? `Delete ${counted(planned.count, 'lead')}?` : 'Delete leads'} busy={removal.isPending} onClose={onClose}>
      <Problem
        error={removal.error ?? stop.error ?? plan.failureReason}
        onLookAgain={() => {
          removal.reset();
          stop.reset();
          void plan.refetch();
        }}
      />
      {planned ? <Planned plan={planned} /> : !plan.failureReason && <p className="soft">Looking…</p>}
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
          {planned.blocked !== 0 && <Choice label="Delete those in an active campaign too" checked={force} onChange={setForce} />}
        </>
      )}
      <footer>
        {job ? (
          <button type="button" disabled={stop.isPending} onClick={() => stop.mutate(job.id)}>
            Stop
          </button>
        ) : (
          <button type="button" disabled={removal.isPending} onClick={onClose}>
            Cancel
          </button>
        )}
        {planned && (
          <button
            type="button"
            className="danger final"
            disabled={removal.isPending || plan.isFetching || planned.count === 0}
            onClick={() => removal.mutate(planned)}
          >
            {removal.isPending ? 'Deleting…' : `Delete ${counted(planned.count, 'lead')}`}
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
        {count > shown.length && <li>and {(count - shown.length).toLocaleString('en')} more</li>}
      </ul>
      {blocked !== null && blocked > 0 && (
        <p className="warning">
          {counted(blocked, 'lead')} of them in an active campaign: {campaigns.join(', ')}
        </p>
      )}
    </>
  );
}
