import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { embeddedScrubber } from '../src/db/scrub-embedded.ts';
import type { TestDatabase } from './support/databases.ts';
import { type Caller, TestServer } from './support/server.ts';

const MARKERS = ['quixname', 'quixmail', '5557771234', 'quixmeta', 'quixactivity', 'quixformer'];
const embedded = inject('databases').find(({ name }) => name === 'embedded')!;

/** Which of the markers stand in a file of the directory. */
function foundIn(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const found = new Set<string>();
  for (const file of files) {
    const content = readFileSync(join(file.parentPath, file.name));
    for (const marker of MARKERS) if (content.includes(marker)) found.add(marker);
  }
  return MARKERS.filter((marker) => found.has(marker));
}

it.each<[string, (caller: Caller, leadId: string) => Promise<unknown>]>([
  ['a delete with erase=true', (caller, leadId) => caller.call('leads.delete', { params: { leadId }, query: { erase: 'true' } })],
  ['an anonymization', (caller, leadId) => caller.call('leads.anonymize', { params: { leadId }, body: {} })],
])('after %s nothing of the person is left in the files of the embedded database once they are cleaned', async (_name, erase) => {
  const directory = mkdtempSync(join(tmpdir(), 'leads-scrubbing-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const database = await startEmbeddedPostgres({ dataDir: directory });
  const server = new TestServer({ ...embedded, connection: database.connection as TestDatabase['connection'] });
  try {
    await migrate(database.connection);
    await server.start();
    const caller = await server.workspace();
    // Others stay, and their pages with what is deleted from them.
    for (let i = 0; i < 50; i++) await caller.lead({ email: `other${i}@example.com` });
    const lead = { name: 'quixformer', email: 'quixmail@example.com', phone: '+1 5557771234', metadata: { a: 'quixmeta' } };
    const { id } = await caller.lead(lead);
    await caller.call('leads.update', { params: { leadId: id }, body: { name: 'quixname' } });
    await caller.call('activities.create', { params: { leadId: id }, body: { type: 'note', text: 'quixactivity' } });
    await caller.call('backups.create', { params: { leadId: id } });
    await run(server.db, 'checkpoint', []);
    // What the search can find, it would find if it were left.
    expect(foundIn(directory)).toEqual(MARKERS);
    await erase(caller, id);
    await embeddedScrubber(database.connection)();
    expect(foundIn(directory)).toEqual([]);
    expect(await run(server.db, 'select needed, running from scrubbing', [])).toEqual([{ needed: false, running: false }]);
  } finally {
    await server.stop();
    await database.stop();
  }
  expect(foundIn(directory)).toEqual([]);
});
