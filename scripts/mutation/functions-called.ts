import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** The functions of a database that were called since this was last asked: a session tells of them when it ends. */
export async function functionsCalled(connection: pg.ClientConfig): Promise<string[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    for (;;) {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      if (rowCount === 0) break;
      await wait(20);
    }
    const { rows } = await client.query<{ funcname: string }>('select funcname from pg_stat_user_functions where calls > 0');
    await client.query('select pg_stat_reset()');
    return rows.map(({ funcname }) => funcname);
  } finally {
    await client.end();
  }
}
