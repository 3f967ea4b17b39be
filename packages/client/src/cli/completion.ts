import { specsOf } from './arguments.ts';
import type { Command } from './command.ts';
import { argumentOf, hasValues } from './values.ts';

/** The shells that there is a completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What is said to a shell, so that it completes commands, options and their values. */
export function completionScript(shell: (typeof SHELLS)[number], commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](commands);
}

function words(commands: readonly Command[]): string[] {
  return [...new Set([...commands.map(({ name }) => name.split(' ')[0]!), 'help'])];
}

function families(commands: readonly Command[]): [family: string, seconds: string[]][] {
  const split = commands.map(({ name }) => name.split(' ')).filter(([, second]) => second !== undefined);
  return [...new Set(split.map(([first]) => first!))].map((family) => [
    family,
    split.filter(([first]) => first === family).map(([, s]) => s!),
  ]);
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const names = Object.keys(specsOf(command)).map((name) => `--${name}`);
    return `    "${command.name}") options="${names.join(' ')}" ;;`;
  });
  const seconds = families(commands).map(([family, names]) => `    ${family}) words="${names.join(' ')}" ;;`);
  const choices = commands.flatMap((command) =>
    Object.entries(specsOf(command)).flatMap(([name, { choices: values }]) =>
      values ? [`    "${command.name} --${name}") COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return ;;`] : [],
    ),
  );
  const asked = commands.flatMap((command) =>
    Object.entries(specsOf(command)).flatMap(([name, { placeholder }]) =>
      hasValues(placeholder) ? [`    "${command.name} --${name}") _leads_values ${placeholder}; return ;;`] : [],
    ),
  );
  const named = commands.flatMap((command) => {
    const argument = argumentOf(command);
    return argument ? [`    "${command.name}") value=${argument} ;;`] : [];
  });
  return `_leads_values() {
  local profile=() i
  for ((i = 1; i < COMP_CWORD - 1; i++)); do
    if [[ "\${COMP_WORDS[i]}" == --profile ]]; then profile=(--profile "\${COMP_WORDS[i+1]}"); fi
  done
  COMPREPLY=($(compgen -W "$(leads completion --values "$1" "\${profile[@]}" 2>/dev/null)" -- "$word"))
}
_leads() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words="" options="" value=""
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${words(commands).join(' ')}" -- "$word")); return
  fi
  case "$command" in
${seconds.join('\n')}
  esac
  if [[ -n "$words" ]]; then
    if ((COMP_CWORD == 2)); then COMPREPLY=($(compgen -W "$words" -- "$word")); return; fi
    command="$command \${COMP_WORDS[2]}"
  fi
  case "$command $before" in
${[...choices, ...asked].join('\n')}
    *" --ids-file"|*" --from") COMPREPLY=($(compgen -f -- "$word")); return ;;
    *" --backup-dir") COMPREPLY=($(compgen -d -- "$word")); return ;;
  esac
  case "$command" in
${cases.join('\n')}
  esac
  case "$command" in
${named.join('\n')}
  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -n "$value" ]]; then _leads_values "$value"
  else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _leads leads
`;
}

function zsh(commands: readonly Command[]): string {
  return `#compdef leads
autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`;
}

function fish(commands: readonly Command[]): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const asking = (value: string) => `(leads completion --values ${value} 2>/dev/null)`;
  const lines = ['complete -c leads -f'];
  for (const word of words(commands)) {
    const summary = commands.find(({ name }) => name === word)?.summary ?? '';
    lines.push(`complete -c leads -n __fish_use_subcommand -a ${word} -d ${quote(summary)}`);
  }
  for (const [family, names] of families(commands))
    lines.push(`complete -c leads -n '__fish_seen_subcommand_from ${family}' -a ${quote(names.join(' '))}`);
  for (const command of commands) {
    const condition = [
      ...command.name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`),
      // `leads campaigns get` is not `leads get`.
      ...(command.name.includes(' ')
        ? []
        : [
            `not __fish_seen_subcommand_from ${families(commands)
              .map(([family]) => family)
              .join(' ')}`,
          ]),
    ].join('; and ');
    const argument = argumentOf(command);
    if (argument) lines.push(`complete -c leads -n '${condition}' -a ${quote(asking(argument))}`);
    for (const [name, { type, choices, short, help, placeholder }] of Object.entries(specsOf(command))) {
      const values = hasValues(placeholder) ? asking(placeholder) : choices?.join(' ');
      const value = type === 'boolean' ? '' : values ? ` -x -a ${quote(values)}` : ' -r -F';
      lines.push(`complete -c leads -n '${condition}' -l ${name}${short ? ` -s ${short}` : ''}${value} -d ${quote(help)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
