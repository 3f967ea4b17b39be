import type { Command, OptionSpecs } from './command.ts';
import { unknownCommand } from './arguments.ts';
import { LOCAL_URL } from './connection.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';
import { COLUMNS_OPTION, COMMON_OPTIONS } from './options.ts';
import type { Style } from './style.ts';
import { pad, wrap } from './text.ts';

const WIDTH = 80;

/** The help: of everything, of a family such as `jobs`, or of one command. @throws {CliError} where there is no such command. */
export function help(commands: readonly Command[], topic: string | null, style: Style): string {
  if (topic === null) return overview(commands, style);
  const command = commands.find(({ name }) => name === topic);
  if (command) return helpOf(command, style);
  const family = commands.filter(({ name }) => name.startsWith(`${topic} `));
  if (family.length === 0) throw unknownCommand(topic, commands);
  return `${style('bold', `leads ${topic}`)}\n\n${summaries(family)}\n\nMore: leads ${topic} COMMAND --help\n`;
}

function overview(commands: readonly Command[], style: Style): string {
  const codes = EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `${style('bold', 'leads')}: manage leads from the command line.

${style('bold', 'Commands')}
${summaries(commands)}

${style('bold', 'Options of every command')}
${optionLines(COMMON_OPTIONS)}

A command that is given no profile uses LEADS_API_KEY and LEADS_BASE_URL, else
the profile LEADS_PROFILE, else the profile “default”; the address, else
${LOCAL_URL}. In a pipe it prints lines of JSON, and never asks.

${style('bold', 'Exit codes')}
${codes.join('\n')}

More: leads COMMAND --help
`;
}

function helpOf({ name, usage, summary, details, options: own, columns, examples }: Command, style: Style): string {
  const options = own || columns ? { ...own, ...(columns && COLUMNS_OPTION) } : undefined;
  const takes = options ? `\n${style('bold', 'Options')}\n${optionLines(options)}\n` : '';
  const lines = examples.map(([line, what]) => `  ${style('cyan', line)}\n      ${what}`);
  const bold = `leads ${name}`;
  const head = wrap(`${bold}${usage ? ` ${usage}` : ''}: ${summary}`, WIDTH).join('\n');
  return `${style('bold', bold)}${head.slice(bold.length)}
${details ? `\n${wrap(details, WIDTH).join('\n')}\n` : ''}${takes}
${style('bold', 'Options of every command')}
${optionLines(COMMON_OPTIONS)}

${style('bold', 'Examples')}
${lines.join('\n')}
`;
}

function summaries(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return commands.map(({ name, summary }) => `  ${pad(name, width)}${summary}`).join('\n');
}

function optionLines(options: OptionSpecs): string {
  const named = Object.entries(options).map(([name, { short, placeholder, help }]) => ({
    name: `  ${short ? `-${short}, ` : ''}--${name}${placeholder ? ` ${placeholder}` : ''}`,
    help,
  }));
  const width = Math.min(28, Math.max(...named.map(({ name }) => name.length)) + 2);
  return named
    .map(({ name, help }) => {
      const [first, ...rest] = wrap(help, WIDTH, ' '.repeat(width));
      return [name.length < width ? pad(name, width) + first!.trimStart() : `${name}\n${first}`, ...rest].join('\n');
    })
    .join('\n');
}
