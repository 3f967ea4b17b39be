/** Describes the commands of `leads`, for what shows them without being made of them. */
import { COMMANDS } from '../packages/client/src/cli/commands.ts';
import { EXIT_MEANINGS } from '../packages/client/src/cli/exit-codes.ts';
import { COMMON_OPTIONS } from '../packages/client/src/cli/options.ts';

/** The commands with their options and examples, the options of every command, and what an exit code means, as JSON. */
export function commandsJson(): string {
  const commands = COMMANDS.map(({ name, usage, summary, details, options, examples }) => ({
    name,
    usage,
    summary,
    details,
    options,
    examples,
  }));
  return `${JSON.stringify({ commands, commonOptions: COMMON_OPTIONS, exitCodes: EXIT_MEANINGS }, null, 2)}\n`;
}
