import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy before a server, that can cut every connection that is open. */
export interface CuttingProxy {
  readonly origin: string;
  /** Cuts everything; the next connections work. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts one; `onRequest` is told of each request by its first line. */
export async function startCuttingProxy(target: string, onRequest: (line: string) => void): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      const line = /^(GET|POST|DELETE|PUT) [^\r\n]*/.exec(chunk.toString('latin1', 0, 200))?.[0];
      if (line) onRequest(line);
    });
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
