import { once } from 'node:events';
import { connect } from 'node:net';
import { API_KEY } from './api-key.ts';
import { checkLeads } from './check-leads.ts';
import type { Figures } from './figures.ts';
import { freePort } from '../support/free-port.ts';
import { HttpConnection, isOurs } from './http-connection.ts';
import { Ledger } from './ledger.ts';
import { aWhile, startLoad } from './load.ts';
import { type DataSetting, ServerProcess } from './server-process.ts';
import { until } from './until.ts';
import { Writer } from './writer.ts';

/** How long a stop may take, in milliseconds. */
const STOP_LIMIT_MS = 10_000;
/** What readers ask for, in turn: what takes the database and its time, and what is answered at once. */
const READERS = Array.from({ length: 2 }, () => [
  ['/api/v1/leads', '/healthz'],
  ['/readyz', '/nowhere'],
]).flat();
/** The owner of the lead whose body is sent only after the server was told to stop. */
const LATE_WRITER = 100;

/**
 * Asks a server to stop with SIGTERM while writers are at work, and checks every lead afterwards. What the server began
 * it must answer: a write without an answer must not be done, and every request in its log must have got its answer.
 */
export async function terminateServer(data: DataSetting, rounds: number, figures: Figures, signal?: AbortSignal): Promise<void> {
  const port = await freePort();
  const ledger = new Ledger();
  for (let round = 1; round <= rounds; round++) {
    if (signal?.aborted) break;
    figures.rounds++;
    await using server = await ServerProcess.start(port, API_KEY, data, 'info');
    const load = startLoad(server, ledger, { ifUnanswered: 'not done' });
    const readers = READERS.map((paths) => readUntilRefused(server.url, paths));
    const idle = new HttpConnection(server.url);
    const { requestId: idleId } = await idle.send('GET', '/healthz');
    await aWhile();

    const late = new Writer(ledger, LATE_WRITER, server.url, API_KEY, 'not done');
    let told = 0;
    let ended: ReturnType<ServerProcess['terminate']> | undefined;
    await late.create(async () => {
      told = performance.now();
      ended = server.terminate();
      await until('no new connection is taken', async () => !(await takesConnections(server.url)));
    });
    if (!ended) throw new Error('The server did not read the headers of a request.');
    const { code, signal: killedBy } = await ended;
    const stopMs = performance.now() - told;
    figures.kills++;
    figures.measure('stop, ms', stopMs);
    if (code !== 0) figures.blame([`ended with ${code ?? killedBy}: ${server.output}`]);
    if (stopMs > STOP_LIMIT_MS) figures.blame([`the stop took ${Math.round(stopMs)} ms`]);
    await load.end(figures);
    idle.close();
    figures.blame(late.problems);
    if (late.unanswered) figures.blame([`a request under way got no answer: ${late.unanswered.failure}`]);

    const writers = [...load.writers, late];
    const answered = new Set([...writers.flatMap((writer) => writer.answered), ...(await Promise.all(readers)).flat(), idleId]);
    const unanswered = server.log.filter(({ requestId }) => isOurs(requestId) && !answered.has(requestId as string));
    figures.blame(unanswered.map((line) => `processed and not answered: ${JSON.stringify(line)}`));
    figures.measure(
      'writes that met a connection being closed, and were not done',
      writers.filter(({ unanswered }) => unanswered && unanswered.failure !== 'ECONNREFUSED').length,
    );
    figures.blame(writers.flatMap((writer) => (writer.unavailable > 0 ? ['refused a write while it stopped'] : [])));

    await using restarted = await ServerProcess.start(port, API_KEY, data);
    figures.measure('start after a stop, ms', restarted.startMs);
    figures.blame(await checkLeads(restarted.url, API_KEY, ledger));
    await restarted.terminate();
  }
}

/** Sends one request after the other until one gets no answer, and returns those that did. */
async function readUntilRefused(url: string, paths: readonly string[]): Promise<string[]> {
  const connection = new HttpConnection(url, API_KEY);
  const answered: string[] = [];
  for (let i = 0; ; i++) {
    const { requestId, answer } = await connection.send('GET', paths[i % paths.length]!);
    if (!answer) break;
    answered.push(requestId);
  }
  connection.close();
  return answered;
}

async function takesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
