#!/usr/bin/env node
import { ConfigError, readSettings } from '../config.ts';
import { distributeDatabase } from '../db/migrate.ts';
import { explainStart, StartError } from '../start-error.ts';

const USAGE = `Distributes the database by workspace over the machines of a Citus cluster, and brings it up to date before. All of it or nothing is
done; a second run changes nothing. Requests that change something wait meanwhile, so stop the servers first.

  npx leads-distribute

It uses the server's DATABASE_URL, which leads to the coordinator of the cluster.`;

if (process.argv.length > 2) {
  console.error(USAGE);
  process.exitCode = process.argv.includes('--help') ? 0 : 2;
} else {
  try {
    const { DATABASE_URL } = readSettings(process.env);
    if (!DATABASE_URL)
      throw new StartError('The embedded database runs on one machine. Set DATABASE_URL to the coordinator of a Citus cluster.');
    let done = 0;
    await distributeDatabase({ connectionString: DATABASE_URL }, (line) => {
      done++;
      console.log(line);
    });
    console.log(done === 0 ? 'Nothing was to be done: the database is distributed.' : 'The database is distributed.');
  } catch (error) {
    console.error(explainStart(error));
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  }
}
