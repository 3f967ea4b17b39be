import { once } from 'node:events';
import { Agent } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { exchange } from '../src/exchange.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';

it('a request that meets a connection which the server is just closing is sent again on another', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    const isFirst = ++connections === 1;
    let requests = 0;
    socket.on('data', () => {
      if (isFirst && ++requests > 1) socket.resetAndDestroy();
      else socket.write(ANSWER);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ask = () => exchange(url, { method: 'GET', path: '/' }, agent);
    expect([(await ask()).status, (await ask()).status, connections]).toEqual([200, 200, 2]);
  } finally {
    agent.destroy();
    server.close();
  }
});
