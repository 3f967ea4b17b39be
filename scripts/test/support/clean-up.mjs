// Waits until the process that started it ends, however it ends, and takes away what that left behind: folders, and databases whose names
// begin with a text. Plain JavaScript with what is there without a build, because it outlives the test run.
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** @type {{ folder?: string, databases?: { server: string, prefix: string } }} */
const { folder, databases } = JSON.parse(process.argv[2]);

// A signal to the whole group is not for this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
for await (const _ of process.stdin);

// What was started by it ends a little later, and writes until then.
for (let attempt = 0; attempt < 20; attempt++) {
  try {
    if (databases) await drop(databases);
    if (folder) rmSync(folder, { recursive: true, force: true });
    break;
  } catch {
    await wait(500);
  }
}

async function drop({ server, prefix }) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [prefix]);
    for (const { datname } of rows) await client.query(`drop database if exists "${datname}" with (force)`);
  } finally {
    await client.end();
  }
}
