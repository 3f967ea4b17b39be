import { inject, expect, it } from 'vitest';
import { run } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { emptyDatabase } from './support/databases.ts';
import { TestServer } from './support/server.ts';

// What one session planned is seen where there is one session only.
const embedded = inject('databases').find(({ name }) => name === 'embedded')!;

const READ = `
  select (select sum(idx_tup_read) from pg_stat_user_indexes where relname in ('leads', 'audit_log'))::integer
    + (select sum(seq_tup_read) from pg_stat_user_tables where relname in ('leads', 'audit_log'))::integer as rows`;

it('an import reads as few rows of a database that was new when it was planned as there are lines', async () => {
  const { database, drop } = await emptyDatabase(embedded);
  await migrate(database.connection);
  const server = await new TestServer(database).start();
  try {
    const caller = await server.workspace();
    let made = 0;
    const bringIn = async (count: number) => {
      const at = '2024-01-15T10:30:00.000Z';
      const rest = { name: 'Ann', phone: '+49 170 5551299', source: null, status: 'new', metadata: {}, createdAt: at, updatedAt: at };
      const lines = Array.from({ length: count }, () => {
        const id = `lead_${++made}`;
        return JSON.stringify({ lead: { id, email: `${id}@example.com`, workspaceId: 'ws_other', ...rest } });
      });
      const { data } = (await caller.call('leads.import', { body: lines.join('\n') })).body;
      expect(data.imported).toBe(count);
    };
    const rowsRead = async () => {
      await run(server.db, 'select pg_stat_force_next_flush()', []);
      return (await run<{ rows: number }>(server.db, READ, []))[0]!.rows;
    };
    // One line first: what is planned for it must not be kept for many.
    await bringIn(1);
    await bringIn(2_000);
    const before = await rowsRead();
    await bringIn(250);
    expect((await rowsRead()) - before).toBeLessThan(20 * 250);
  } finally {
    await server.stop();
    await drop();
  }
});
