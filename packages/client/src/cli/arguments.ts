import { parseArgs } from 'node:util';
import type { Command, OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import { nearest } from './nearest.ts';
import { COLUMNS_OPTION, COMMON_OPTIONS, Options } from './options.ts';

/** What was asked for: a command with its options and arguments, or which part of the help. */
export type Invocation =
  | { readonly action: 'run'; readonly command: Command; readonly options: Options; readonly args: readonly string[] }
  | { readonly action: 'help'; readonly topic: string | null; readonly brief: boolean; readonly options: Options }
  | { readonly action: 'version' };

/** Reads the command line. @throws {CliError} that names what was probably meant. */
export function readArguments(argv: readonly string[], commands: readonly Command[]): Invocation {
  const everything = Object.assign({ version: { type: 'boolean' } }, ...commands.map(specsOf)) as OptionSpecs;
  const { tokens } = parseArgs({ args: [...argv], options: typesOf(everything), strict: false, allowPositionals: true, tokens: true });
  const words = tokens.filter((token) => token.kind === 'positional');
  const unknown = tokens.find((token) => token.kind === 'option' && !(token.name in everything));
  if (words.length === 0) {
    if (argv.includes('--version')) return { action: 'version' };
    const { options } = parse(argv, COMMON_OPTIONS, 'leads help');
    return { action: 'help', topic: null, brief: false, options };
  }
  const [first, second] = words;
  if (first!.value === 'help')
    return {
      action: 'help',
      topic:
        words
          .slice(1)
          .map(({ value }) => value)
          .join(' ') || null,
      brief: false,
      options: new Options({}),
    };
  const two = second && commands.find(({ name }) => name === `${first!.value} ${second.value}`);
  const command = two ?? commands.find(({ name }) => name === first!.value);
  if (!command) {
    const family = commands.filter(({ name }) => name.startsWith(`${first!.value} `));
    const asksForHelp = argv.includes('--help') || argv.includes('-h');
    if (family.length > 0 && (asksForHelp || !second))
      return { action: 'help', topic: first!.value, brief: true, options: new Options({}) };
    // The word behind it may be its value.
    if (unknown?.kind === 'option' && unknown.index < first!.index) throw unknownOption(unknown.rawName, everything, 'leads help');
    throw unknownCommand(family.length > 0 ? `${first!.value} ${second!.value}` : first!.value, commands);
  }
  const named = two ? [first!.index, second.index] : [first!.index];
  const rest = argv.filter((_, index) => !named.includes(index));
  const { options, args } = parse(rest, specsOf(command), `leads ${command.name} --help`);
  if (options.flag('help')) return { action: 'help', topic: command.name, brief: true, options };
  requireColumns(options, command);
  if (args.length > (command.maxArguments ?? 0))
    throw usageError(`Unexpected: ${args.slice(command.maxArguments ?? 0).join(' ')}.`, `See: leads ${command.name} --help`);
  return { action: 'run', command, options, args };
}

/** Every option that a command takes. */
export function specsOf({ options, columns }: Command): OptionSpecs {
  return { ...options, ...(columns && COLUMNS_OPTION), ...COMMON_OPTIONS };
}

/** There is no such command. */
export function unknownCommand(given: string, commands: readonly Command[]) {
  const names = commands.flatMap(({ name }) => [name, name.split(' ')[0]!]);
  const synonym = commands.find(({ synonyms }) => synonyms?.includes(given));
  const meant = synonym?.name ?? nearest(given, [...new Set(names)]);
  return usageError(`There is no command “${given}”.`, meant ? `Did you mean: leads ${meant}` : 'See which there are: leads help');
}

function parse(argv: readonly string[], specs: OptionSpecs, help: string): { options: Options; args: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: typesOf(specs), allowPositionals: true });
    return { options: new Options(values), args: positionals };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const given = /'(-[^' ,]+)/.exec(message)?.[1] ?? '';
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw usageError(message.split(/[.\n]/)[0]!.replace(/^Option '?([^']*)'? /, '$1: ') + '.', `See: ${help}`);
    throw unknownOption(given, specs, help);
  }
}

function unknownOption(given: string, specs: OptionSpecs, help: string) {
  const meant = nearest(given.replace(/^-+/, '').replace(/=.*/s, ''), Object.keys(specs));
  return usageError(`There is no option ${given.replace(/=.*/s, '')}.`, meant ? `Did you mean: --${meant}` : `See: ${help}`);
}

/** Before anything is done: what cannot be printed afterwards would be lost. */
function requireColumns(options: Options, { columns }: Command): void {
  for (const name of options.columns ?? []) {
    if (columns!.fields.includes(name)) continue;
    const meant = nearest(name, columns!.fields);
    throw usageError(
      `There is no column “${name}”.`,
      meant ? `Did you mean: --columns ${meant}` : `There are ${columns!.fields.join(', ')}.`,
    );
  }
}

function typesOf(specs: OptionSpecs) {
  const types = Object.entries(specs).map(([name, { type, short, multiple = false }]) => [
    name,
    { type, multiple, ...(short && { short }) },
  ]);
  return Object.fromEntries(types) as Record<string, { type: 'string' | 'boolean'; multiple: boolean; short?: string }>;
}
