import { createServer } from 'node:http';
import { listening } from './listening.ts';

// As long as the answer to `get`.
const body = JSON.stringify({ success: true, data: 'x'.repeat(380) });

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
});
listening(server);
