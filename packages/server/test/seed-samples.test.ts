import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../src/ids.ts';
import { onEachDatabase } from './support/databases.ts';
import { requirePythonRequests } from './support/python.ts';
import { useCaller, useServer } from './support/server.ts';

/** The id in the samples: the next lead that is created gets it. */
const SAMPLE_ID = 'lead_1234567890abcdef';

// The published samples run as they are: only the base URL and the key are replaced.
onEachDatabase('the published samples', (database) => {
  let nextLeadId: string | undefined;
  const server = useServer(database, {
    newId: (prefix) => {
      const id = prefix === 'lead' && nextLeadId ? nextLeadId : newId(prefix);
      if (id === nextLeadId) nextLeadId = undefined;
      return id;
    },
  });
  const acme = useCaller(server);
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'leads-samples-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const sampleLead = (fields?: object) => {
    nextLeadId = SAMPLE_ID;
    return acme.lead({ name: 'John Doe', email: 'john.doe@example.com', ...fields });
  };
  const sample = (file: string) =>
    readFileSync(new URL(`./seed-samples/${file}`, import.meta.url), 'utf8')
      .replaceAll('https://your-domain.com', server.url)
      .replaceAll('sk-workspace_your_api_key', acme.key);
  const run = async (command: string, args: string[], input = '') => {
    const child = spawn(command, args, { cwd: directory });
    child.stdin.end(input);
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise((resolve) => child.once('close', resolve)),
    ]);
    return { out, err, code };
  };
  const statusOf = async (leadId: string) => (await acme.call('leads.get', { params: { leadId } })).status;

  it('curl: prints the published answer, and the lead is gone', async () => {
    await sampleLead();
    const { out, code } = await run('sh', ['-c', sample('delete-lead.sh')]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      success: true,
      message: 'Lead deleted successfully',
      data: { id: SAMPLE_ID, deletedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) },
    });
    expect(await statusOf(SAMPLE_ID)).toBe(404);
    const again = await run('sh', ['-c', sample('delete-lead.sh')]);
    expect(JSON.parse(again.out)).toMatchObject({ success: false, code: 'LEAD_NOT_FOUND', details: { leadId: SAMPLE_ID } });
  });

  it('JavaScript: asks, deletes once, deletes many, and says which failed', async () => {
    await sampleLead();
    const others = [(await acme.lead()).id, 'lead_nonexistent123', (await acme.lead()).id];
    // A browser has `confirm` and only reports an unhandled rejection; the sample starts both of its deletes at once.
    const before = `
      globalThis.confirm = (question) => { console.log('asked: ' + question); return true; };
      process.on('unhandledRejection', (error) => console.log('rejected: ' + error.message));`;
    const after = `
      bulkDeleteLeads(${JSON.stringify(others)}).then((results) => console.log('bulk: ' + JSON.stringify(results)));
      deleteLead('${SAMPLE_ID}', false).catch(() => {});`;
    const { out, err, code } = await run(process.execPath, [
      '--input-type=commonjs',
      '--eval',
      `${before}\n${sample('delete-lead.js')}\n${after}`,
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/rejected: Lead not found/);
    expect(err).toMatch(/Error: Lead not found/);
    expect(JSON.parse(/^bulk: (.*)$/m.exec(out)![1]!)).toEqual({
      success: [others[0], others[2]],
      failed: [{ leadId: 'lead_nonexistent123', error: 'Lead not found or already deleted' }],
    });
    expect(await Promise.all([SAMPLE_ID, ...others].map(statusOf))).toEqual([404, 404, 404, 404]);
  });

  it('JavaScript: names the lead in its question, and a no deletes nothing', async () => {
    const { id } = await acme.lead({ name: 'John Doe', email: 'john.doe@example.com' });
    const before = `
      process.on('unhandledRejection', () => {});
      globalThis.confirm = (question) => { console.log(question); return false; };`;
    const after = `deleteLead('${id}', true).then((result) => console.log('result: ' + result));`;
    const { out } = await run(process.execPath, ['--input-type=commonjs', '--eval', `${before}\n${sample('delete-lead.js')}\n${after}`]);
    expect(out).toContain('Are you sure you want to delete lead "John Doe" (john.doe@example.com)?');
    expect(out).toContain('result: null');
    expect(await statusOf(id)).toBe(200);
  });

  it('JavaScript: archives instead of deleting', async () => {
    const { id } = await acme.lead({ metadata: { company: 'Acme Corp' } });
    const { out } = await run(process.execPath, [
      '--input-type=commonjs',
      '--eval',
      `${sample('archive-lead.js')}\narchiveLead('${id}').then((result) => console.log(JSON.stringify(result)));`,
    ]);
    expect(JSON.parse(out)).toMatchObject({
      success: true,
      data: { id, status: 'lost', metadata: { company: 'Acme Corp', archived: true, archived_reason: 'No longer interested' } },
    });
  });

  it('Python: backs up, deletes, and deletes all that are lost', async (context) => {
    requirePythonRequests(context);
    await sampleLead();
    const lost = [(await acme.lead({ status: 'lost' })).id, (await acme.lead({ status: 'lost' })).id];
    const archived = (await acme.call('leads.list', { query: { status: 'lost', limit: 100 } })).body.data.leads.map(
      ({ id }: { id: string }) => id,
    );
    const { out, code } = await run('python3', ['-c', sample('delete_lead.py')], 'yes\n');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^Lead data backed up to: lead_backup_${SAMPLE_ID}_\\d{8}_\\d{6}\\.json$`));
    expect(lines.slice(1, 3)).toEqual(['Backed up lead: John Doe (john.doe@example.com)', `Lead deleted successfully: ${SAMPLE_ID}`]);
    expect(lines[3]).toMatch(/^Deleted at: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(lines[4]).toBe(`Lead ${SAMPLE_ID} not found or already deleted`);
    expect(out).toContain(`Found ${archived.length} leads with status 'lost'`);
    expect(out).toContain(`Bulk deletion complete: ${archived.length} deleted, 0 errors`);
    expect(await Promise.all([SAMPLE_ID, ...lost].map(statusOf))).toEqual([404, 404, 404]);
    const backup = readdirSync(directory).find((name) => name.startsWith(`lead_backup_${SAMPLE_ID}`))!;
    expect(JSON.parse(readFileSync(join(directory, backup), 'utf8'))).toMatchObject({
      id: SAMPLE_ID,
      name: 'John Doe',
      email: 'john.doe@example.com',
    });
  });
});
