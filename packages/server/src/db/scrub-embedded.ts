import pg from 'pg';

/** The tables with personal data. */
const TABLES = ['leads', 'activities', 'backups', 'idempotency_keys', 'jobs'];
/** Requests wait while it works: it rests at least so many times as long as it last worked. */
const REST = 10;

// A server that ends in between leaves `running`, and the next one begins anew. What is erased meanwhile sets `needed` again.
const BEGIN = 'update scrubbing set needed = false, running = true where needed or running returning running';
const END = 'update scrubbing set running = false';

/**
 * Makes what takes away from the files of the embedded database what was erased since the last time. Deleted rows stay in the files,
 * and in the write-ahead log, until something is written over them: so the tables are written anew, and the log begins anew. On a
 * connection of its own, because the tables may be too large for the time that a request has.
 */
export function embeddedScrubber(connection: pg.ClientConfig): () => Promise<void> {
  let restsUntil = 0;
  return async () => {
    const start = performance.now();
    if (start < restsUntil) return;
    const client = new pg.Client(connection);
    await client.connect();
    try {
      if ((await client.query(BEGIN)).rowCount === 0) return;
      for (const table of TABLES) await client.query(`vacuum (full, analyze) ${table}`);
      // The first one writes what the log is still needed for, the second one deletes its files.
      for (const statement of ['checkpoint', 'select pg_switch_wal()', 'checkpoint', END]) await client.query(statement);
      restsUntil = performance.now() + REST * (performance.now() - start);
    } finally {
      await client.end();
    }
  };
}
