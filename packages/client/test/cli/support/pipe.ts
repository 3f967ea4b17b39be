import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { run } from '../../../src/cli/run.ts';

/** How a command line ended in a pipe. */
export interface Piped {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Its lines of JSON. */
  readonly lines: Record<string, unknown>[];
}

interface PipeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Readable;
  readonly interruption?: AbortController;
  readonly now?: () => Date;
  readonly stdout?: Writable;
}

/** Runs a command line in this process, with pipes in the places of the terminal, and a home that nobody else has. */
export async function piped(
  args: readonly string[],
  { env = {}, input = '', interruption, now, stdout }: PipeOptions = {},
): Promise<Piped> {
  const [out, err] = [collector(), collector()];
  const code = await run(args, {
    stdin: typeof input === 'string' ? Readable.from(input === '' ? [] : [Buffer.from(input)]) : input,
    stdout: stdout ?? out.stream,
    stderr: err.stream,
    env: { HOME: mkdtempSync(join(tmpdir(), 'leads-cli-')), ...env },
    now: now ?? (() => new Date()),
    interruption: interruption ?? new AbortController(),
  });
  const text = out.text();
  return {
    code,
    stdout: text,
    stderr: err.text(),
    get lines() {
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
  };
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
