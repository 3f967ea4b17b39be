import { describe, expect, inject, it } from 'vitest';
import { verifyAudit } from '../src/audit/verify-audit.ts';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { newId } from '../src/ids.ts';
import { emptyDatabase } from './support/databases.ts';
import type { Answer } from '@leads/conformance';
import { type Caller, TestServer } from './support/server.ts';

/** How often each race is run; a campaign sets more. */
const ROUNDS = Number(process.env['LEADS_RACE_ROUNDS'] ?? (process.env['LEADS_TEST_MORE'] ? 40 : 10));
const AT_ONCE = 4;
const database = inject('databases').find(({ name }) => name === 'postgresql');
if (!database) console.warn('The races are skipped: they need PostgreSQL, because the embedded database runs one transaction at a time.');

/** Something that two or three requests do at once, and every pair of outcomes that there is. */
interface Race {
  readonly name: string;
  readonly round: (caller: Caller) => Promise<readonly Answer[]>;
  /** The guide "Deleting leads safely" names these, and no others. */
  readonly outcomes: readonly string[];
}

const RACES: readonly Race[] = [
  {
    name: 'enrolling while deleting',
    round: async (caller) => {
      const params = { leadId: (await caller.lead()).id, campaignId: (await caller.campaign()).id };
      return Promise.all([caller.call('campaigns.enrollLead', { params }), caller.call('leads.delete', { params })]);
    },
    outcomes: ['200 + 409 LEAD_IN_USE', '404 LEAD_NOT_FOUND + 200'],
  },
  {
    name: 'activating a campaign while deleting a lead in it',
    round: async (caller) => {
      const params = { leadId: (await caller.lead()).id, campaignId: (await caller.campaign({ status: 'draft' })).id };
      await caller.call('campaigns.enrollLead', { params });
      const body = { status: 'active' };
      return Promise.all([caller.call('campaigns.update', { params, body }), caller.call('leads.delete', { params })]);
    },
    outcomes: ['200 + 409 LEAD_IN_USE', '200 + 200'],
  },
  {
    name: 'adding an activity while deleting',
    round: async (caller) => {
      const params = { leadId: (await caller.lead()).id };
      const body = { type: 'note', text: 'Late' };
      return Promise.all([caller.call('activities.create', { params, body }), caller.call('leads.delete', { params })]);
    },
    outcomes: ['201 + 200', '404 LEAD_NOT_FOUND + 200'],
  },
  {
    name: 'updating while deleting what was seen',
    round: async (caller) => {
      const params = { leadId: (await caller.lead()).id };
      const { etag } = (await caller.call('leads.deletionPreview', { params })).body.data;
      const guarded = caller.call('leads.delete', { params, headers: { 'if-match': etag } });
      return Promise.all([caller.call('leads.update', { params, body: { status: 'lost' } }), guarded]);
    },
    outcomes: ['200 + 412 PRECONDITION_FAILED', '404 LEAD_NOT_FOUND + 200'],
  },
  {
    name: 'two deletes',
    round: async (caller) => {
      const params = { leadId: (await caller.lead()).id };
      return Promise.all([caller.call('leads.delete', { params }), caller.call('leads.delete', { params })]);
    },
    outcomes: ['200 + 404 LEAD_NOT_FOUND', '404 LEAD_NOT_FOUND + 200'],
  },
  {
    name: 'a delete during a bulk delete',
    round: async (caller) => {
      const ids = (await Promise.all([1, 2, 3].map(() => caller.lead()))).map(({ id }) => id as string);
      const bulk = caller.call('leads.bulkDelete', { body: { ids } });
      const answers = await Promise.all([bulk, caller.call('leads.delete', { params: { leadId: ids[1]! } })]);
      const { succeeded, skipped } = answers[0].body.data;
      expect([succeeded, skipped]).toEqual(answers[1].status === 200 ? [2, 1] : [3, 0]);
      return answers;
    },
    outcomes: ['200 + 200', '200 + 404 LEAD_NOT_FOUND'],
  },
  {
    name: 'a delete while a job deletes',
    round: async (caller) => {
      const source = newId('lead');
      const { id } = await caller.lead({ source });
      const { planToken } = (await caller.call('leads.bulkDelete', { body: { filter: { source }, dryRun: true } })).body.data;
      const job = caller.call('leads.bulkDelete', { body: { filter: { source }, planToken } });
      const answers = await Promise.all([job, caller.call('leads.delete', { params: { leadId: id } })]);
      await caller.server.runner.wake();
      return answers;
    },
    outcomes: ['202 + 200', '202 + 404 LEAD_NOT_FOUND', '409 PLAN_DRIFTED + 200'],
  },
  {
    name: 'deleting with a backup while erasing',
    round: async (caller) => {
      const params = { leadId: (await caller.lead()).id };
      const answers = await Promise.all([
        caller.call('leads.delete', { params, query: { backup: 'true' } }),
        caller.call('leads.delete', { params, query: { erase: 'true' } }),
      ]);
      expect((await caller.call('backups.list', { query: params })).body.data.backups).toEqual([]);
      return answers;
    },
    outcomes: ['200 + 200', '404 LEAD_NOT_FOUND + 200'],
  },
  {
    name: 'creating while erasing the person',
    round: async (caller) => {
      const body = { email: `${newId('lead')}@example.com` };
      await caller.lead(body);
      const { planToken } = (await caller.call('erasures.create', { body: { ...body, dryRun: true } })).body.data;
      const answers = await Promise.all([
        caller.call('leads.create', { body: { name: 'Ann', ...body } }),
        caller.call('erasures.create', { body: { ...body, planToken } }),
      ]);
      const left = answers[1].status === 200 ? 0 : 2;
      expect((await caller.call('leads.list', { query: body })).body.data.pagination.total).toBe(left);
      return answers;
    },
    outcomes: ['409 SUPPRESSED + 200', '201 + 409 PLAN_DRIFTED'],
  },
  {
    name: 'restoring while deleting',
    round: async (caller) => {
      const { params } = await caller.enrolledLead({ email: `${newId('lead')}@example.com` });
      const { id: backupId } = (await caller.call('backups.create', { params })).body.data;
      const restore = caller.call('backups.restore', { params: { backupId } });
      const answers = await Promise.all([restore, caller.call('leads.delete', { params, query: { force: 'true', backup: 'true' } })]);
      const { status } = await caller.call('leads.get', { params });
      expect(status).toBe(answers[0].status === 201 ? 200 : 404);
      return answers;
    },
    outcomes: ['201 + 200', '409 LEAD_EXISTS + 200'],
  },
  {
    name: 'restoring while erasing',
    round: async (caller) => {
      const { params } = await caller.enrolledLead({ email: `${newId('lead')}@example.com` });
      const { id: backupId } = (await caller.call('backups.create', { params })).body.data;
      const restore = caller.call('backups.restore', { params: { backupId } });
      const answers = await Promise.all([restore, caller.call('leads.delete', { params, query: { force: 'true', erase: 'true' } })]);
      expect((await caller.call('leads.get', { params })).status).toBe(404);
      expect((await caller.call('backups.get', { params: { backupId } })).status).toBe(404);
      return answers;
    },
    outcomes: ['404 BACKUP_NOT_FOUND + 200', '409 LEAD_EXISTS + 200'],
  },
];

describe.skipIf(!database)('concurrent requests on PostgreSQL', () => {
  it(`end as the guide says, ${ROUNDS} times each, and leave no lead half deleted`, async () => {
    const { database: own, drop } = await emptyDatabase(database!);
    const server = new TestServer(own);
    try {
      await migrate(own.connection);
      await server.start();
      for (const race of RACES) console.log(`${race.name}: ${await runRace(server, race)}`);
      await checkLeftovers(server);
    } finally {
      await server.stop();
      await drop();
    }
  });
});

describe.skipIf(!database)('an Idempotency-Key on PostgreSQL', () => {
  const name = `a deletion that is repeated as soon as it is answered always gets its first answer, ${ROUNDS} times under load`;
  it(name, async () => {
    const server = await new TestServer(database!).start();
    try {
      const caller = await server.workspace();
      let left = ROUNDS;
      const runner = async () => {
        while (left-- > 0) {
          const params = { leadId: (await caller.lead()).id };
          const headers = { 'idempotency-key': newId('req') };
          const first = await caller.call('leads.delete', { params, headers });
          for (let repeats = 0; repeats < 5; repeats++) {
            const again = await caller.call('leads.delete', { params, headers });
            expect([again.status, again.text]).toEqual([200, first.text]);
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, runner));
    } finally {
      await server.stop();
    }
  });
});

async function runRace(server: TestServer, { round, outcomes }: Race): Promise<string> {
  const counts = new Map<string, number>(outcomes.map((outcome) => [outcome, 0]));
  let left = ROUNDS;
  const runner = async () => {
    // A workspace for some rounds: it may have a thousand campaigns only.
    let caller: Caller | undefined;
    for (let done = 0; left-- > 0; done++) {
      if (done % 500 === 0) caller = await server.workspace();
      const outcome = (await round(caller!)).map(describeAnswer).join(' + ');
      expect(outcomes).toContain(outcome);
      counts.set(outcome, counts.get(outcome)! + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
  return [...counts].map(([outcome, count]) => `${count} × ${outcome}`).join(', ');
}

function describeAnswer({ status, body }: Answer): string {
  return status < 300 ? String(status) : `${status} ${body.code}`;
}

const LEFTOVERS = {
  'activities without a lead':
    'select 1 from activities where not exists (select 1 from leads where leads.workspace_id = activities.workspace_id and leads.id = lead_id)',
  'enrollments without a lead':
    'select 1 from campaign_leads as c where not exists (select 1 from leads where leads.workspace_id = c.workspace_id and leads.id = lead_id)',
  'a wrong count of leads': `
    select 1 from (select workspace_id, status, coalesce(source, '') as source, count(*) as count from leads group by 1, 2, 3) as real
    full join (select workspace_id, status, source, sum(count) as count from lead_counts group by 1, 2, 3) as kept using (workspace_id, status, source)
    where coalesce(real.count, 0) <> coalesce(kept.count, 0)`,
  'a wrong count of a day': `
    select 1 from (select workspace_id, (created_at at time zone 'UTC')::date as day, count(*) as count from leads group by 1, 2) as real
    full join (select workspace_id, day, sum(count) as count from lead_counts_by_day group by 1, 2) as kept using (workspace_id, day)
    where coalesce(real.count, 0) <> coalesce(kept.count, 0)`,
  'a deletion without its entry, or twice': `
    select 1 from audit_log group by workspace_id, lead_id
    having count(*) filter (where action = 'lead.deleted') - count(*) filter (where action = 'backup.restored') <>
      case when lead_id is null or exists (select 1 from leads where leads.workspace_id = audit_log.workspace_id and leads.id = lead_id) then 0 else 1 end`,
  'a job that did not end': `select 1 from jobs where status <> 'completed'`,
};

async function checkLeftovers(server: TestServer): Promise<void> {
  for (const [what, sql] of Object.entries(LEFTOVERS)) expect(await run(server.db, sql, []), what).toEqual([]);
  expect((await verifyAudit(server.db)).problems).toEqual([]);
}
