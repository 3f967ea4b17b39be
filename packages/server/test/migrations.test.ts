import { SCOPES } from '@leads/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashApiKey, newApiKey } from '../src/auth/api-key.ts';
import { type Database, openDatabase, run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { newId } from '../src/ids.ts';
import { bootstrap, DEFAULT_WORKSPACE } from '../src/workspaces/workspaces.ts';
import { emptyDatabase, onEachDatabase, type TestDatabase } from './support/databases.ts';

onEachDatabase('an empty database', (database) => {
  let drop: () => Promise<void>;
  let instances: Database[];
  let connection: TestDatabase['connection'];
  const now = () => new Date();

  beforeAll(async () => {
    const empty = await emptyDatabase(database);
    drop = empty.drop;
    connection = empty.database.connection;
    instances = Array.from({ length: 4 }, () => openDatabase(empty.database.connection, empty.database.maxConnections, () => {}));
  });
  afterAll(async () => {
    await Promise.all(instances.map((db) => db.destroy()));
    await drop();
  });

  it('is migrated once by several instances that start at the same time, and none tells its steps', async () => {
    await Promise.all(instances.map(() => migrate(connection, (line) => expect.unreachable(line))));
    await Promise.all(instances.map(() => migrate(connection)));
    expect(await run(instances[0]!, 'select id from leads', [])).toEqual([]);
  });

  it('gets secrets of its own where it was packed without, as each that is published is', async () => {
    const [db] = instances as [Database];
    const secrets = () => run<{ name: string; value: Buffer }>(db, 'select name, value from secrets order by name', []);
    const before = await secrets();
    await run(db, 'delete from secrets', []);
    await Promise.all(instances.map(() => migrate(connection)));
    const after = await secrets();
    expect(after.map(({ name, value }) => [name, value.length])).toEqual(before.map(({ name, value }) => [name, value.length]));
    for (const [at, { value }] of after.entries()) expect(value.equals(before[at]!.value)).toBe(false);
    const [inner, outer] = ['inner', 'outer'].map((part) => after.find(({ name }) => name === `person_hash_${part}`)!.value);
    expect([...inner!].map((byte, at) => byte ^ outer![at]!)).toEqual(Array(64).fill(0x36 ^ 0x5c));
    await migrate(connection);
    expect(await secrets()).toEqual(after);
  });

  it('gets exactly one workspace and one key with every scope, shown to one of them', async () => {
    const secret = newApiKey();
    const keys = await Promise.all(instances.map((db) => bootstrap({ db, now, newId }, secret)));
    const [first, ...more] = keys.filter((key) => key !== undefined);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ key: secret, scopes: Object.keys(SCOPES), expiresAt: null });
    const stored = await instances[0]!
      .selectFrom('api_keys')
      .innerJoin('workspaces', 'workspaces.id', 'api_keys.workspace_id')
      .select(['api_keys.hash', 'workspaces.name'])
      .execute();
    expect(stored.map(({ hash, name }) => [hash.toString('hex'), name])).toEqual([[hashApiKey(secret), DEFAULT_WORKSPACE]]);
  });

  it('gets no second key when instances start again, with another key in their settings or none', async () => {
    expect(await Promise.all(instances.map((db, i) => bootstrap({ db, now, newId }, i % 2 ? newApiKey() : undefined)))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await instances[0]!.selectFrom('api_keys').select('id').execute()).toHaveLength(1);
  });
});
