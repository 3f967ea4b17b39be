import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { type Caller, Clock, locations, useCaller, useServer } from './support/server.ts';

const encode = (position: unknown) => Buffer.from(typeof position === 'string' ? position : JSON.stringify(position)).toString('base64url');
const decode = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64url').toString());

onEachDatabase('cursors of leads.list', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const page = async (caller: Caller, query: Record<string, string | number>) => (await caller.call('leads.list', { query })).body.data;
  const ids = (leads: readonly { id: string }[]) => leads.map(({ id }) => id);

  it.each(['createdAt', 'updatedAt', 'name', 'email', 'status'])(
    '200: a walk by %s meets every lead that stays once, while others are created, changed and deleted',
    async (sortBy) => {
      const caller = await server.workspace();
      const create = (name: string) => caller.lead({ name, email: `${name}@example.com`, status: name < 'm' ? 'lost' : 'new' });
      const stay = ids(await Promise.all(Array.from({ length: 9 }, (_, i) => create(`s${i}`))));
      let leave = ids(await Promise.all(Array.from({ length: 9 }, (_, i) => create(`k${i}`))));
      const walked: string[] = [];
      let number = 0;
      for (let cursor: string | null = ''; cursor !== null;) {
        const { leads, pagination }: { leads: { id: string }[]; pagination: { page: number; nextCursor: string | null } } = await page(
          caller,
          {
            sortBy,
            limit: 4,
            sortOrder: 'asc',
            ...(cursor && { cursor }),
          },
        );
        expect(pagination.page).toBe(++number);
        walked.push(...ids(leads));
        cursor = pagination.nextCursor;
        if (number > 4) continue;
        clock.advance(1);
        // The last lead of the page goes too, if it may: the place where the walk stands need not exist.
        const gone = [leave.includes(leads.at(-1)!.id) ? leads.at(-1)!.id : leave[0]!, leave.at(-1)!];
        leave = leave.filter((id) => !gone.includes(id));
        await Promise.all([...new Set(gone)].map((leadId) => caller.call('leads.delete', { params: { leadId } })));
        await Promise.all([create(`a${number}`), create(`z${number}`)]);
      }
      expect(new Set(walked).size).toBe(walked.length);
      expect(walked).toEqual(expect.arrayContaining(stay));
    },
  );

  it('200: filters hold on every page of a walk', async () => {
    const caller = await server.workspace();
    await Promise.all(Array.from({ length: 6 }, (_, i) => caller.lead({ status: i % 2 ? 'lost' : 'new' })));
    const first = await page(caller, { status: 'lost', limit: 2 });
    const second = await page(caller, { status: 'lost', limit: 2, cursor: first.pagination.nextCursor });
    expect([...first.leads, ...second.leads].map(({ status }) => status)).toEqual(['lost', 'lost', 'lost']);
    expect(second.pagination).toMatchObject({ page: 2, total: 3, totalPages: 2, hasNext: false, hasPrev: true, nextCursor: null });
  });

  it('200: a cursor of another workspace shows only leads of one’s own', async () => {
    const other = await server.workspace();
    await Promise.all([acme.lead(), acme.lead(), other.lead(), other.lead()]);
    const { pagination } = await page(acme, { limit: 1 });
    const { leads } = await page(other, { limit: 100, cursor: pagination.nextCursor });
    expect(leads.every(({ workspaceId }: { workspaceId: string }) => workspaceId === other.workspaceId)).toBe(true);
  });

  it('400 VALIDATION_ERROR: a cursor is not sent together with page', async () => {
    await Promise.all([acme.lead(), acme.lead()]);
    const { pagination } = await page(acme, { limit: 1 });
    const answer = await acme.call('leads.list', { query: { limit: 1, page: 2, cursor: pagination.nextCursor } });
    expect([answer.status, locations(answer)]).toEqual([400, ['query.cursor']]);
  });

  it('400 VALIDATION_ERROR: a cursor of another sort or order is refused', async () => {
    await Promise.all([acme.lead(), acme.lead()]);
    const { pagination } = await page(acme, { limit: 1 });
    for (const query of [{ sortBy: 'updatedAt' }, { sortBy: 'name' }, { sortOrder: 'asc' }]) {
      const answer = await acme.call('leads.list', { query: { limit: 1, cursor: pagination.nextCursor, ...query } });
      expect([answer.status, answer.body.details.issues[0]]).toMatchObject([400, { location: 'query.cursor', code: 'invalid_cursor' }]);
    }
  });

  it('400 VALIDATION_ERROR: a tampered cursor is refused, and none makes the server fail', async () => {
    await Promise.all([acme.lead(), acme.lead()]);
    const { pagination } = await page(acme, { limit: 1 });
    const genuine = decode(pagination.nextCursor);
    const [time, id] = genuine.after;
    const tampered = [
      'x',
      'null',
      encode('null'),
      encode('[]'),
      encode('"text"'),
      encode('{"__proto__":{"sort":"createdAt desc"}}'),
      encode({ ...genuine, after: undefined }),
      encode({ ...genuine, after: [] }),
      encode({ ...genuine, after: [time] }),
      encode({ ...genuine, after: [time, id, id] }),
      encode({ ...genuine, after: { 0: time, 1: id, length: 2 } }),
      encode({ ...genuine, after: ['yesterday', id] }),
      encode({ ...genuine, after: [time, 1] }),
      encode({ ...genuine, after: [time, [id]] }),
      encode({ ...genuine, after: [time, `${id}\0`] }),
      encode({ ...genuine, after: ['-271821-04-20T00:00:00.000Z', id] }),
      encode({ ...genuine, after: ['+275760-09-13T00:00:00.000Z', '\ud800'] }),
      encode({ ...genuine, page: 0 }),
      encode({ ...genuine, page: 1.5 }),
      encode({ ...genuine, page: '1' }),
      encode({ ...genuine, page: Number.MAX_SAFE_INTEGER }),
      encode({ ...genuine, sort: 'id; drop table leads' }),
      encode('['.repeat(1400)),
      pagination.nextCursor.slice(0, -5),
    ];
    const accepted: string[] = [];
    for (const cursor of tampered) {
      const { status, body } = await acme.call('leads.list', { query: { limit: 1, cursor } });
      if (status !== 400 || body.details.issues[0].code !== 'invalid_cursor')
        accepted.push(`${status} ${Buffer.from(cursor, 'base64url').toString()}`);
    }
    expect(accepted).toEqual([]);
  });

  it('200: an injection in a cursor’s values is a value', async () => {
    const caller = await server.workspace();
    await Promise.all([caller.lead({ name: 'a' }), caller.lead({ name: 'b' })]);
    const { pagination } = await page(caller, { limit: 1, sortBy: 'name' });
    const genuine = decode(pagination.nextCursor);
    const cursor = encode({ ...genuine, after: ["z') or true --", "x'); drop table leads; --"] });
    expect(ids((await page(caller, { limit: 100, sortBy: 'name', cursor })).leads)).toHaveLength(2);
  });
});
