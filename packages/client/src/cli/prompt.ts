import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { LeadsAbortedError } from '../errors.ts';
import { usageError } from './errors.ts';
import type { Context } from './command.ts';
import { canAsk, type Io } from './io.ts';
import { plain } from './text.ts';

/** Asks a question in the terminal. @throws {LeadsAbortedError} where the answer is Ctrl-C or Ctrl-D. */
export async function ask({ stdin, stderr, interruption }: Io, question: string, { hidden = false } = {}): Promise<string> {
  // readline shows what is typed on its output: for a secret, on one that nobody sees. It stands before the question, for until then
  // the terminal itself shows what is typed.
  const lines = createInterface({ input: stdin, output: hidden ? new PassThrough().resume() : stderr, terminal: true });
  if (!hidden) lines.setPrompt(question);
  stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => interruption.abort());
      lines.once('close', () => reject(new LeadsAbortedError('Nothing was answered')));
      interruption.signal.addEventListener('abort', () => reject(new LeadsAbortedError('Interrupted')), { once: true });
    });
  } catch (error) {
    stderr.write('\n');
    throw error;
  } finally {
    lines.close();
    if (hidden) stderr.write('\n');
  }
}

/** Everything that comes in through a pipe, up to the first end of a line. */
export async function readLine({ stdin }: Io): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/)[0]!;
}

/** @throws {CliError} where a command would have to ask, and nobody is there to answer. */
export function requireAnswer({ io, options, command, args }: Context, what: string): void {
  // Where the ids are typed the answer cannot be.
  if (options.flag('yes') || options.flag('dry-run') || (canAsk(io) && !args.includes('-'))) return;
  throw usageError(`leads ${command.name} ${what}, and nobody can be asked here.`, 'Look first with --dry-run, and then say --yes.');
}

/** Asks for a yes, or with `phrase` to type exactly that. With --yes it is one. */
export async function confirm({ io, options, style }: Context, question: string, phrase: string | null): Promise<boolean> {
  if (options.flag('yes')) return true;
  if (phrase === null) {
    const answer = await ask(io, `${question} ${style('bold', '[y/N]')} `);
    return /^y(es)?$/i.test(answer.trim());
  }
  const wanted = plain(phrase);
  const answer = await ask(io, `${question}\nType ${style('bold', wanted)} and Enter to go on, anything else to stop: `);
  return answer.trim() === wanted;
}
