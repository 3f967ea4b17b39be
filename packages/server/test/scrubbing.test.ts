import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { embeddedScrubber } from '../src/db/scrub-embedded.ts';
import type { TestDatabase } from './support/databases.ts';
import { type Caller, TestServer } from './support/server.ts';

const MARKERS = ['quixname', 'quixmail', '555777123', 'quixmeta', 'quixactivity', 'quixformer'];

let directory: string;
let database: EmbeddedPostgres;
let server: TestServer;
let caller: Caller;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'leads-scrubbing-'));
  database = await startEmbeddedPostgres({ dataDir: directory });
  await migrate(database.connection);
  const embedded = inject('databases').find(({ name }) => name === 'embedded')!;
  server = await new TestServer({ ...embedded, connection: database.connection as TestDatabase['connection'] }).start();
  caller = await server.workspace();
  // Others stay, and their pages with what is deleted from them.
  for (let i = 0; i < 50; i++) await caller.lead({ email: `other${i}@example.com` });
});

afterAll(() => rmSync(directory, { recursive: true }));

/** Which of the markers stand in a file of the directory. */
function foundInFiles(): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const found = new Set<string>();
  for (const file of files) {
    const content = readFileSync(join(file.parentPath, file.name));
    for (const marker of MARKERS) if (content.includes(marker)) found.add(marker);
  }
  return MARKERS.filter((marker) => found.has(marker));
}

interface Person {
  readonly id: string;
  readonly email: string;
  readonly phone: string;
  readonly source: string;
}

const remove = ({ id }: Person, query: { erase?: 'true' }, headers = {}) =>
  caller.call('leads.delete', { params: { leadId: id }, query, headers });

async function erase(person: object) {
  const { planToken } = (await caller.call('erasures.create', { body: { ...person, dryRun: true } })).body.data;
  return caller.call('erasures.create', { body: { ...person, planToken } });
}

/** Leaves the backup alone, and nothing of the lead itself in the files. */
async function leaveBackup(person: Person) {
  await remove(person, {});
  await run(server.db, 'update scrubbing set needed = true', []);
  await embeddedScrubber(database.connection)();
}

/** Gives the lead to somebody else: of the person there is what was backed up before. */
async function giveAway({ id }: Person) {
  const body = { name: 'Other', email: `${id}@example.com`, phone: '+1 5550000', metadata: { a: null } };
  await caller.call('leads.update', { params: { leadId: id }, body });
  const { activities } = (await caller.call('activities.list', { params: { leadId: id } })).body.data;
  await caller.call('activities.delete', { params: { leadId: id, activityId: activities[0].id } });
}

/** Every way in which a person is removed for good. */
const WAYS: Record<string, (person: Person) => Promise<unknown>> = {
  'a delete with erase=true': (person) => remove(person, { erase: 'true' }),
  'a delete with erase=true under an idempotency key': (person) => remove(person, { erase: 'true' }, { 'idempotency-key': 'erased-once' }),
  'a delete with erase=true of what is left of a deleted lead': async (person) => {
    await leaveBackup(person);
    await remove(person, { erase: 'true' });
  },
  'a bulk delete with erase by ids': ({ id }) => caller.call('leads.bulkDelete', { body: { ids: [id], erase: true } }),
  'a bulk delete with erase by ids of what is left of a deleted lead': async (person) => {
    await leaveBackup(person);
    await caller.call('leads.bulkDelete', { body: { ids: [person.id], erase: true } });
  },
  'a bulk delete with erase by a filter': ({ source }) => caller.job('leads.bulkDelete', { source }, { erase: true }),
  'an erasure by the id of a lead': ({ id }) => erase({ leadId: id }),
  'an erasure by an e-mail address': ({ email }) => erase({ email }),
  'an erasure by a phone number': ({ phone }) => erase({ phone }),
  'an erasure of what is left of a deleted lead': async (person) => {
    await leaveBackup(person);
    await erase({ email: person.email });
  },
  'an erasure of an address that a lead had, of which there is a backup': async (person) => {
    await giveAway(person);
    await erase({ email: person.email });
  },
  'an erasure of a phone number that a lead had, of which there is a backup': async (person) => {
    await giveAway(person);
    await erase({ phone: person.phone });
  },
  'an anonymization': ({ id }) => caller.call('leads.anonymize', { params: { leadId: id }, body: {} }),
  'a bulk anonymization by ids': ({ id }) => caller.call('leads.bulkAnonymize', { body: { ids: [id] } }),
  'a bulk anonymization by a filter': ({ source }) => caller.job('leads.bulkAnonymize', { source }),
};

/** Makes a lead of a person of whom every marker is in the files. */
async function newPerson(n: number): Promise<Person> {
  const contact = { email: `quixmail${n}@example.com`, phone: `+1 555777123${n}`, source: `source${n}` };
  const { id } = await caller.lead({ ...contact, name: 'quixformer', metadata: { a: 'quixmeta' } });
  await caller.call('leads.update', { params: { leadId: id }, body: { name: 'quixname' } });
  await caller.call('activities.create', { params: { leadId: id }, body: { type: 'note', text: 'quixactivity' } });
  await caller.call('backups.create', { params: { leadId: id } });
  await run(server.db, 'checkpoint', []);
  // What the search can find, it would find if it were left.
  expect(foundInFiles()).toEqual(MARKERS);
  return { ...contact, id };
}

it.each(Object.keys(WAYS))(
  'after %s nothing of the person is left in the files of the embedded database once they are cleaned',
  async (name) => {
    await WAYS[name]!(await newPerson(Object.keys(WAYS).indexOf(name)));
    await embeddedScrubber(database.connection)();
    expect(foundInFiles()).toEqual([]);
    expect(await run(server.db, 'select needed, running from scrubbing', [])).toEqual([{ needed: false, running: false }]);
  },
);

it('where a server ended while it cleaned them, the next one begins anew', async () => {
  await remove(await newPerson(Object.keys(WAYS).length), { erase: 'true' });
  await run(server.db, 'update scrubbing set needed = false, running = true', []);
  await embeddedScrubber(database.connection)();
  expect(foundInFiles()).toEqual([]);
});

it('nor is it there once the database has ended', async () => {
  await server.stop();
  await database.stop();
  expect(foundInFiles()).toEqual([]);
});
