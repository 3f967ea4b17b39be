import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Where a connection is cut: once, when the answer to a request that has this text is this long. */
export interface Cut {
  readonly request: RegExp;
  readonly afterBytes: number;
}

/** A TCP proxy that cuts connections, or holds a request until something else has happened. */
export interface Proxy {
  readonly url: string;
  /** How many connections were cut. */
  readonly cuts: () => number;
  close(): Promise<void>;
}

/** Starts one before a server; `before` is awaited before a request goes on. */
export async function startProxy(target: string, cuts: readonly Cut[], before?: (request: string) => Promise<void>): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const left = [...cuts];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let [request, answered] = ['', 0];
    let sending = Promise.resolve();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (answered > 0) [request, answered] = ['', 0];
      request += chunk.toString('latin1');
      const seen = request;
      sending = sending.then(() => before?.(seen)).then(() => void upstream.write(chunk));
    });
    upstream.on('data', (chunk) => {
      answered += chunk.length;
      const cut = left.findIndex(({ request: wanted, afterBytes }) => wanted.test(request) && answered >= afterBytes);
      if (cut === -1) return client.write(chunk);
      const [{ afterBytes }] = left.splice(cut, 1) as [Cut];
      // The answer has begun when it is cut.
      client.write(chunk.subarray(0, chunk.length - (answered - afterBytes)), () => client.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts.length - left.length,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
