import { spawn } from 'node:child_process';
import { ROUTES } from '../../api.generated.ts';
import type { Command, Context } from '../command.ts';
import { addressOf } from '../connection.ts';
import { CliError, usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { nearest } from '../nearest.ts';

/** `leads open`, for the commands that there are. */
export function open(commands: () => readonly Command[]): Command {
  return {
    name: 'open',
    summary: 'open the reference: of an operation, an error code or a command',
    usage: '[OPERATION|CODE|COMMAND]',
    maxArguments: 2,
    details:
      'Prints the address, too; where there is no browser, only that. The server says where its reference is. Of one that names none, such as the mock, it is its own page.',
    examples: [
      ['leads open leads.delete', 'the page of an operation'],
      ['leads open CONFIRMATION_STALE', 'what an error means, and what to do'],
      ['leads open jobs watch', 'a command'],
    ],
    async run(context) {
      const { output, io, args } = context;
      const topic = args.join(' ');
      const path = pathOf(topic, commands());
      const { referenceUrl } = await read<{ referenceUrl: string | null }>(context, '/docs/settings.json');
      const address = referenceUrl === null ? await ownPage(context, topic, path) : referenceUrl + path;
      await output.write(`${address}\n`);
      await output.end();
      if (io.stdout.isTTY) openInBrowser(address, io);
      return EXIT.ok;
    },
  };
}

/** @throws {CliError} where it is the name of nothing. */
function pathOf(topic: string, commands: readonly Command[]): string {
  if (topic === '') return '/';
  if (topic in ROUTES) return `/reference/${topic}/`;
  if (/^[A-Z][A-Z_]+$/.test(topic)) return `/errors/${topic}/`;
  if (commands.some(({ name }) => name === topic)) return `/commands/#${topic.replaceAll(' ', '-')}`;
  const meant = nearest(topic, [...Object.keys(ROUTES), ...commands.map(({ name }) => name)]);
  throw usageError(
    `There is no operation, error code or command “${topic}”.`,
    meant ? `Did you mean: leads open ${meant}` : 'See which there are: leads open',
  );
}

/** The server's document, as far as it is needed here. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string; readonly tags: readonly [string] }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Of an error: its code, its text for people, and as its description what to do. */
interface Schema {
  readonly description?: string;
  readonly properties?: { readonly code?: { readonly const?: string }; readonly error?: { readonly examples?: readonly string[] } };
}

/** The page of a server without a published reference, at the operation; what else was asked for is told. */
async function ownPage(context: Context, topic: string, path: string): Promise<string> {
  const { say } = context;
  const page = `${serverOf(context)}/docs/`;
  say('The server names no published reference (REFERENCE_URL): this is its own page.');
  if (path.startsWith('/commands/')) say(`About the command: leads help ${topic}`);
  if (!path.startsWith('/reference/') && !path.startsWith('/errors/')) return page;
  const { paths, components } = await read<Document>(context, '/openapi.json');
  const error = Object.values(components.schemas).find(({ properties }) => properties?.code?.const === topic);
  if (error) say(`${topic}: ${error.properties!.error!.examples![0]}. ${error.description}`);
  const operation = Object.values(paths)
    .flatMap((operations) => Object.values(operations))
    .find(({ operationId }) => operationId === topic);
  return operation ? `${page}#/${encodeURIComponent(operation.tags[0])}/${topic}` : page;
}

/** @throws {CliError} where the server does not answer. */
async function read<Value>(context: Context, path: string): Promise<Value> {
  const url = serverOf(context) + path;
  try {
    const response = await fetch(url, { signal: context.io.interruption.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()) as Value;
  } catch (error) {
    if (context.io.interruption.signal.aborted) throw error;
    throw new CliError(`No answer from ${url}, which says where the reference is.`, 'Check the address: leads keys check', EXIT.connection);
  }
}

function serverOf({ io, options }: Context): string {
  return addressOf(io, options)
    .replace(/\/+$/, '')
    .replace(/\/api\/v1$/, '');
}

/** Where there is none, nothing happens: the address is printed. */
function openInBrowser(address: string, { env }: Io): void {
  const desktop = env.DISPLAY || env.WAYLAND_DISPLAY || env.BROWSER;
  const openers: Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>> = {
    darwin: ['open'],
    // Not `start`, which would read the address as a line of a shell.
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
    ...(desktop && { linux: ['xdg-open'] }),
  };
  const [program, ...args] = openers[process.platform] ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
