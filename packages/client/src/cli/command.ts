import type { PacedSend } from '../leads/many.ts';
import type { LeadsClient } from '../types.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';
import type { Style } from './style.ts';

/** An option of a command. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  readonly short?: string;
  /** What its value is called in the help. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

/** Options by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What a command has to work with. */
export interface Context {
  readonly io: Io;
  readonly command: Command;
  readonly options: Options;
  readonly args: readonly string[];
  readonly output: Output;
  readonly progress: Progress;
  /** How to write to stderr. */
  readonly style: Style;
  /** Says something to whoever runs it, on stderr. */
  readonly say: (text: string) => void;
  /** The client of the chosen profile, made once. @throws {CliError} where there is no key or no address. */
  readonly client: () => LeadsClient;
  /** Sends requests in bulk: patient, at the pace that the API allows, until Ctrl-C; made once. */
  readonly send: () => PacedSend;
}

/** A command: help, completion and dispatch derive from it. */
export interface Command {
  /** One word, or two: `jobs list`. */
  readonly name: string;
  readonly summary: string;
  /** What it takes besides options, as the help shows it. */
  readonly usage?: string;
  /** How many arguments it takes at most: none when left out. */
  readonly maxArguments?: number;
  /** More about it. */
  readonly details?: string;
  readonly options?: OptionSpecs;
  /** What it prints, where `--columns` can choose of it. */
  readonly columns?: { readonly fields: readonly string[] };
  /** What others call it: who types that is told its name. */
  readonly synonyms?: readonly string[];
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Whether it goes on where nobody reads what it says any more, because it changes something. */
  readonly changes?: boolean;
  readonly run: (context: Context) => Promise<ExitCode>;
}
