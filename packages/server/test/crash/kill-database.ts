import { API_KEY } from './api-key.ts';
import { checkLeads } from './check-leads.ts';
import type { Figures } from './figures.ts';
import { freePort } from '../support/free-port.ts';
import { HttpConnection } from './http-connection.ts';
import { Ledger } from './ledger.ts';
import { aWhile, startLoad } from './load.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './until.ts';
import { problemOfUnavailable, type Writer } from './writer.ts';

/** How long an answer may take while the database is away, in milliseconds. */
const FAST_MS = 1_000;

/**
 * Kills the whole database with SIGKILL while writers are at work, and starts it again; the Leads API server keeps
 * running throughout. While the database is away, everything that needs it must be refused at once with a 503; when it
 * is back, every writer must get its next write done, and every lead is checked.
 */
export async function killDatabase(cluster: PostgresCluster, rounds: number, figures: Figures, signal?: AbortSignal): Promise<void> {
  const ledger = new Ledger();
  await using server = await ServerProcess.start(await freePort(), API_KEY, { DATABASE_URL: cluster.url });
  for (let round = 1; round <= rounds; round++) {
    if (signal?.aborted) break;
    figures.rounds++;
    const load = startLoad(server, ledger);
    const { writers } = load;
    await aWhile();
    await cluster.kill();
    figures.kills++;
    await untilEach(writers, 'is refused while the database is away', ({ unavailable }) => unavailable > 0);
    figures.blame(await problemsWhileAway(server.url));

    const restarted = performance.now();
    await cluster.start();
    const back = performance.now();
    figures.measure('recovery of the database, ms', back - restarted);
    await server.ready();
    figures.measure('from a database that is back to a server that is ready, ms', performance.now() - back);
    const before = new Map(writers.map((writer) => [writer, writer.acknowledged]));
    await untilEach(writers, 'gets a write done after the database is back', (writer) => writer.acknowledged > before.get(writer)!);
    figures.measure('from a database that is back to a write of every writer, ms', performance.now() - back);
    await load.end(figures);

    const slowest = Math.max(...writers.map(({ slowestUnavailableMs }) => slowestUnavailableMs));
    figures.measure('slowest 503, ms', slowest);
    if (slowest > FAST_MS) figures.blame([`a 503 took ${Math.round(slowest)} ms`]);
    figures.blame(writers.flatMap(({ unanswered }) => (unanswered ? [`a request got no answer: ${unanswered.failure}`] : [])));
    figures.blame(await checkLeads(server.url, API_KEY, ledger));
  }
  figures.measure('peak memory, MB', server.peakMemoryMb);
}

/** What every kind of request is answered while the database is away, where that is not what it should be. */
async function problemsWhileAway(url: string): Promise<string[]> {
  const connection = new HttpConnection(url, API_KEY);
  const body = { name: 'Nobody', email: 'nobody@example.com' };
  const refused = [
    await connection.send('GET', '/readyz'),
    await connection.send('GET', '/api/v1/leads'),
    await connection.send('GET', '/api/v1/leads/lead_none'),
    await connection.send('POST', '/api/v1/leads', body),
    await connection.send('PUT', '/api/v1/leads/lead_none', body),
    await connection.send('DELETE', '/api/v1/leads/lead_none'),
  ];
  const health = await connection.send('GET', '/healthz');
  connection.close();
  const problems = refused.map(({ answer, failure }) => {
    if (!answer) return `no answer while the database is away: ${failure}`;
    return answer.ms > FAST_MS ? `an answer took ${Math.round(answer.ms)} ms while the database is away` : problemOfUnavailable(answer);
  });
  if (health.answer?.status !== 200) problems.push(`/healthz answered ${health.answer?.status} while the database is away`);
  return problems.filter((problem) => problem !== undefined);
}

/** Waits until `condition` is true of every writer that still has answers. */
function untilEach(writers: readonly Writer[], what: string, condition: (writer: Writer) => boolean): Promise<boolean> {
  return until(`every writer ${what}`, () => writers.every((writer) => writer.unanswered !== undefined || condition(writer)));
}
