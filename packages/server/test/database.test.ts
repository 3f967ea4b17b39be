import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { type Database, openDatabase, poolState, run } from '../src/db/database.ts';
import { readMessage } from '../src/db/embedded/wire-messages.ts';
import { inTransaction } from '../src/db/transaction.ts';
import { onEachDatabase, type TestDatabase } from './support/databases.ts';

onEachDatabase('the connections to the database', (database) => {
  const undo: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });
  const open = (connection: pg.ClientConfig = database.connection) => {
    const db = openDatabase(connection, 1, () => {});
    undo.push(() => db.destroy());
    return db;
  };

  it('are all closed once the database is, also where each statement went past Kysely: a command would not end until they are', async () => {
    const db = openDatabase(database.connection, 1, () => {});
    await run(db, 'select 1', []);
    await db.destroy();
    expect(poolState(db)).toMatchObject({ inUse: 0, idle: 0 });
  });

  it('tell of a failed statement once the database is done with its transaction, not when it sends the error', async () => {
    const proxy = await proxyTo(database);
    undo.push(() => proxy.close());
    const db = open(proxy.connection);
    await run(db, 'select 1', []);
    await run(db, 'select 1 / $1::integer', [1]);
    proxy.holdBackReady();
    let isTold = false;
    const failed = run(db, 'select 1 / $1::integer', [0]).catch((error: pg.DatabaseError) => {
      isTold = true;
      return error;
    });
    await proxy.sentError;
    // A round trip, which is more time than the error needs.
    await run(open(), 'select 1', []);
    expect(isTold).toBe(false);
    proxy.letGo();
    expect(await failed).toMatchObject({ code: '22012' });
  });

  it('are kept after a statement that the database refuses', async () => {
    const proxy = await proxyTo(database);
    undo.push(() => proxy.close());
    const db = open(proxy.connection);
    for (let i = 0; i < 5; i++) await expect(run(db, 'select nothing', [])).rejects.toMatchObject({ code: '42703' });
    expect(proxy.connections()).toBe(1);
  });

  it.skipIf(database.name === 'embedded')('give a statement ten seconds and one core, in a transaction or by itself', async () => {
    const db = open();
    const settings = `select current_setting('statement_timeout') as time, current_setting('max_parallel_workers_per_gather') as more_cores`;
    const limits = async (on: Database) => (await run(on, settings, []))[0];
    const expected = { time: '10s', more_cores: '0' };
    expect(await limits(db)).toEqual(expected);
    expect(await inTransaction(db, limits)).toEqual(expected);
    expect(await db.transaction().execute(limits)).toEqual(expected);
  });

  it('give each statement that is sent together with others its own answer or error', async () => {
    const db = open();
    await inTransaction(db, async (transaction) => {
      const statements = [
        run(transaction, 'select 1 as n', []),
        run(transaction, 'select nothing', []),
        run(transaction, 'select 3 as n', []),
      ];
      const [first, second, third] = await Promise.allSettled(statements);
      expect(first).toEqual({ status: 'fulfilled', value: [{ n: 1 }] });
      expect(second).toMatchObject({ status: 'rejected', reason: { code: '42703' } });
      // The transaction is aborted.
      expect(third).toMatchObject({ status: 'rejected', reason: { code: '25P02' } });
    }).catch(() => {});
    expect(await run(db, 'select 4 as n', [])).toEqual([{ n: 4 }]);
  });
});

/** Passes everything on, but for what the database says after an error, while that is held back. */
async function proxyTo({ connection: { host, port, ...rest } }: TestDatabase) {
  const sentError = Promise.withResolvers<void>();
  let holds = false;
  let held: (() => void)[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const upstream = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => [client, upstream].forEach((each) => each.destroy()));
    }
    client.on('data', (bytes) => upstream.write(bytes));
    let input = Buffer.alloc(0);
    upstream.on('data', (bytes) => {
      input = Buffer.concat([input, bytes]);
      for (let next; (next = readMessage(input));) {
        const { bytes: message, type } = next;
        input = input.subarray(message.length);
        if (holds && type === 'Z') held.push(() => client.write(message));
        else client.write(message);
        if (type === 'E') sentError.resolve();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    connection: { ...rest, host: '127.0.0.1', port: (server.address() as AddressInfo).port, ssl: false },
    sentError: sentError.promise,
    connections: () => connections,
    holdBackReady: () => void (holds = true),
    letGo() {
      holds = false;
      for (const send of held) send();
      held = [];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
