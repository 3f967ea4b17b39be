#!/usr/bin/env node
/**
 * `npm run mock` and `leads-mock`: the mock of the Leads API on HOST (127.0.0.1) and MOCK_PORT (4010), in MOCK_MODE (stateful),
 * by the OpenAPI document in MOCK_DOCUMENT (that of the contract), which is read again when it changes, until SIGINT or SIGTERM.
 */
import { readFile } from 'node:fs/promises';
import type { Mode } from './mock.ts';
import { startMock } from './start-mock.ts';
import { watchFile } from './watch-file.ts';

const MODES: readonly string[] = ['stateful', 'examples', 'generated'] satisfies Mode[];

const host = process.env.HOST || '127.0.0.1';
const port = process.env.MOCK_PORT || '4010';
const mode = process.env.MOCK_MODE || 'stateful';
const documentFile = process.env.MOCK_DOCUMENT;

if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  fail(`MOCK_PORT must be a number from 0 to 65535, not ${JSON.stringify(port)}.`);
} else if (!MODES.includes(mode)) {
  fail(`MOCK_MODE must be one of ${MODES.join(', ')}, not ${JSON.stringify(mode)}.`);
} else {
  const document = await readDocument().catch((error: Error) => fail(`MOCK_DOCUMENT cannot be read: ${error.message}`));
  if (process.exitCode === undefined) {
    await startMock({ host, port: Number(port), mode: mode as Mode, ...(document && { document }) }).then(
      greet,
      (error: NodeJS.ErrnoException) => fail(problem(error)),
    );
  }
}

async function readDocument(): Promise<object | undefined> {
  return documentFile ? (JSON.parse(await readFile(documentFile, 'utf8')) as object) : undefined;
}

async function reload(mock: Awaited<ReturnType<typeof startMock>>): Promise<void> {
  try {
    await mock.reload((await readDocument())!);
    console.log(`Answers by the changed ${documentFile}.`);
  } catch (error) {
    console.error(`The changed ${documentFile} cannot be read, so the former one stays: ${(error as Error).message}`);
  }
}

function greet(mock: Awaited<ReturnType<typeof startMock>>): void {
  // Before the text, because whoever waits for the text may send the signal at once.
  const watching = documentFile ? watchFile(documentFile, () => void reload(mock)) : undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      watching?.close();
      void mock.close();
    });
  }

  console.log(`The mock of the Leads API listens on ${mock.url}

Try it. Any key that begins with sk-workspace_ is accepted:

  curl -X DELETE ${mock.url}/api/v1/leads/lead_1234567890abcdef -H 'Authorization: Bearer sk-workspace_mock'

Ask for any documented answer with a header:

  -H 'Prefer: code=404'                 a status
  -H 'Prefer: example=LEAD_NOT_FOUND'   an example, by its name
  -H 'Prefer: dynamic=true'             generated data

${mode === 'stateful' ? 'What you change stays changed until it stops; each key has a workspace of its own.' : 'It keeps no state.'}
Faults, scenarios and a reset: curl ${mock.url}/__mock

Stop it with Ctrl+C.`);
}

function problem(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is in use. Stop what listens there, or choose another with MOCK_PORT.`;
  return `Cannot listen on ${host}, port ${port}: ${error.message}`;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
