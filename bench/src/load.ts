import { connect, type Socket } from 'node:net';
import { bytes, type OperationName, request } from './requests.ts';

/** A piece of work for the load process. */
export interface Job {
  readonly origin: string;
  /** An operation of `requests.ts`, or the path of one GET. */
  readonly target: { readonly operation: OperationName; readonly leads: number } | { readonly path: string };
  readonly connections: number;
  /** Ends at whichever comes first. */
  readonly seconds: number;
  readonly requests: number;
}

/** What came of it. Latencies are in milliseconds. */
export interface Result {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** How much of one core the load process itself used, from 0 to 1. */
  readonly cpu: number;
  /** The first answer that was no success; none where the run counts. */
  readonly failure: string | undefined;
}

/**
 * Sends requests over connections that stay open, each its next as soon as the answer to its last is complete. Not a
 * full HTTP client: it reads as much of an answer as it takes to know its status and where it ends, so that the client
 * is not what is measured.
 */
export async function load({ origin, target, connections, seconds, requests }: Job): Promise<Result> {
  const { hostname, port } = new URL(origin);
  const next = 'path' in target ? always(bytes('GET', target.path)) : (n: number) => request(target.operation, n, target.leads);
  const latencies: number[] = [];
  let sent = 0;
  let failure: string | undefined;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(hostname, Number(port))));
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;

  const drive = (socket: Socket) =>
    new Promise<void>((resolve, reject) => {
      let sentAt = 0;
      let missing = 0;
      let head = '';
      const send = () => {
        sentAt = performance.now();
        if (sent >= requests || sentAt >= end || failure) {
          resolve();
          return;
        }
        sent++;
        socket.write(next(sent));
      };
      socket.on('data', (chunk) => {
        if (missing === 0) {
          head += chunk.toString('latin1');
          const headEnd = head.indexOf('\r\n\r\n');
          if (headEnd < 0) return;
          const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
          if (head[9] !== '2' || length === undefined) failure ??= head;
          missing = headEnd + 4 + Number(length ?? 0) - head.length;
          head = '';
        } else {
          missing -= chunk.length;
        }
        if (missing > 0) return;
        latencies.push(performance.now() - sentAt);
        send();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('The server closed a connection.')));
      send();
    });
  await Promise.all(sockets.map(drive));

  const elapsed = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  latencies.sort((a, b) => a - b);
  const quantile = (q: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? NaN;
  return {
    requests: latencies.length,
    perSecond: latencies.length / (elapsed / 1000),
    p50: quantile(0.5),
    p99: quantile(0.99),
    cpu: (cpu.user + cpu.system) / 1000 / elapsed,
    failure,
  };
}

function always(request: Buffer): () => Buffer {
  return () => request;
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}
