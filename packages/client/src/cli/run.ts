import { LeadsApiError } from '../errors.ts';
import { withoutKeys } from '../key.ts';
import { paced, type PacedSend } from '../leads/many.ts';
import type { Hooks, LeadsClient } from '../types.ts';
import { type Invocation, readArguments, specsOf } from './arguments.ts';
import type { Context } from './command.ts';
import { COMMANDS } from './commands.ts';
import { connect, resolveProfile } from './connection.ts';
import { explain, usageError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { help } from './help.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { type Format, Output, OutputClosed } from './output.ts';
import { Progress } from './progress.ts';
import { styleFor } from './style.ts';
import { plain, wrap } from './text.ts';
import { version } from './version.ts';

const LIMIT_USED_UP = 'The rate limit is used up';

/** Runs one command line to its end, and says how it ended. Everything that it fails with is told on stderr. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const style = styleFor(io.stderr, io, argv.includes('--no-color'));
  const progress = new Progress(io, style);
  let invocation: Invocation | undefined;
  try {
    invocation = readArguments(argv, COMMANDS);
    return invocation.action === 'run' ? await runCommand(invocation, io, progress) : await answer(invocation, io);
  } catch (error) {
    progress.clear();
    if (error instanceof OutputClosed) return EXIT.ok;
    if (io.interruption.signal.aborted) {
      io.stderr.write(`${style('yellow', 'Interrupted.')}\n`);
      return EXIT.interrupted;
    }
    const { message, next, exitCode } = explain(error, invocation?.action === 'run' ? specsOf(invocation.command) : {});
    io.stderr.write(`${told(io, `Error: ${plain(message)}`).replace('Error:', style('red', 'Error:'))}\n`);
    if (next !== null) io.stderr.write(`${told(io, plain(next))}\n`);
    return exitCode;
  }
}

async function runCommand(invocation: Invocation & { action: 'run' }, io: Io, progress: Progress): Promise<ExitCode> {
  const { command, options, args } = invocation;
  const style = styleFor(io.stderr, io, options.flag('no-color'));
  const outStyle = styleFor(io.stdout, io, options.flag('no-color'));
  const output = new Output(io.stdout, formatOf(options, io), outStyle, !command.changes, options.columns);
  const say = (text: string) => progress.around(() => io.stderr.write(`${told(io, text)}\n`));
  let client: LeadsClient | undefined;
  let send: PacedSend | undefined;
  const context: Context = {
    io,
    command,
    options,
    args,
    output,
    progress,
    style,
    say,
    client: () => (client ??= connect(io, options, resolveProfile(io, options), hooksFor(io, progress))),
    send: () =>
      (send ??= paced({ ...options.many, signal: io.interruption.signal, onWait: (until) => progress.wait(LIMIT_USED_UP, until) })),
  };
  try {
    return await command.run(context);
  } finally {
    progress.clear();
    await output.end();
  }
}

/** In a terminal a line ends between two words. A key that was typed in a wrong place is not repeated. */
function told({ stderr }: Io, text: string): string {
  const safe = withoutKeys(text);
  return stderr.isTTY ? wrap(safe, stderr.columns ?? 80).join('\n') : safe;
}

/** Help and version, which need no server. */
async function answer(invocation: Exclude<Invocation, { action: 'run' }>, io: Io): Promise<ExitCode> {
  const noColor = invocation.action === 'help' && invocation.options.flag('no-color');
  const style = styleFor(io.stdout, io, noColor);
  const output = new Output(io.stdout, 'human', style, true);
  await output.write(invocation.action === 'version' ? `${version()}\n` : help(COMMANDS, invocation.topic, invocation.brief, style));
  await output.end();
  return EXIT.ok;
}

function formatOf(options: Options, { stdout }: Io): Format {
  if (options.flag('json') && options.flag('csv')) throw usageError('Give --json or --csv, not both.');
  if (options.flag('json')) return 'json';
  if (options.flag('csv')) return 'csv';
  return stdout.isTTY ? 'human' : 'ndjson';
}

/** Says what the client waits for, where that is long enough to be noticed. */
function hooksFor({ now }: Io, progress: Progress): Hooks {
  return {
    onRetry({ delayMs, error }) {
      const isLimit = error instanceof LeadsApiError && error.code === 'RATE_LIMIT_EXCEEDED';
      if (isLimit || delayMs >= 1_000)
        progress.wait(isLimit ? LIMIT_USED_UP : `${error.message}, trying again`, new Date(now().getTime() + delayMs));
    },
  };
}
