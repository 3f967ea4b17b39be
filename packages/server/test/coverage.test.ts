import { type Call, documentedAnswers, PROVOKE, VALID_CALLS } from '@leads/conformance';
import {
  ACTIVITIES_MAX_PER_LEAD,
  CAMPAIGNS_MAX,
  ERASURE_MAX_LEADS,
  JOBS_MAX_OPEN,
  type ErrorCode,
  type OperationId,
  PLANNED_OPERATIONS,
  type Scope,
  SCOPES,
} from '@leads/contract';
import { afterAll, expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { WorkspaceBusyError } from '../src/db/fair-pool.ts';
import { newId } from '../src/ids.ts';
import { onEachDatabase, useOwnDatabase } from './support/databases.ts';
import { brokenDatabase, unreachableDatabase } from './support/faulty-databases.ts';
import { queueJob } from './support/jobs.ts';
import { leaveKeyPlaces } from './support/key-limit.ts';
import { answered, type Caller, useCaller, useServer } from './support/server.ts';

type CodeOfOperations = Exclude<
  ErrorCode,
  'ROUTE_NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'BAD_REQUEST' | 'HEADERS_TOO_LARGE' | 'REQUEST_TIMEOUT' | 'NOT_IMPLEMENTED'
>;
type Provoke = (operation: OperationId) => Promise<unknown>;

/** Jobs that stay open: what was asked for before is done, and nothing wakes the runner after. */
async function waitingJobs(caller: Caller, count: number): Promise<string[]> {
  await caller.server.runner.wake();
  const jobIds = [];
  for (let i = 0; i < count; i++) jobIds.push(await queueJob(caller, 'bulk_archive'));
  return jobIds;
}

const waitingJob = async (caller: Caller) => ({ params: { jobId: (await waitingJobs(caller, 1))[0]! } });

/** A call that succeeds, of each operation. */
const valid = (operation: OperationId, caller: Caller): Promise<Call> =>
  operation === 'jobs.cancel' ? waitingJob(caller) : VALID_CALLS[operation](caller);

onEachDatabase('every documented answer', (shared) => {
  const database = useOwnDatabase(shared);
  const broken = brokenDatabase(() => new Error('a bug'));
  const busyDb = brokenDatabase(() => new WorkspaceBusyError('waited for too long'));
  const away = unreachableDatabase();
  const stuck = { error: (): Promise<Error> => Promise.reject(new Error('not used')) };
  const stuckDb = brokenDatabase(() => stuck.error());
  afterAll(() => Promise.all([broken.destroy(), busyDb.destroy(), stuckDb.destroy(), away.destroy()]).then(() => {}));
  const server = useServer(database);
  const strictServer = useServer(database, { limit: 1 });
  const brokenServer = useServer(database, { operationsOn: broken });
  const stuckServer = useServer(database, { operationsOn: stuckDb });
  const awayServer = useServer(database, { operationsOn: away });
  const busyServer = useServer(database, { operationsOn: busyDb });
  const acme = useCaller(server);
  let busy: Caller | undefined;

  /** The answers that need more than a key. */
  const PROVOKE_HERE: Record<Exclude<CodeOfOperations, keyof typeof PROVOKE>, Provoke> = {
    CAMPAIGN_LIMIT_REACHED: async (operation) => {
      const full = await server.workspace();
      await run(server.db, FILL_WITH_CAMPAIGNS, [full.workspaceId]);
      return full.call(operation, await valid(operation, full));
    },
    ACTIVITY_LIMIT_REACHED: async (operation) => {
      const call = await valid(operation, acme);
      await run(server.db, FILL_WITH_ACTIVITIES, [acme.workspaceId, call.params!['leadId']]);
      return acme.call(operation, call);
    },
    JOB_LIMIT_REACHED: async (operation) => {
      const full = await server.workspace();
      const filter = { source: (await full.lead({ source: newId('lead') })).source };
      const { planToken } = (await full.call(operation, { body: { filter, dryRun: true } })).body.data;
      await waitingJobs(full, JOBS_MAX_OPEN);
      return full.call(operation, { body: { filter, planToken } });
    },
    LEAD_TOO_LARGE: async (operation) => {
      const call = await valid(operation, acme);
      await run(server.db, FILL_WITH_LARGE_ACTIVITIES, [acme.workspaceId, call.params!['leadId']]);
      return acme.call(operation, call);
    },
    LEAD_ERASED: async (operation) => {
      const call = await valid(operation, acme);
      await run(server.db, 'insert into erased_leads select workspace_id, lead_id from backups on conflict do nothing', []);
      return acme.call(operation, call);
    },
    ERASURE_TOO_LARGE: async (operation) => {
      await run(server.db, FILL_WITH_LEADS, [acme.workspaceId]);
      return acme.call(operation, { body: { email: 'many@example.com', dryRun: true } });
    },
    IDEMPOTENCY_KEY_IN_USE: async (operation) => {
      const call = { ...(await valid(operation, acme)), headers: { 'idempotency-key': newId('req') } };
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<Error>()];
      stuck.error = () => {
        reached.resolve();
        return released.promise;
      };
      const first = acme.at(stuckServer).call(operation, call);
      await reached.promise;
      await acme.at(stuckServer).call(operation, call);
      released.resolve(new Error('a bug'));
      await first;
    },
    IDEMPOTENCY_ANSWER_ERASED: async (operation) => {
      const call = { ...(await valid(operation, acme)), headers: { 'idempotency-key': newId('req') } };
      await acme.call(operation, call);
      await run(server.db, 'update idempotency_keys set answer = null where workspace_id = $1', [acme.workspaceId]);
      return acme.call(operation, call);
    },
    API_KEY_LIMIT_REACHED: async (operation) => {
      const full = await server.workspace();
      const call = await valid(operation, full);
      await leaveKeyPlaces(full, 0);
      return full.call(operation, call);
    },
    RATE_LIMIT_EXCEEDED: async (operation) => {
      busy ??= (await server.key(acme.workspaceId, ALL_SCOPES)).at(strictServer);
      await busy.call('leads.list');
      return busy.call(operation, await valid(operation, acme));
    },
    INTERNAL_ERROR: async (operation) => acme.at(brokenServer).call(operation, await valid(operation, acme)),
    WORKSPACE_BUSY: async (operation) => acme.at(busyServer).call(operation, await valid(operation, acme)),
    SERVICE_UNAVAILABLE: async (operation) => acme.at(awayServer).call(operation, await valid(operation, acme)),
  };

  const exercised = () => documentedAnswers().filter((name) => answered.get(database.name)?.has(name));

  it.each(documentedAnswers())('%s', async (name) => {
    const [operation, status, code] = name.split(' ') as [OperationId, string, keyof typeof PROVOKE | keyof typeof PROVOKE_HERE];
    answered.get(database.name)?.delete(name);
    if (name === 'jobs.cancel 200 success') await acme.call(operation, await waitingJob(acme));
    else if (code in PROVOKE) await PROVOKE[status === '202' ? 'accepted' : (code as keyof typeof PROVOKE)](acme, operation);
    else await PROVOKE_HERE[code as keyof typeof PROVOKE_HERE](operation);
    expect(exercised()).toContain(name);
  });

  afterAll(() => {
    console.log(
      `${database.name}: documented (operation × status × code): ${exercised().length} of ${documentedAnswers().length} exercised`,
    );
    if (PLANNED_OPERATIONS.length > 0) console.log(`left out, because planned: ${PLANNED_OPERATIONS.join(', ')}`);
  });
});

const ALL_SCOPES = Object.keys(SCOPES) as Scope[];

const FILL_WITH_CAMPAIGNS = `
  insert into campaigns select $1, 'camp_' || n, 'Old', 'completed', now(), now() from generate_series(1, ${CAMPAIGNS_MAX}) as n`;
const FILL_WITH_LEADS = `
  insert into leads (workspace_id, id, name, email, name_lower, email_lower, status, metadata, created_at, updated_at)
  select $1, 'lead_many' || n, 'Ann', 'many@example.com', 'ann', 'many@example.com', 'new', '{}', now(), now()
  from generate_series(0, ${ERASURE_MAX_LEADS}) as n`;
const FILL_WITH_ACTIVITIES = `
  insert into activities select $1, $2, 'act_' || n, 'note', 'Old', '{}', now(), now() from generate_series(1, ${ACTIVITIES_MAX_PER_LEAD}) as n`;
const FILL_WITH_LARGE_ACTIVITIES = `
  insert into activities select $1, $2, 'act_' || n, 'note', repeat(chr(1), 5000), '{}', now(), now() from generate_series(1, 420) as n`;
