import { expect, test } from 'vitest';
import { API_KEY } from '../test/crash/api-key.ts';
import { Figures } from '../test/crash/figures.ts';
import { freePort } from '../test/support/free-port.ts';
import { HttpConnection } from '../test/crash/http-connection.ts';
import { findBinaries, PostgresCluster } from '../test/crash/postgres-cluster.ts';
import { promoteStandby } from '../test/crash/promote-standby.ts';
import { ServerProcess } from '../test/crash/server-process.ts';
import { problemOfUnavailable } from '../test/crash/writer.ts';

const ROUNDS = 2;

const binaries = findBinaries();
if ('missing' in binaries) console.warn(`The promotion of a standby is skipped: ${binaries.missing}`);

test.skipIf('missing' in binaries)(
  'no acknowledged write is lost when PostgreSQL is killed under 20 clients and its standby promoted, and every client goes on by itself',
  async () => {
    const figures = new Figures();
    await promoteStandby((binaries as { dir: string }).dir, ROUNDS, figures);
    expect(figures.problems).toEqual([]);
    expect(figures.acknowledged).toBeGreaterThan(0);
    for (const line of figures.summary()) console.log(line);
  },
);

test.skipIf('missing' in binaries)(
  'a write that the synchronous standby does not confirm in the time of a statement is not acknowledged',
  async () => {
    await using primary = await PostgresCluster.create((binaries as { dir: string }).dir);
    await using server = await ServerProcess.start(await freePort(), API_KEY, { DATABASE_URL: primary.url });
    await using standby = await PostgresCluster.createStandby(primary);
    const connection = new HttpConnection(server.url, API_KEY);
    const create = async (email: string) => (await connection.send('POST', '/api/v1/leads', { name: 'Ann', email })).answer!;
    expect((await create('before@example.com')).status).toBe(201);
    {
      await using _ = await standby.pause();
      expect(problemOfUnavailable(await create('meanwhile@example.com'))).toBeUndefined();
    }
    expect((await create('after@example.com')).status).toBe(201);
    connection.close();
  },
);
