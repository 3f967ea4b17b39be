import { beforeAll, expect, it } from 'vitest';
import type { Lead } from '@leads/contract';
import { run } from '../src/db/database.ts';
import { columnsOf } from '../src/leads/lead-fields.ts';
import { onEachDatabase, useOwnDatabase } from './support/databases.ts';
import { useCaller, useServer } from './support/server.ts';

onEachDatabase('the reason of a deletion', (shared) => {
  const database = useOwnDatabase(shared);
  const server = useServer(database);
  /** It leaves its jobs to others. */
  const idleServer = useServer(database);
  beforeAll(() => idleServer.runner.stop());
  const acme = useCaller(server);
  const reasonsOf = async (query: Record<string, string>) =>
    (await acme.call('auditLog.list', { query })).body.data.entries.map(({ reason }: { reason: string | null }) => reason) as string[];

  it.each([
    ['upper case', { name: 'Zoë Núñez' }, 'ZOË NÚÑEZ asked', '[redacted] asked'],
    ['another encoding of the accents', { name: 'Zoë Núñez' }, 'Zoë Núñez'.normalize('NFD') + ' asked', '[redacted] asked'],
    ['an encoding that the lead has', { name: 'Zoë Núñez'.normalize('NFD') }, 'Zoë Núñez asked', '[redacted] asked'],
    ['the letters of a Korean name one by one', { name: '김철수' }, '김철수'.normalize('NFD') + ' asked', '[redacted] asked'],
    ['a wider gap', { name: 'Jane Doe' }, 'Jane \u00a0\n Doe asked', '[redacted] asked'],
    ['a wider gap in the lead', { name: ' Jane  Doe ' }, 'Jane Doe asked', '[redacted] asked'],
    ['a sigma at the end of a word', { name: 'Νίκος' }, 'ΝΊΚΟΣ asked', '[redacted] asked'],
    ['a script without gaps', { name: '王小明' }, '客户王小明要求删除', '客户[redacted]要求删除'],
    ['the e-mail address in brackets', { email: 'Jane@Example.com' }, 'from <jane@example.COM>.', 'from <[redacted]>.'],
    ['the phone number with other signs', { phone: '+49 (0) 170-123 4567' }, 'call 0049 170/1234567 now', 'call [redacted] now'],
    ['the phone number without its country', { phone: '+491701234567' }, 'call 0170 123-45-67 now', 'call [redacted] now'],
    ['the phone number with its country', { phone: '0170 1234567' }, 'call +49 170 1234567 now', 'call [redacted] now'],
    [
      'the phone number between others',
      { phone: '+49 170 1234567' },
      'ticket 4711, +49 170 12 34 567, 17:30',
      'ticket 4711, [redacted], 17:30',
    ],
    ['the phone number in digits of full width', { phone: '0170 1234567' }, 'call ０１７０１２３４５６７ now', 'call [redacted] now'],
    ['the phone number behind a sign that stands for several', { phone: '0170 1234567' }, '½ ㎏, 0170 1234567 now', '½ ㎏, [redacted] now'],
    ['a short phone number, and no other', { phone: '12-345' }, 'call 12345, no 9912345 or 54321', 'call [redacted], no 9912345 or 54321'],
    ['a phone number, and none that ends with some of its digits', { phone: '12345678' }, 'no 9945678, 12345678', 'no 9945678, [redacted]'],
    ['too few digits for a phone number', { phone: '1-2-3' }, 'ticket 123', 'ticket 123'],
    ['a phone number that is no number', { phone: 'Ext. Seven' }, 'ask ext. seven', 'ask [redacted]'],
    ['a name that is part of words only', { name: 'Li' }, 'client left, Li too', 'client left, [redacted] too'],
    [
      'a name that is the beginning of another',
      { name: 'Ann', email: 'ann@ann.example' },
      'Ann, Anna, ann@ann.example',
      '[redacted], Anna, [redacted]',
    ],
    ['signs of a pattern', { name: 'J. (x*) \\ $1' }, 'for J. (x*) \\ $1', 'for [redacted]'],
    ['what is nobody', {}, 'Ticket 4711:  by\nmail, İ and ẞ', 'Ticket 4711:  by\nmail, İ and ẞ'],
  ])('is redacted with %s', async (_what, fields, reason, redacted) => {
    const params = { leadId: (await acme.lead({ name: 'Qx Qy', email: 'qx@example.com', ...fields })).id as string };
    await acme.call('leads.delete', { params, query: { reason } });
    expect(await reasonsOf({ leadId: params.leadId })).toEqual([redacted]);
  });

  it('names none of the leads of a call in the entry of any other', async () => {
    const [jane, other] = [await acme.lead({ name: 'Jane Roe', email: 'jane.roe@example.com' }), await acme.lead({ name: 'Other One' })];
    const reason = 'Jane Roe <jane.roe@example.com> asked';
    await acme.call('leads.bulkDelete', { body: { ids: [other.id, jane.id], erase: true, reason } });
    expect([...(await reasonsOf({ leadId: other.id })), ...(await reasonsOf({ leadId: jane.id }))]).toEqual(
      Array.from({ length: 2 }, () => '[redacted] <[redacted]> asked'),
    );
  });

  it.each(['leads.bulkDelete', 'leads.bulkAnonymize'] as const)(
    'names none of the leads of a job in the entry of any other, in whichever step, nor in the job while it waits: %s',
    async (operation) => {
      const source = operation;
      const records = Array.from({ length: 1_002 }, (_, i) =>
        JSON.stringify({
          lead: {
            id: `lead_${operation.slice(-4).toLowerCase()}${String(i).padStart(4, '0')}`,
            name: `Person ${i}`,
            email: `p${i}@${operation}.example`,
            phone: null,
            source,
            status: 'new',
            metadata: {},
            createdAt: '2024-01-15T10:30:00.000Z',
            updatedAt: '2024-01-15T10:30:00.000Z',
            workspaceId: acme.workspaceId,
          },
        }),
      );
      expect((await acme.call('leads.import', { body: records.join('\n') })).body.data.imported).toBe(1_002);
      const { planToken } = (await acme.call(operation, { body: { filter: { source }, dryRun: true } })).body.data;
      const body = { filter: { source }, planToken, reason: 'Person 0 and person  1001 asked, Person 5000 did not' };
      const redacted = '[redacted] and [redacted] asked, Person 5000 did not';
      const { id } = (await acme.at(idleServer).call(operation, { body })).body.data;
      const [job] = await run<{ options: object }>(server.db, 'select options from jobs where id = $1', [id]);
      expect(job!.options).toMatchObject({ reason: redacted });
      await server.runner.wake();
      const entries = await run(
        server.db,
        'select reason, count(*)::integer from audit_log where job_id = $1 and reason is not null group by 1',
        [id],
      );
      expect(entries).toEqual([{ reason: redacted, count: 1_002 }]);
    },
  );
});

onEachDatabase('what is searched', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const FORMS = ['NFC', 'NFD'] as const;
  const foundBy = async (query: Record<string, string>) =>
    (await acme.call('leads.list', { query: { sortBy: 'createdAt', sortOrder: 'asc', ...query } })).body.data.leads as Lead[];

  it('is found whichever encoding of accents the lead and the search have, and answered as it was sent', async () => {
    const names = FORMS.map((form) => 'Àgnès Núñez'.normalize(form));
    for (const name of names) await acme.lead({ name });
    for (const search of names.flatMap((name) => [name, name.toUpperCase()])) {
      expect((await foundBy({ search })).map(({ name }) => name)).toEqual(names);
    }
  });

  it('is found by the e-mail filter, too', async () => {
    const emails = FORMS.map((form) => 'agnès@example.com'.normalize(form));
    const ids = await Promise.all(emails.map(async () => (await acme.lead()).id as string));
    for (const [i, email] of emails.entries()) {
      const [set, folded] = columnsOf({ email });
      await run(server.db, `update leads set ${set!.column} = $1, ${folded!.column} = $2 where id = $3`, [email, folded!.value, ids[i]]);
    }
    const rows = await run<{ folded: number }>(
      server.db,
      'select count(distinct email_lower)::integer as folded from leads where id = any($1)',
      [ids],
    );
    expect(rows).toEqual([{ folded: 1 }]);
    for (const email of emails) {
      const { status, body } = await acme.call('leads.list', { query: { email } });
      expect([status, body.data.leads.map(({ id }: { id: string }) => id).toSorted()]).toEqual([200, ids.toSorted()]);
    }
  });
});
