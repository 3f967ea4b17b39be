import type { Command, OptionSpecs } from './command.ts';
import { unknownCommand } from './arguments.ts';
import { LOCAL_URL } from './connection.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';
import { COLUMNS_OPTION, COMMON_OPTIONS } from './options.ts';
import type { Style } from './style.ts';
import { cut, pad, wrap } from './text.ts';

const WIDTH = 80;
/** The lines of a terminal, but for the one with the prompt. */
const SCREEN = 23;
const INDENT = '  ';

/**
 * The help: of everything, of a family such as `jobs`, or of one command, which is `brief` to fit a screen.
 * @throws {CliError} where there is no such command.
 */
export function help(commands: readonly Command[], topic: string | null, brief: boolean, style: Style): string {
  if (topic === null) return overview(commands, style);
  const command = commands.find(({ name }) => name === topic);
  if (command) return brief ? briefHelpOf(command, style) : helpOf(command, style);
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

More: leads COMMAND --help, on a screen; leads help COMMAND, with everything.
`;
}

/** A line for each option, and of the rest as much as there is room for on a screen. */
function briefHelpOf(command: Command, style: Style): string {
  const { name, details = '', examples } = command;
  const head = headOf(command, style).split('\n');
  const options = briefOptions(ownOptions(command));
  const end = ['', `Also ${ALSO}`, `More: leads help ${name}`];
  const room = SCREEN - head.length - options.length - end.length - 1;
  const shown: string[] = [];
  for (const example of examples.map(([line, what]) => briefExample(line, what, style)))
    if (shown.length + example.length <= room) shown.push(...example);
  const about = details === '' ? [] : ['', ...wrap(details, WIDTH)];
  const isTold = about.length <= room - shown.length;
  return `${[...head, ...(isTold ? about : []), ...options, '', ...shown, ...end].join('\n')}\n`;
}

/** With what it does where there is room for that; a longer one goes on in the next line, as a shell takes it. */
function briefExample(line: string, what: string, style: Style): string[] {
  const [told, ...rest] = wrap(line, WIDTH - INDENT.length - 2);
  if (rest.length > 0)
    return [told!, ...rest].map((part, i) => `${INDENT.repeat(i + 1)}${style('cyan', part)}${i < rest.length ? ' \\' : ''}`);
  const comment = `  # ${what}`;
  return [`${INDENT}${style('cyan', line)}${INDENT.length + line.length + comment.length > WIDTH ? '' : comment}`];
}

function briefOptions(options: OptionSpecs): string[] {
  const named = namesOf(options);
  const width = Math.max(...named.map(({ name }) => name.length)) + 2;
  return named.length === 0 ? [] : ['', ...named.map(({ name, help }) => cut(pad(name, width) + help, WIDTH))];
}

const ALSO = Object.entries(COMMON_OPTIONS)
  .map(([name, { short }]) => (short ? `-${short}` : `--${name}`))
  .join(' ');

function ownOptions({ options, columns }: Command): OptionSpecs {
  return { ...options, ...(columns && COLUMNS_OPTION) };
}

function headOf({ name, usage, summary }: Command, style: Style): string {
  const bold = `leads ${name}`;
  const head = wrap(`${bold}${usage ? ` ${usage}` : ''}: ${summary}`, WIDTH).join('\n');
  return style('bold', bold) + head.slice(bold.length);
}

function helpOf(command: Command, style: Style): string {
  const { details, examples } = command;
  const options = ownOptions(command);
  const takes = Object.keys(options).length > 0 ? `\n${style('bold', 'Options')}\n${optionLines(options)}\n` : '';
  const lines = examples.map(([line, what]) => `  ${style('cyan', line)}\n      ${what}`);
  return `${headOf(command, style)}
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
  const named = namesOf(options);
  const width = Math.min(28, Math.max(...named.map(({ name }) => name.length)) + 2);
  return named
    .map(({ name, help }) => {
      const [first, ...rest] = wrap(help, WIDTH, ' '.repeat(width));
      return [name.length < width ? pad(name, width) + first!.trimStart() : `${name}\n${first}`, ...rest].join('\n');
    })
    .join('\n');
}

function namesOf(options: OptionSpecs): { name: string; help: string }[] {
  return Object.entries(options).map(([name, { short, placeholder, help }]) => ({
    name: `  ${short ? `-${short}, ` : ''}--${name}${placeholder ? ` ${placeholder}` : ''}`,
    help,
  }));
}
