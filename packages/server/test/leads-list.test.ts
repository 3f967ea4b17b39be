import { LeadSortBySchema, PAGE_MAX, TOTAL_COUNT_MAX } from '@leads/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { onEachDatabase } from './support/databases.ts';
import { type Call, Clock, locations, useCaller, useServer } from './support/server.ts';

interface ListedLead {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly status: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

onEachDatabase('leads.list', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });

  describe('filters', () => {
    const acme = useCaller(server);
    const start = clock.now().getTime();
    const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
    const names = async (query: Call['query']) => {
      const { body } = await acme.call('leads.list', { query: { sortBy: 'name', sortOrder: 'asc', ...(query as object) } });
      expect(body.data.pagination.total).toBe(body.data.leads.length);
      return body.data.leads.map(({ name }: ListedLead) => name).join();
    };

    beforeAll(async () => {
      const leads = [
        { name: 'Ann Ärger', email: 'ann@example.com', source: 'web' },
        { name: 'Bob 100%', email: 'BOB@example.com', status: 'lost', source: 'Web' },
        { name: 'Cy_d', email: 'cyd@example.org', status: 'lost', source: 'web' },
        { name: 'Dan\\e', email: 'cyxd@example.org', status: 'follow_up' },
        { name: "Eve'); drop table leads; --", email: "eve'x@example.org", source: '%' },
      ];
      for (const lead of leads) {
        await acme.lead(lead);
        clock.advance(10);
      }
    });

    it.each([
      [{ status: 'lost' }, 'Bob 100%,Cy_d'],
      [{ status: 'lost', source: 'web' }, 'Cy_d'],
      [{ status: 'converted' }, ''],
      [{ source: 'web' }, 'Ann Ärger,Cy_d'],
      [{ source: '%' }, "Eve'); drop table leads; --"],
      [{ email: 'bob@EXAMPLE.com' }, 'Bob 100%'],
      [{ email: 'bob@example' }, ''],
      [{ email: '%@example.com' }, ''],
      [{ search: 'EXAMPLE.com' }, 'Ann Ärger,Bob 100%'],
      [{ search: 'än' }, ''],
      [{ search: 'är' }, 'Ann Ärger'],
      [{ search: 'ÄR' }, 'Ann Ärger'],
      [{ search: 'n Ä' }, 'Ann Ärger'],
      [{ search: '%' }, 'Bob 100%'],
      [{ search: '_' }, 'Cy_d'],
      [{ search: 'y_d' }, 'Cy_d'],
      [{ search: '\\' }, 'Dan\\e'],
      [{ search: '\\%' }, ''],
      [{ search: "'); DROP" }, "Eve'); drop table leads; --"],
      [{ search: 'example', status: 'lost', source: 'web' }, 'Cy_d'],
      [{ createdAfter: at(10), createdBefore: at(30) }, 'Bob 100%,Cy_d'],
      [{ createdBefore: at(0) }, ''],
      [{ createdAfter: at(40).replace('Z', '+00:00') }, "Eve'); drop table leads; --"],
      [{ createdAfter: '0001-01-01T00:00:00Z', createdBefore: '9999-12-31T23:59:59.999999Z', search: 'bob' }, 'Bob 100%'],
    ])('200: %j selects %j', async (query, expected) => {
      expect(await names(query)).toBe(expected);
    });

    it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2024-02-29T00:00:00+23:59', `2024-01-01T00:00:00.${'9'.repeat(1000)}Z`])(
      '200: the moment %s is one',
      async (moment) => {
        expect((await acme.call('leads.list', { query: { createdAfter: moment, createdBefore: moment } })).body.data.leads).toEqual([]);
      },
    );

    it.each([
      ['statuss=lost', 'statuss'],
      ['status=', 'status'],
      ['status=LOST', 'status'],
      ['status=lost&status=new', 'status'],
      ['status[]=lost', 'status[]'],
      ['source=', 'source'],
      ['search=', 'search'],
      [`search=${'a'.repeat(255)}`, 'search'],
      ['search=%00', 'search'],
      ['search=a&search=b', 'search'],
      ['email=', 'email'],
      ['email=jo+tag@example.com', 'email'],
      ['email=jo%20tag@example.com', 'email'],
      ['page=0', 'page'],
      ['page=-1', 'page'],
      ['page=1.5', 'page'],
      ['page=x', 'page'],
      ['page=', 'page'],
      ['page=1&page=2', 'page'],
      ['page=1e999', 'page'],
      [`page=${PAGE_MAX + 1}`, 'page'],
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=-5', 'limit'],
      ['limit=99999999999999999999', 'limit'],
      ['limit=NaN', 'limit'],
      ['sortBy=workspaceId', 'sortBy'],
      ['sortBy=id;drop%20table%20leads', 'sortBy'],
      ['sortOrder=DESC', 'sortOrder'],
      ['createdAfter=2024-01-01', 'createdAfter'],
      ['createdAfter=2024-02-30T00:00:00Z', 'createdAfter'],
      ['createdAfter=2024-01-01T00:00:00', 'createdAfter'],
      ['createdBefore=infinity', 'createdBefore'],
      ['createdBefore=9999-12-31T23:59:59-00:01', 'createdBefore'],
      ['createdBefore=0000-01-01T00:00:00%2B00:01', 'createdBefore'],
      ['cursor=', 'cursor'],
      [`cursor=${'a'.repeat(2001)}`, 'cursor'],
      ['__proto__=1', '__proto__'],
      ['__proto__[status]=lost', '__proto__[status]'],
      ['constructor=1', 'constructor'],
      ['hasOwnProperty=1', 'hasOwnProperty'],
      ['workspaceId=ws_1', 'workspaceId'],
      ['=1', ''],
    ])('400 VALIDATION_ERROR: ?%s is refused by name', async (query, parameter) => {
      const answer = await acme.call('leads.list', { query });
      expect([answer.status, [...new Set(locations(answer))]]).toEqual([400, [`query.${parameter}`]]);
    });

    it('a plus sign that was not encoded is told how to send', async () => {
      const lead = await acme.lead({ email: 'jo+tag@example.com' });
      const { body } = await acme.call('leads.list', { query: 'email=jo+tag@example.com' });
      expect(body.details.issues[0].message).toContain('%2B');
      const found = await acme.call('leads.list', { query: 'email=jo%2Btag@example.com' });
      expect(found.body.data.leads.map(({ id }: { id: string }) => id)).toEqual([lead.id]);
    });

    it('400 VALIDATION_ERROR: no number of parameters hides one', async () => {
      for (const query of [`${'&'.repeat(1500)}statuss=lost`, `${'a=&'.repeat(1500)}statuss=lost`]) {
        const answer = await acme.call('leads.list', { query });
        expect([answer.status, answer.status === 400 && locations(answer).includes('query.statuss')]).toEqual([400, true]);
      }
    });

    it('400 VALIDATION_ERROR: names everything that is wrong at once', async () => {
      const answer = await acme.call('leads.list', { query: 'limit=0&page=x&status=no&foo=1' });
      expect(locations(answer).toSorted()).toEqual(['query.foo', 'query.limit', 'query.page', 'query.status']);
    });
  });

  describe('sorting', () => {
    const acme = useCaller(server);
    const all: ListedLead[] = [];
    beforeAll(async () => {
      const leads = [
        { name: 'b', email: 'Z@example.com', status: 'new' },
        { name: 'B', email: 'a@example.com', status: 'lost' },
        { name: 'ä', email: '_@example.com', status: 'lost' },
        { name: 'Z', email: 'a@example.com', status: 'follow_up' },
        { name: '👩', email: 'A@example.com', status: 'new' },
        { name: 'a b', email: 'b@example.com', status: 'new' },
        { name: 'aB', email: '0@example.com', status: 'contacted' },
      ];
      for (const [i, lead] of leads.entries()) {
        // Some are created in the same millisecond.
        if (i % 3 === 0) clock.advance(1);
        all.push(await acme.lead(lead));
      }
      clock.advance(1);
      const { body } = await acme.call('leads.update', { params: { leadId: all[0]!.id }, body: { phone: '1' } });
      all[0] = body.data;
    });

    const value = (lead: ListedLead, sortBy: string): string => {
      if (sortBy === 'status') return `${lead.status} ${lead.createdAt} ${lead.id}`;
      const text = lead[sortBy as keyof ListedLead];
      return `${sortBy === 'name' || sortBy === 'email' ? text.toLowerCase() : text}\u0001${lead.id}`;
    };
    // As PostgreSQL's "C" collation compares: by the bytes of UTF-8.
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

    describe.each(LeadSortBySchema.options)('by %s', (sortBy) => {
      it.each(['asc', 'desc'] as const)('200: %s, in one page and in pages of any size, numbered and by cursor', async (sortOrder) => {
        const expected = all.toSorted((a, b) => byBytes(value(a, sortBy), value(b, sortBy))).map(({ id }) => id);
        if (sortOrder === 'desc') expected.reverse();
        for (const limit of [1, 2, 3, 7, 100]) {
          const walked: string[] = [];
          for (let cursor: string | null = ''; cursor !== null;) {
            const { body } = await acme.call('leads.list', { query: { sortBy, sortOrder, limit, ...(cursor && { cursor }) } });
            walked.push(...body.data.leads.map(({ id }: ListedLead) => id));
            cursor = body.data.pagination.nextCursor;
          }
          expect(walked).toEqual(expected);
        }
        const second = await acme.call('leads.list', { query: { sortBy, sortOrder, limit: 3, page: 2 } });
        expect(second.body.data.leads.map(({ id }: ListedLead) => id)).toEqual(expected.slice(3, 6));
      });
    });

    it('200: newest first when nothing is said', async () => {
      const { body } = await acme.call('leads.list');
      const expected = await acme.call('leads.list', { query: { sortBy: 'createdAt', sortOrder: 'desc', page: 1, limit: 20 } });
      expect(body).toEqual(expected.body);
    });
  });

  describe('a search among many leads', () => {
    const [acme, other] = [useCaller(server), useCaller(server)];
    // Both workspaces have leads of the same ids.
    const fill = ({ workspaceId }: { workspaceId: string }) =>
      run(
        server.db,
        `insert into leads (workspace_id, id, name, email, name_lower, email_lower, source, status, metadata, created_at, updated_at)
         select $1, 'lead_many' || i, name, email, lower(name), email, source, 'new', '{}', now(), now()
         from generate_series(1, $2::integer) as i
         cross join lateral (
           select case when i % 2000 = 0 then 'Ärger ' else 'Common ' end || i as name, 'p' || i || '@example.com' as email,
             case when i % 4000 = 0 then 'web' else 'fair' end as source
         ) as lead`,
        [workspaceId, TOTAL_COUNT_MAX + 2],
      );
    beforeAll(() => Promise.all([fill(acme), fill(other)]).then(() => {}));
    const found = async (query: Readonly<Record<string, string>>) => {
      const { leads, pagination } = (await acme.call('leads.list', { query })).body.data;
      return [leads.map(({ name }: ListedLead) => name), pagination.total, pagination.hasNext];
    };

    it('200: finds the few that it matches, and only those that the other filters select', async () => {
      expect(await found({ search: 'ÄRGER', sortBy: 'name', sortOrder: 'asc' })).toEqual([['Ärger 2000', 'Ärger 4000'], 2, false]);
      expect(await found({ search: 'ÄRGER', source: 'web' })).toEqual([['Ärger 4000'], 1, false]);
    });

    it('200: finds a lead by any part of its name or address, in any script, with any signs between', async () => {
      const name = "Zoë O'Neill-Größe 7%_x\\y ΟΔΥΣΣΕΎΣ Щукин李小龙王 👩‍🚀7z";
      const lead = await acme.lead({ name, email: 'zoe.oneill+q7w8e9@mail-7.firma.test' });
      const texts = [name, lead.email].map((text) => [...text]);
      const parts = [3, 4, 6, 7, 11].flatMap((length) =>
        texts.flatMap((letters) =>
          letters.map((_, i) =>
            letters
              .slice(i, i + length)
              .join('')
              .trim(),
          ),
        ),
      );
      for (const part of new Set(parts)) {
        const { leads } = (await acme.call('leads.list', { query: { search: part } })).body.data;
        expect([part, leads.map(({ id }: ListedLead) => id)]).toEqual([part, expect.arrayContaining([lead.id])]);
      }
    });

    it(`200: counts up to ${TOTAL_COUNT_MAX}, and one more for whatever is beyond, and shows a page all the same`, async () => {
      const first = { search: 'example', sortBy: 'name', sortOrder: 'asc', limit: '1' } as const;
      expect(await found(first)).toEqual([['Common 1'], TOTAL_COUNT_MAX + 1, true]);
      expect(await found({ ...first, search: 'COMMON' })).toEqual([['Common 1'], TOTAL_COUNT_MAX, true]);
      const { search: _, ...unsearched } = first;
      expect(await found({ ...unsearched, createdAfter: '2000-01-01T00:00:00Z' })).toEqual([['Common 1'], TOTAL_COUNT_MAX + 1, true]);
    });
  });

  describe('pages', () => {
    const acme = useCaller(server);
    beforeAll(() => Promise.all(Array.from({ length: 7 }, () => acme.lead())).then(() => {}));

    it.each([
      [1, 3, 3, { totalPages: 3, hasNext: true, hasPrev: false }],
      [2, 3, 3, { totalPages: 3, hasNext: true, hasPrev: true }],
      [3, 3, 1, { totalPages: 3, hasNext: false, hasPrev: true }],
      [4, 3, 0, { totalPages: 3, hasNext: false, hasPrev: true }],
      [1, 7, 7, { totalPages: 1, hasNext: false, hasPrev: false }],
      [1, 100, 7, { totalPages: 1, hasNext: false, hasPrev: false }],
      [PAGE_MAX, 100, 0, { totalPages: 1, hasNext: false, hasPrev: true }],
    ])('200: page %i of %i each has %i leads', async (page, limit, count, expected) => {
      const { body } = await acme.call('leads.list', { query: { page, limit } });
      expect(body.data.leads).toHaveLength(count);
      expect(body.data.pagination).toMatchObject({ page, limit, total: 7, ...expected });
      expect(body.data.pagination.nextCursor !== null).toBe(expected.hasNext);
    });

    it('200: a workspace without leads has no pages', async () => {
      const empty = await server.workspace();
      const { body } = await empty.call('leads.list');
      expect(body.data).toEqual({
        leads: [],
        pagination: { page: 1, limit: 20, total: 0, totalPages: 0, hasNext: false, hasPrev: false, nextCursor: null },
      });
    });
  });
});
