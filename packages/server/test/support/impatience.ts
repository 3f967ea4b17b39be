import { Server } from 'node:http';
import { beforeAll, vi } from 'vitest';

/** Changes the limits of each server that the tests of a file start, as the last thing before it listens. */
export function changeServers(change: (server: Server) => void): void {
  beforeAll(() => {
    const setTimeout = Reflect.get(Server.prototype, 'setTimeout') as Server['setTimeout'];
    const changed = vi.spyOn(Server.prototype, 'setTimeout').mockImplementation(function (this: Server, ...args) {
      Reflect.apply(setTimeout, this, args);
      change(this);
      return this;
    });
    return () => changed.mockRestore();
  });
}
