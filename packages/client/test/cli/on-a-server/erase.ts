import { afterAll, beforeAll, expect, it } from 'vitest';
import { piped } from '../support/pipe.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const leads = (...args: string[]) => piped(args, { env: { LEADS_API_KEY: server.apiKey, LEADS_BASE_URL: server.url } });

it('erase looks, erases what is left of a person, and says what lies outside', async () => {
  const email = 'john.doe@example.com';
  const lead = await server.client.leads.create({ name: 'John Doe', email });
  const { backupId } = await server.client.leads.delete(lead.id, { backup: true });
  const looked = await leads('erase', '--email', email, '--dry-run');
  expect([looked.code, looked.lines]).toMatchObject([0, [{ leads: 0, backups: 1 }]]);
  expect(looked.stderr).toContain('Nothing was changed');
  expect((await server.client.backups.get(backupId!)).backup.leadId).toBe(lead.id);

  const erased = await leads('erase', '--email', email, '--yes');
  expect([erased.code, erased.lines]).toMatchObject([0, [{ erasureId: expect.stringMatching(/^erasure_/), backups: 1 }]]);
  expect(erased.stderr).toContain('Look there, too');
  expect((await leads('create', '--name', 'John', '--email', email)).stderr).toContain('kept away');
});

it.each([[['erase']], [['erase', '--email', 'a@example.com', '--lead', 'lead_1']]])(
  '%j is refused before anything is sent',
  async (args) => {
    expect(await leads(...args, '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('one of --email, --phone and --lead') });
  },
);

it('erase changes nothing where nobody can be asked', async () => {
  expect((await leads('erase', '--email', 'a@example.com')).code).toBe(2);
});
