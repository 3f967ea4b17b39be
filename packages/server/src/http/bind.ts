import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../start-error.ts';

/** The server cannot have its address or its port. */
class CannotListenError extends StartError {
  override readonly name = 'CannotListenError';

  constructor(host: string, port: number, setting: string, cause: NodeJS.ErrnoException) {
    const addresses = 'Set HOST to an address of this machine, or to 0.0.0.0 for all of them.';
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} is in use. Stop the other server, or set ${setting} to another port.`,
      EACCES: `This user may not listen on port ${port}. Set ${setting} to one above 1023.`,
      EADDRNOTAVAIL: `${host} is no address of this machine. ${addresses}`,
    };
    super(reasons[cause.code!] ?? `The server cannot listen on ${host}: ${cause.message}. ${addresses}`, { cause });
  }
}

/**
 * Makes a server listen, and answers where it does: `http://127.0.0.1:3000`. `setting` names the port to whoever starts it.
 * @throws {CannotListenError} where it cannot have the address or the port.
 */
export async function bind(server: Server, host: string, port: number, setting: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error) => reject(new CannotListenError(host, port, setting, error));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}
