import type { Command } from '../command.ts';
import { completionScript, SHELLS } from '../completion.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { nearest } from '../nearest.ts';
import { hasValues, VALUES } from '../values.ts';

/** `leads completion`, for the commands that there are. */
export function completion(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'print the completion for a shell',
    usage: SHELLS.join('|'),
    maxArguments: 1,
    options: {
      values: { type: 'string', placeholder: 'WORD', help: `for the scripts: print what there is of ${Object.keys(VALUES).join(', ')}` },
    },
    examples: [
      ['leads completion bash > ~/.local/share/bash-completion/completions/leads', 'bash'],
      ['leads completion zsh > "${fpath[1]}/_leads"', 'zsh'],
      ['leads completion fish > ~/.config/fish/completions/leads.fish', 'fish'],
    ],
    async run({ args, options, output, io, client }) {
      const word = options.text('values');
      if (hasValues(word)) {
        await output.write((await VALUES[word](io, client)).map((value) => `${value}\n`).join(''));
        return EXIT.ok;
      }
      const shell = SHELLS.find((name) => name === args[0]);
      if (!shell) {
        const meant = nearest(args[0] ?? '', SHELLS);
        throw usageError(`For which shell? There are ${SHELLS.join(', ')}.`, `For example: leads completion ${meant ?? 'bash'}`);
      }
      await output.write(completionScript(shell, commands()));
      return EXIT.ok;
    },
  };
}
