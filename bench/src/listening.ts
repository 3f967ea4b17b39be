import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port and says where, as our server does. */
export function listening(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    process.stderr.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
}
