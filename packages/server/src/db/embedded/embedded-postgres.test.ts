import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  EmbeddedDatabaseInUseError,
  EmbeddedDatabaseUnusableError,
  type EmbeddedPostgres,
  findRunningEmbeddedPostgres,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';
import { socketPath } from './socket-directory.ts';
import { message, startupMessage } from './wire-messages.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const moduleUrl = new URL('./embedded-postgres.ts', import.meta.url).href;

async function connected(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(connection);
  // A server that stops ends the connection, which the driver also reports here.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function queryOnce(connection: pg.ClientConfig, sql: string): Promise<unknown[]> {
  const client = await connected(connection);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The source of a process of its own, which has `startEmbeddedPostgres`, `pg` and `dataDir`. */
function childSource(dataDir: string, body: string): string[] {
  return [
    '--input-type=module',
    '--eval',
    `import pg from 'pg'
     import * as embedded from ${JSON.stringify(moduleUrl)}
     const dataDir = ${JSON.stringify(dataDir)}
     ${body}`,
  ];
}

function runChild(dataDir: string, body: string) {
  return spawnSync(process.execPath, childSource(dataDir, body), {
    cwd: here,
    encoding: 'utf8',
    timeout: 300_000,
  });
}

describe('a data directory', () => {
  let root: string;
  let dataDir: string;
  const running: EmbeddedPostgres[] = [];

  async function start(dir = dataDir): Promise<EmbeddedPostgres> {
    const database = await startEmbeddedPostgres({ dataDir: dir });
    running.push(database);
    return database;
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'leads-test-'));
    dataDir = join(root, '.leads');
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((database) => database.stop()));
    rmSync(root, { recursive: true, force: true });
  });

  test('is created private and keeps its rows across restarts', async () => {
    const first = await start();
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(first.maxConnections).toBe(1);
    await queryOnce(first.connection, 'create table kept as select 42 as answer');
    await Promise.all([first.stop(), first.stop()]);

    const second = await start();
    expect(await queryOnce(second.connection, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('is refused to a second opener, in this process and in another', async () => {
    await start();
    await expect(start()).rejects.toThrow(EmbeddedDatabaseInUseError);
    await expect(start()).rejects.toThrow(
      `The data directory ${dataDir} is in use by another running Leads API server ` +
        `(process ${process.pid}). Stop it, or set LEADS_DATA_DIR to another directory.`,
    );

    const child = runChild(dataDir, 'await embedded.startEmbeddedPostgres({ dataDir }).catch((e) => console.log(e.name, e.message))');
    expect(child.stdout).toMatch(new RegExp(`^EmbeddedDatabaseInUseError .* \\(process ${process.pid}\\)\\. .*\n$`));
  });

  test('keeps every acknowledged row when its process is killed', async () => {
    const acknowledged: number[] = [];
    for (let round = 0; round < 3; round++) {
      const writer = spawn(
        process.execPath,
        childSource(
          dataDir,
          `const { connection } = await embedded.startEmbeddedPostgres({ dataDir })
           const client = new pg.Client(connection)
           await client.connect()
           await client.query('create table if not exists written (id serial primary key)')
           for (;;) {
             const { rows } = await client.query('insert into written default values returning id')
             console.log(rows[0].id)
           }`,
        ),
        { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const exit = once(writer, 'exit');
      let seen = 0;
      for await (const line of createInterface(writer.stdout)) {
        acknowledged.push(Number(line));
        if (++seen === 300) writer.kill('SIGKILL');
      }
      await exit;

      expect(await findRunningEmbeddedPostgres(dataDir)).toBeNull();
      const reopened = await start();
      const rows = await queryOnce(reopened.connection, 'select id from written order by id');
      const ids = new Set(rows.map((row) => (row as { id: number }).id));
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      await reopened.stop();
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(900);
  });

  test('opens after a kill left an empty postmaster.pid', async () => {
    await (await start()).stop();
    writeFileSync(join(dataDir, 'pgdata', 'postmaster.pid'), '');
    const database = await start();
    expect(await queryOnce(database.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('opens after a kill left a half-made first database', async () => {
    mkdirSync(join(dataDir, 'pgdata.tmp', 'base'), { recursive: true });
    const database = await start();
    expect(await queryOnce(database.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(existsSync(join(dataDir, 'pgdata.tmp'))).toBe(false);
  });

  test('is found by another process while, and only while, a server runs on it', async () => {
    expect(await findRunningEmbeddedPostgres(dataDir)).toBeNull();
    expect(existsSync(dataDir)).toBe(false);

    const database = await start();
    const child = runChild(
      dataDir,
      `const client = new pg.Client(await embedded.findRunningEmbeddedPostgres(dataDir))
       await client.connect()
       await client.query('create table from_child as select $1::int as id', [7])
       await client.end()`,
    );
    expect(child).toMatchObject({ status: 0, stderr: '' });
    expect(await queryOnce(database.connection, 'select id from from_child')).toEqual([{ id: 7 }]);

    await database.stop();
    expect(await findRunningEmbeddedPostgres(dataDir)).toBeNull();
  });

  test('may have a path too long for a socket', async () => {
    const long = join(root, 'a'.repeat(60), 'b'.repeat(60));
    const database = await start(long);
    expect(await findRunningEmbeddedPostgres(long)).toEqual(database.connection);
    expect(await queryOnce(database.connection, 'select 1 as one')).toEqual([{ one: 1 }]);

    const socketDir = database.connection.host!;
    expect(statSync(socketDir).mode & 0o777).toBe(0o700);
    await database.stop();
    expect(existsSync(socketDir)).toBe(false);
  });

  test('stops with a client inside a transaction, without its rows', async () => {
    const first = await start();
    const client = await connected(first.connection);
    await client.query('create table t (id int)');
    await client.query('begin');
    await client.query('insert into t values (1)');
    const end = new Promise((resolve) => client.once('end', resolve));
    await first.stop();
    await end;

    const second = await start();
    expect(await queryOnce(second.connection, 'select * from t')).toEqual([]);
  });

  test.each([
    ['pg_control was emptied', 'PostgreSQL ended on its files', () => writeFileSync(join(dataDir, 'pgdata/global/pg_control'), '')],
    ['PG_VERSION is missing', 'its file pgdata/PG_VERSION is missing', () => rmSync(join(dataDir, 'pgdata/PG_VERSION'))],
  ] as const)('is refused and left as it is where %s', async (_, reason, damage) => {
    await (await start()).stop();
    damage();
    const files = () =>
      readdirSync(join(dataDir, 'pgdata'), { recursive: true, encoding: 'utf8' })
        .filter((name) => name !== 'postmaster.pid')
        .toSorted();
    const before = files();
    await expect(start()).rejects.toThrow(EmbeddedDatabaseUnusableError);
    await expect(start()).rejects.toThrow(`${dataDir} cannot be started: ${reason}`);
    await expect(start()).rejects.toThrow('Bring its files back from a backup');
    expect(files()).toEqual(before);
  });

  test('leaves no handle and no file of its own when stopped', () => {
    const child = runChild(
      dataDir,
      `const database = await embedded.startEmbeddedPostgres({ dataDir })
       const client = new pg.Client(database.connection)
       await client.connect()
       await client.query('select 1')
       await client.end()
       await database.stop()
       console.log(JSON.stringify(process.getActiveResourcesInfo()))`,
    );
    expect(child).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(child.stdout)).not.toContain('MessagePort');
    expect(existsSync(join(dataDir, 'lock.pid'))).toBe(false);
    expect(existsSync(socketPath(dataDir))).toBe(false);
  });
});

describe('the shared session', () => {
  let database: EmbeddedPostgres;
  let first: pg.Client;
  let second: pg.Client;

  beforeAll(async () => {
    database = await startEmbeddedPostgres({ dataDir: 'memory' });
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    first = await connected(database.connection);
    second = await connected(database.connection);
    await first.query('create table t (id int primary key)');
  });
  afterEach(async () => {
    await first.end();
    await second.query('drop table t');
    await second.end();
  });

  const ids = async (client: pg.Client) => (await client.query('select id from t order by id')).rows.map(({ id }) => id);

  /** A client that sends just what it is told, answered up to `until`. */
  async function rawClient() {
    const socket = connect(socketPath(database.connection.host!));
    let received = '';
    const send = async (bytes: Buffer, until: string) => {
      received = '';
      socket.write(bytes);
      while (!received.includes(until)) received += (await once(socket, 'data'))[0].toString('latin1');
      return received;
    };
    await send(startupMessage(), 'Z\0\0\0\x05I');
    return { socket, send };
  }
  const parse = (name: string, sql: string) => message('P', `${name}\0${sql}\0\0\0`);
  const PARSED = '1\0\0\0\x04';
  const FLUSH = message('H');

  test('makes others wait for the end of a transaction', async () => {
    await first.query('begin');
    await first.query('insert into t values (1)');
    let answered = false;
    const other = ids(second).then((rows) => {
      answered = true;
      return rows;
    });
    await first.query('insert into t values (2)');
    await first.query('select 1');
    expect(answered).toBe(false);
    await first.query('commit');
    expect(await other).toEqual([1, 2]);
  });

  test('makes others wait for the end of a failed transaction', async () => {
    await first.query('begin');
    await first.query('insert into t values (1)');
    await expect(first.query('insert into t values ($1)', [1])).rejects.toMatchObject({ code: '23505' });
    const other = ids(second);
    await expect(first.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await first.query('rollback');
    expect(await other).toEqual([]);
  });

  test('answers each client with its own rows', async () => {
    const run = async (client: pg.Client, name: string) => {
      for (let n = 0; n < 200; n++) {
        const { rows } = await client.query('select $1::text as name, $2::int as n', [name, n]);
        expect(rows).toEqual([{ name, n }]);
      }
    };
    await Promise.all([run(first, 'first'), run(second, 'second')]);
  });

  test('keeps the unnamed statement between Parse and Sync from others', async () => {
    const raw = await rawClient();
    await raw.send(Buffer.concat([parse('', "select 'mine'"), FLUSH]), PARSED);
    const other = first.query("select 'theirs' as whose, $1::int as n", [1]);
    const bind = message('B', '\0\0\0\0\0\0\0\0');
    const execute = message('E', '\0\0\0\0\0');
    const answer = await raw.send(Buffer.concat([bind, execute, message('S')]), 'Z\0\0\0\x05I');
    expect(answer).toContain('mine');
    expect((await other).rows).toEqual([{ whose: 'theirs', n: 1 }]);
    raw.socket.destroy();
  });

  test('gives each client its own named statements', async () => {
    const name = 'same';
    const query = async (client: pg.Client, text: string) => (await client.query({ name, text })).rows;
    for (let again = 0; again < 2; again++) {
      expect(await query(first, "select 'first' as whose")).toEqual([{ whose: 'first' }]);
      expect(await query(second, "select 'second' as whose")).toEqual([{ whose: 'second' }]);
    }
    await first.end();
    first = await connected(database.connection);
    expect(await query(first, "select 'new' as whose")).toEqual([{ whose: 'new' }]);
    expect(await query(second, "select 'second' as whose")).toEqual([{ whose: 'second' }]);
  });

  test('forgets the statements of clients that left', async () => {
    const gone = await connected(database.connection);
    await gone.query({ name: 'short-lived', text: 'select 1' });
    const count = async () => (await first.query('select from pg_prepared_statements')).rowCount!;
    const before = await count();
    await gone.end();
    await expect.poll(count).toBe(before - 1);
  });

  test.each([
    ['open', async (client: pg.Client) => client.query('select 1')],
    ['failed', async (client: pg.Client) => client.query('nonsense').catch(() => {})],
  ])('rolls back the %s transaction of a client that vanishes', async (_, last) => {
    const vanishing = await connected(database.connection);
    await vanishing.query('begin');
    await vanishing.query('insert into t values (1)');
    await last(vanishing);
    const waiting = ids(second);
    (vanishing as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    expect(await waiting).toEqual([]);
    expect(await ids(first)).toEqual([]);
  });

  test('is free again when a client vanishes between Parse and Sync', async () => {
    for (const sql of ['select 1', 'nonsense']) {
      const raw = await rawClient();
      await raw.send(Buffer.concat([parse('kept', sql), FLUSH]), sql === 'nonsense' ? '42601' : PARSED);
      const waiting = ids(second);
      raw.socket.destroy();
      expect(await waiting).toEqual([]);
    }
  });

  test('is not held up by half a message', async () => {
    const raw = await rawClient();
    raw.socket.write(parse('', 'select 1').subarray(0, 8));
    expect(await ids(first)).toEqual([]);
    raw.socket.destroy();
    expect(await ids(second)).toEqual([]);
  });

  test('drops a client that speaks nonsense', async () => {
    for (const nonsense of [message('?', 'what'), Buffer.from([0x51, 0, 0, 0, 0])]) {
      const raw = await rawClient();
      raw.socket.write(nonsense);
      await once(raw.socket, 'close');
      expect(await ids(first)).toEqual([]);
    }
  });

  test('refuses encryption and then goes on', async () => {
    const socket = connect(socketPath(database.connection.host!));
    const request = Buffer.alloc(8);
    request.writeInt32BE(8, 0);
    request.writeInt32BE(80877103, 4);
    socket.write(request);
    expect(String((await once(socket, 'data'))[0])).toBe('N');
    socket.write(startupMessage());
    expect(String((await once(socket, 'data'))[0])).toMatch(/^R/);
    socket.destroy();
  });

  test('reports errors with their SQLSTATE and goes on', async () => {
    await first.query('insert into t values ($1)', [1]);
    const duplicate = { name: 'insert', text: 'insert into t values ($1)', values: [1] };
    await expect(first.query(duplicate)).rejects.toMatchObject({ code: '23505', constraint: 't_pkey' });
    await expect(first.query('insert into t values (1)')).rejects.toMatchObject({ code: '23505' });
    await first.query({ ...duplicate, values: [2] });
    expect(await ids(first)).toEqual([1, 2]);
  });

  test('carries large values both ways', async () => {
    const large = 'x'.repeat(5_000_000);
    const { rows } = await first.query('select $1::text as large', [large]);
    expect(rows[0].large === large).toBe(true);
  });

  test('has the extensions the search needs', async () => {
    await first.query('create extension if not exists pg_trgm; create extension if not exists btree_gin');
    await first.query('create index on t using gin (id, (id::text) gin_trgm_ops)');
    const { rows } = await first.query("select similarity('leads', 'leeds') > 0.2 as similar");
    expect(rows).toEqual([{ similar: true }]);
  });

  test('is not shared by two databases in memory', async () => {
    const other = await startEmbeddedPostgres({ dataDir: 'memory' });
    await queryOnce(other.connection, 'create table t as select 9 as id');
    expect(await ids(first)).toEqual([]);
    await other.stop();
  });
});
