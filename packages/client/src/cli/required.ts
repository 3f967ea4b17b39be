import type { Context } from './command.ts';
import { usageError } from './errors.ts';

/** An argument that a command cannot do without. @throws {CliError} where it is missing. */
export function requireArgument({ args, command }: Context, index: number, question: string): string {
  const argument = args[index];
  if (argument === undefined) throw usageError(question, `Give its id. See: leads ${command.name} --help`);
  return argument;
}
