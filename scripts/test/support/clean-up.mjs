// Waits until the process that started it ends, however it ends, and takes away what that left behind: folders, and databases whose names
// begin with a text.
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { dropDatabases } from './drop-databases.ts';

/** @type {{ folder?: string, databases?: { server: string, prefix: string } }} */
const { folder, databases } = JSON.parse(process.argv[2]);

// A signal to the whole group is not for this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
for await (const _ of process.stdin);

// What was started by it ends a little later, and writes until then.
for (let attempt = 0; attempt < 20; attempt++) {
  try {
    if (databases) await dropDatabases(databases.server, databases.prefix);
    if (folder) rmSync(folder, { recursive: true, force: true });
    break;
  } catch {
    await wait(500);
  }
}
