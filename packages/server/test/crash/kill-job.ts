import { randomInt } from 'node:crypto';
import { newId } from '../../src/ids.ts';
import { API_KEY } from './api-key.ts';
import type { Figures } from './figures.ts';
import { freePort } from '../support/free-port.ts';
import { type DataSetting, ServerProcess } from './server-process.ts';
import { until } from './until.ts';

/** How often a server is killed during one job. */
const KILLS_PER_JOB = 3;
const PAGE = 100;

interface Job {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly done: number;
  readonly succeeded: number;
}

/**
 * Deletes `leads` leads with a job, kills the server with SIGKILL in the middle of it, again and again, and checks that each lead is
 * deleted once, has one outcome, and stands in the audit log once. As many times as told, on the same data.
 */
export async function killJob(data: DataSetting, leads: number, rounds: number, figures: Figures, signal?: AbortSignal): Promise<void> {
  const port = await freePort();
  await using servers = new AsyncDisposableStack();
  let server = servers.use(await ServerProcess.start(port, API_KEY, data));
  const api = new Api(server.url);
  for (let round = 1; round <= rounds; round++) {
    if (signal?.aborted) break;
    figures.rounds++;
    const source = newId('lead');
    const from = new Date().toISOString();
    const ids = await api.importLeads(leads, source);
    const { planToken } = await api.send<{ planToken: string }>('POST', '/leads/bulk-delete', { filter: { source }, dryRun: true });
    const started: Job = await api.send('POST', '/leads/bulk-delete', { filter: { source }, planToken, reason: 'Clean up' });
    const read = () => api.send<Job>('GET', `/jobs/${started.id}`);

    for (let kill = 0; kill < KILLS_PER_JOB; kill++) {
      const { done } = await read();
      // It may be at its end by now, where a kill must do no harm either.
      const mark = Math.min(leads, done + randomInt(1, Math.max(2, Math.floor((leads - done) / 2))));
      const job = await until('the job is in its middle', async () => {
        const current = await read();
        return current.done >= mark && current;
      });
      await server.kill();
      figures.kills++;
      figures.measure('leads done when it was killed', job.done);
      server = servers.use(await ServerProcess.start(port, API_KEY, data));
    }
    const start = performance.now();
    const job = await until('the job ended', async () => (await read()).status === 'completed' && read());
    figures.measure('from the last start to the end of the job, ms', performance.now() - start);
    figures.acknowledged += job.succeeded;

    const outcomes = await api.walk<{ leadId: string; outcome: string }>(`/jobs/${started.id}/outcomes`, 'outcomes');
    const entries = await api.walk<{ leadId: string }>(`/audit-log?action=lead.deleted&from=${from}`, 'entries');
    const left = await api.send<{ pagination: { total: number } }>('GET', `/leads?source=${source}`);
    figures.blame([
      ...(job.total === leads && job.done === leads && job.succeeded === leads ? [] : [`the job ended as ${JSON.stringify(job)}`]),
      ...(left.pagination.total === 0 ? [] : [`${left.pagination.total} leads are left`]),
      ...differences(
        'outcome',
        ids,
        outcomes.filter(({ outcome }) => outcome === 'deleted').map(({ leadId }) => leadId),
      ),
      ...differences(
        'audit entry',
        ids,
        entries.map(({ leadId }) => leadId),
      ),
    ]);
  }
}

/** What is missing of the ids, or there twice, or not one of them. */
function differences(what: string, ids: ReadonlySet<string>, found: readonly string[]): string[] {
  const once = new Set(found);
  return [
    ...(once.size === found.length ? [] : [`${found.length - once.size} leads have more than one ${what}`]),
    ...[...ids].filter((id) => !once.has(id)).map((id) => `${id} has no ${what}`),
    ...[...once].filter((id) => !ids.has(id)).map((id) => `${id} has an ${what}, and was not meant`),
  ].slice(0, 10);
}

class Api {
  readonly #base: string;

  constructor(url: string) {
    this.#base = `${url}/api/v1`;
  }

  /** Imports new leads, and returns their ids. */
  async importLeads(count: number, source: string): Promise<Set<string>> {
    const at = new Date().toISOString();
    const ids = Array.from({ length: count }, () => newId('lead'));
    const lines = ids.map((id) => {
      const who = { id, name: 'Job', email: `${id}@example.com`, phone: null, source, status: 'new', metadata: {} };
      return JSON.stringify({ lead: { ...who, createdAt: at, updatedAt: at, workspaceId: 'ws_0' } });
    });
    await this.send('POST', '/leads/import', lines.join('\n'));
    return new Set(ids);
  }

  /** The `data` of an answer. @throws where it is an error. */
  async send<Data>(method: string, path: string, body?: object | string): Promise<Data> {
    const response = await fetch(this.#base + path, {
      method,
      headers: {
        Authorization: `Bearer ${API_KEY}`,
        ...(body !== undefined && { 'Content-Type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { data: Data };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  }

  /** All items of a list. */
  async walk<Item>(path: string, list: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const separator = path.includes('?') ? '&' : '?';
      const page: Record<string, Item[]> & { pagination: { nextCursor: string | null } } = await this.send(
        'GET',
        `${path}${separator}limit=${PAGE}${cursor && `&cursor=${cursor}`}`,
      );
      items.push(...page[list]!);
      cursor = page.pagination.nextCursor;
    }
    return items;
  }
}
