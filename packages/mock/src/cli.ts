/** `npm run mock`: the mock of the Leads API on HOST (127.0.0.1) and MOCK_PORT (4010), until SIGINT or SIGTERM. */
import { startMock } from './start-mock.ts';

const host = process.env.HOST || '127.0.0.1';
const port = process.env.MOCK_PORT || '4010';

if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  fail(`MOCK_PORT must be a number from 0 to 65535, not ${JSON.stringify(port)}.`);
} else {
  await startMock({ host, port: Number(port) }).then(greet, (error: NodeJS.ErrnoException) => fail(problem(error)));
}

function greet(mock: Awaited<ReturnType<typeof startMock>>): void {
  // Before the text, because whoever waits for the text may send the signal at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void mock.close());

  console.log(`The mock of the Leads API listens on ${mock.url}

Try it. Any key that begins with sk-workspace_ is accepted:

  curl -X DELETE ${mock.url}/api/v1/leads/lead_1234567890abcdef -H 'Authorization: Bearer sk-workspace_mock'

Ask for any documented answer with a header:

  -H 'Prefer: code=404'                 a status
  -H 'Prefer: example=LEAD_NOT_FOUND'   an example, by its name
  -H 'Prefer: dynamic=true'             generated data

It keeps no state. Stop it with Ctrl+C.`);
}

function problem(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is in use. Stop what listens there, or choose another with MOCK_PORT.`;
  return `Cannot listen on ${host}, port ${port}: ${error.message}`;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
