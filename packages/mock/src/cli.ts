#!/usr/bin/env node
/** `leads-mock`: the mock of the Leads API, until SIGINT or SIGTERM. */
import './small-heap.ts';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { StartError } from '@leads/server/http';
import type { Mock, Mode } from './mock.ts';
import { Refusal } from './refusal.ts';
import { SEED_DEFAULT_LEADS, type Seed } from './seed.ts';
import { startMock } from './start-mock.ts';
import { watchFile } from './watch-file.ts';

const HELP = `The mock of the Leads API.

  leads-mock --port 4010 --seed 100

  --host       the address to listen on; 127.0.0.1 when left out (HOST instead)
  --port       4010 when left out, 0 for any that is free (MOCK_PORT)
  --mode       stateful, examples or generated (MOCK_MODE)
  --seed       a number of leads, or a file of leads as leads.export writes it; ${SEED_DEFAULT_LEADS} when left out (MOCK_SEED)
  --document   the OpenAPI document to answer by, read again when it changes; that of the contract when left out (MOCK_DOCUMENT)`;

const MODES: readonly string[] = ['stateful', 'examples', 'generated'] satisfies Mode[];

/** Something that cannot be done, for whoever started it. */
class UsageError extends Error {}

try {
  const options = {
    host: text(),
    port: text(),
    mode: text(),
    seed: text(),
    document: text(),
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) console.log(HELP);
  else await main(values);
} catch (error) {
  if (!(error instanceof UsageError) && !isOfParseArgs(error)) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function main(values: Readonly<Partial<Record<'host' | 'port' | 'mode' | 'seed' | 'document', string>>>): Promise<void> {
  const { env } = process;
  const host = values.host ?? (env.HOST || '127.0.0.1');
  const port = values.port ?? (env.MOCK_PORT || '4010');
  const mode = values.mode ?? (env.MOCK_MODE || 'stateful');
  const seed = values.seed ?? env.MOCK_SEED;
  const documentFile = values.document ?? env.MOCK_DOCUMENT;

  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`${named('port', 'MOCK_PORT')} must be a number from 0 to 65535, not ${JSON.stringify(port)}.`);
  }
  if (!MODES.includes(mode)) {
    throw new UsageError(`${named('mode', 'MOCK_MODE')} must be one of ${MODES.join(', ')}, not ${JSON.stringify(mode)}.`);
  }
  const document = documentFile ? await readDocument(documentFile).catch(unreadable('document', 'MOCK_DOCUMENT')) : undefined;
  const leads = seed ? await readSeed(seed).catch(unreadable('seed', 'MOCK_SEED')) : undefined;
  try {
    const chosen = { ...(document && { document }), ...(leads !== undefined && { seed: leads }) };
    greet(await startMock({ host, port: Number(port), mode: mode as Mode, ...chosen }), mode as Mode, documentFile);
  } catch (error) {
    throw new UsageError(problem(error as NodeJS.ErrnoException, host, port));
  }

  function named(option: keyof typeof values, variable: string): string {
    return values[option] === undefined ? variable : `--${option}`;
  }

  function unreadable(option: keyof typeof values, variable: string) {
    return (error: Error): never => {
      throw new UsageError(`${named(option, variable)} cannot be read: ${error.message}`);
    };
  }
}

async function readDocument(file: string): Promise<object> {
  return JSON.parse(await readFile(file, 'utf8')) as object;
}

async function readSeed(seed: string): Promise<Seed> {
  return /^\d+$/.test(seed) ? Number(seed) : readFile(seed, 'utf8');
}

async function reload(mock: Mock, file: string): Promise<void> {
  try {
    await mock.reload(await readDocument(file));
    console.log(`Answers by the changed ${file}.`);
  } catch (error) {
    console.error(`The changed ${file} cannot be read, so the former one stays: ${(error as Error).message}`);
  }
}

function greet(mock: Mock, mode: Mode, documentFile: string | undefined): void {
  // Before the text, because whoever waits for the text may send the signal at once.
  const watching = documentFile ? watchFile(documentFile, () => void reload(mock, documentFile)) : undefined;
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

function problem(error: NodeJS.ErrnoException, host: string, port: string): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is in use. Stop what listens there, or choose another with --port.`;
  if (error instanceof StartError) return error.message;
  if (error.syscall !== undefined) return `Cannot listen on ${host}, port ${port}: ${error.message}`;
  if (!(error instanceof Refusal)) return `The document cannot be used: ${error.message}`;
  const { location, message } = (error as Refusal<'VALIDATION_ERROR'>).details.issues[0]!;
  return `The seed cannot be used: ${location.replace(/^body\.?/, '')}: ${message}`;
}

function text() {
  return { type: 'string' } as const;
}

function isOfParseArgs(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
