import { run } from '../../src/db/database.ts';
import { newId } from '../../src/ids.ts';
import type { Caller } from './server.ts';

/** Puts a job of the caller into the queue without the runner knowing, with a step for each list of leads; answers its id. */
export async function queueJob(
  { server, workspaceId, keyId }: Caller,
  kind: 'bulk_delete' | 'bulk_archive' | 'bulk_anonymize',
  steps: readonly (readonly string[])[] = [],
  options: object = {},
): Promise<string> {
  const jobId = newId('job');
  await run(
    server.db,
    `insert into jobs (workspace_id, id, kind, options, status, total, key_id, request_id, created_at, advanced_at)
     values ($1, $2, $3, $4, 'queued', $5, $6, 'req', now(), clock_timestamp())`,
    [workspaceId, jobId, kind, JSON.stringify(options), steps.flat().length, keyId],
  );
  for (const [number, leadIds] of steps.entries()) {
    const versions = await run<{ version: string | null }>(
      server.db,
      `select version from unnest($2::text[]) as asked (id) left join leads on workspace_id = $1 and leads.id = asked.id`,
      [workspaceId, leadIds],
    );
    const values = [workspaceId, jobId, number, leadIds, versions.map(({ version }) => version ?? '')];
    await run(server.db, 'insert into job_chunks values ($1, $2, $3, $4, $5)', values);
  }
  return jobId;
}
