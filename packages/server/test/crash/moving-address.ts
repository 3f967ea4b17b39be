import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** An address on this machine that leads to a database, and can be moved to another one, as a virtual address or a proxy does. */
export class MovingAddress implements AsyncDisposable {
  readonly #server: Server;
  /** The port of this machine where it leads; undefined where nobody answers. */
  #target: number | undefined;
  readonly #sockets = new Set<Socket>();
  /** Those that lead nowhere any more, and nobody is told. */
  readonly #silent = new Set<Socket>();
  readonly #swallowed = Promise.withResolvers<void>();

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer({ noDelay: true }, (client) => this.#lead(client));
  }

  static async create(target: number): Promise<MovingAddress> {
    const address = new MovingAddress(target);
    await once(address.#server.listen(0, '127.0.0.1'), 'listening');
    return address;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks what is open; who connects from now on gets there. */
  moveTo(target: number): void {
    this.#target = target;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Swallows everything that comes on the connections that are open; those that are made from now on are new. */
  goSilent(): void {
    for (const socket of this.#sockets) this.#silent.add(socket);
  }

  /** Fulfilled once something was swallowed. */
  get swallowed(): Promise<void> {
    return this.#swallowed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#target = undefined;
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #lead(client: Socket): void {
    if (this.#target === undefined) return void client.destroy();
    const upstream = connect(this.#target, '127.0.0.1');
    const pass = (from: Socket, to: Socket) => {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (!this.#silent.has(from)) to.write(bytes);
        else this.#swallowed.resolve();
      });
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        this.#silent.delete(from);
        to.destroy();
      });
    };
    pass(client, upstream);
    pass(upstream, client);
  }
}
