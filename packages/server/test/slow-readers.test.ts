import type { Server } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { serveMetrics } from '../src/metrics/serve-metrics.ts';
import { onEachDatabase } from './support/databases.ts';
import { exchangeBytes } from './support/http.ts';
import { changeServers } from './support/impatience.ts';
import { useServer } from './support/server.ts';

const servers: Server[] = [];
/** Called where a connection has stood still for as long as it may. */
let onStill = () => {};
// A test does not wait for the minute that a reader is given.
changeServers((server) => {
  servers.push(server);
  server.timeout = 1_000;
  server.on('connection', (socket) => socket.on('timeout', () => onStill()));
});

/** More than the system keeps for a connection. */
const REQUESTS = 300;

const connectionsOf = (server: Server) => promisify(server.getConnections.bind(server))();

it('a reader of metrics that takes nothing is left after a time', async () => {
  const metrics = await serveMetrics(async () => 'x'.repeat(1_000_000), '127.0.0.1', 0);
  const socket = connect(Number(new URL(metrics.url).port), '127.0.0.1');
  socket.on('error', () => {});
  try {
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(REQUESTS));
    await expect.poll(() => connectionsOf(servers.at(-1)!)).toBe(1);
    await expect.poll(() => connectionsOf(servers.at(-1)!)).toBe(0);
  } finally {
    socket.destroy();
    await metrics.stop();
  }
});

it('who waits for an answer that takes long gets it', async () => {
  const { promise: text, resolve } = Promise.withResolvers<string>();
  onStill = () => resolve('made at last');
  const metrics = await serveMetrics(() => text, '127.0.0.1', 0);
  try {
    expect(await (await fetch(metrics.url)).text()).toBe('made at last');
  } finally {
    onStill = () => {};
    await metrics.stop();
  }
});

onEachDatabase('a reader', (database) => {
  const server = useServer(database);
  const requests = 'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(REQUESTS);
  const connections = () => connectionsOf(servers.at(-1)!);

  it('that takes nothing of what it asked for is left after a time', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    try {
      socket.write(requests);
      await expect.poll(connections).toBe(1);
      await expect.poll(connections).toBe(0);
    } finally {
      socket.destroy();
    }
  });

  it('that takes it gets all of it', async () => {
    const last = requests.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n');
    const received = await exchangeBytes(server.url, last);
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(REQUESTS);
  });
});
