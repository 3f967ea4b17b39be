import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { requirePythonRequests } from './support/python.ts';
import { useCaller, useServer } from './support/server.ts';

type Language = 'sh' | 'js' | 'ts' | 'python';

const GUIDE = readFileSync(new URL('../../../docs/guides/deleting-leads.md', import.meta.url), 'utf8');
const COMMANDS: Record<Language, (code: string) => [string, ...string[]]> = {
  sh: (code) => ['sh', '-c', code],
  js: (code) => [process.execPath, '--input-type=module', '--eval', code],
  ts: (code) => [process.execPath, '--input-type=module-typescript', '--eval', code],
  python: (code) => ['python3', '-c', code],
};

/** The samples of a section of the guide, in their order. */
function samples(heading: string, language: Language): string[] {
  const section = GUIDE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`))!;
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, code]) => (name === language ? [code!] : []));
}

onEachDatabase('the samples of the guide “Deleting leads safely”', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);
  const statusOf = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).status;

  async function runSample(language: Language, code: string, ids: Record<string, string>, input = ''): Promise<string> {
    let replaced = code.replaceAll('http://127.0.0.1:3000', server.url).replaceAll('sk-workspace_your_api_key', acme.key);
    for (const [placeholder, id] of Object.entries(ids)) replaced = replaced.replaceAll(placeholder, id);
    const [command, ...args] = COMMANDS[language](replaced);
    const child = spawn(command, args);
    child.stdin.end(input);
    const [out, err, exitCode] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('close', resolve)),
    ]);
    expect([exitCode, err]).toEqual([0, '']);
    return out;
  }

  it.for(['sh', 'js', 'ts', 'python'] as const)(
    'Delete one lead, %s: deletes after a yes, with a backup and a receipt',
    async (language, context) => {
      if (language === 'python') requirePythonRequests(context);
      const { id } = await acme.lead({ name: 'John Doe', email: 'john.doe@example.com' });
      await acme.call('activities.create', { params: { leadId: id }, body: { type: 'note', text: 'Met' } });
      const out = await runSample(language, samples('Delete one lead', language)[0]!, { lead_1234567890abcdef: id }, 'yes\n');
      expect(out).toContain('john.doe@example.com');
      expect(await statusOf(id)).toBe(404);
      const receipt = (await acme.call('deletions.get', { params: { leadId: id } })).body.data;
      expect(receipt).toMatchObject({ reason: 'No longer a customer', removed: { activities: 1 } });
      for (const proof of [receipt.deletedAt, receipt.backupId]) expect(out).toContain(proof);
    },
  );

  it.for(['js', 'ts', 'python'] as const)(
    'Delete one lead, %s: says what stands in the way, and a no deletes nothing',
    async (language, context) => {
      if (language === 'python') requirePythonRequests(context);
      const { lead, campaign } = await acme.enrolledLead();
      const out = await runSample(language, samples('Delete one lead', language)[0]!, { lead_1234567890abcdef: lead.id }, 'no\n');
      expect(out).toContain(`It is in the active campaign "${campaign.name}".`);
      expect(await statusOf(lead.id)).toBe(200);
    },
  );

  it('Bring it back, sh: restores the lead', async () => {
    const lead = await acme.lead({ email: 'back@example.com' });
    const { backupId } = (await acme.call('leads.delete', { params: { leadId: lead.id }, query: { backup: 'true' } })).body.data;
    const out = await runSample('sh', samples('Bring it back', 'sh')[0]!, { backup_1234567890abcdef: backupId });
    expect(JSON.parse(out).data.lead).toEqual(lead);
  });

  it('Delete many, sh: says of each id what came of it', async () => {
    const { id } = await acme.lead();
    const out = await runSample('sh', samples('Delete many', 'sh')[0]!, { lead_1234567890abcdef: id });
    expect(JSON.parse(out).data).toMatchObject({ succeeded: 1, skipped: 1, outcomes: [{ leadId: id }, { code: 'LEAD_NOT_FOUND' }] });
  });

  it.for(['js', 'ts', 'python'] as const)(
    'Delete many, %s: plans, deletes as a job, and tells of what is left',
    async (language, context) => {
      if (language === 'python') requirePythonRequests(context);
      const fields = { status: 'lost', source: 'fair-2019' };
      const gone = [await acme.lead(fields), await acme.lead(fields)];
      const { lead, params } = await acme.enrolledLead(fields);
      const out = await runSample(language, samples('Delete many', language)[0]!, {});
      expect(out).toContain('3 leads, 1 of them in an active campaign.');
      expect(out).toContain('2 deleted, 0 gone before, 1 left as they are.');
      expect(out).toContain(`${lead.id} LEAD_IN_USE`);
      expect(await Promise.all([...gone, lead].map(({ id }) => statusOf(id)))).toEqual([404, 404, 200]);
      await acme.call('leads.delete', { params, query: { force: 'true' } });
    },
  );

  it('Archive or anonymize instead, sh: both do', async () => {
    const { id } = await acme.lead({ metadata: { segment: 'a', note: 'b' } });
    const [archive, anonymize] = samples('Archive or anonymize instead', 'sh');
    const archived = JSON.parse(await runSample('sh', archive!, { lead_1234567890abcdef: id }));
    expect(archived.data).toMatchObject({ status: 'lost', metadata: { archived: true, archived_reason: 'No longer interested' } });
    const anonymized = JSON.parse(await runSample('sh', anonymize!, { lead_1234567890abcdef: id }));
    expect(anonymized.data.lead).toMatchObject({ name: 'Anonymized', metadata: { segment: 'a', archived: true } });
    expect(anonymized.data.lead.metadata).not.toHaveProperty('note');
  });

  it('Erase a person, sh: looks, and erases', async () => {
    const { id } = await acme.lead({ email: 'john.doe@example.com' });
    const out = await runSample('sh', samples('Erase a person', 'sh')[0]!, {});
    const [plan, done] = out
      .trim()
      .split(/\n|(?<=\}\})(?=\{)/)
      .map((line) => JSON.parse(line).data);
    expect([plan.dryRun, done.dryRun, done.erasure.removed]).toEqual([true, false, plan.found]);
    expect(await statusOf(id)).toBe(404);
    await acme.call('erasures.liftSuppression', { params: { erasureId: done.erasure.id } });
  });

  it('has no sample that is not run here', () => {
    const headings = ['Delete one lead', 'Bring it back', 'Delete many', 'Archive or anonymize instead', 'Erase a person'];
    const run = headings.flatMap((heading) => (['sh', 'js', 'ts', 'python'] as const).flatMap((language) => samples(heading, language)));
    // The first block of the guide is the published curl sample, which runs with the others of its kind.
    expect(GUIDE.match(/^```\w+$/gm)).toHaveLength(run.length + 1);
  });
});
