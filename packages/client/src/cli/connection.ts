import { createLeadsClient } from '../client.ts';
import { keyProblem } from '../key.ts';
import type { Hooks, LeadsClient, Logger } from '../types.ts';
import { DEFAULT_PROFILE, type Profile, readProfiles } from './config.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { plain } from './text.ts';

/** Where a server of one's own listens unless it is told otherwise. */
export const LOCAL_URL = 'http://127.0.0.1:3000';

/** The profile that is meant. */
export function profileName({ env }: Io, options: Options): string {
  return options.text('profile') ?? (env.LEADS_PROFILE || DEFAULT_PROFILE);
}

/** The address that is given by an option or by the environment. */
export function givenBaseUrl({ env }: Io, options: Options): string | undefined {
  return options.text('base-url') ?? (env.LEADS_BASE_URL || undefined);
}

/** Where the server is, as `resolveProfile` finds it, for what needs no key. @throws {CliError} where the profiles cannot be read. */
export function addressOf(io: Io, options: Options): string {
  return baseUrlOf(io, options, readProfiles(io)[profileName(io, options)]);
}

function baseUrlOf({ env }: Io, options: Options, profile: Profile | undefined): string {
  const given = options.text('profile') === undefined && env.LEADS_BASE_URL;
  return options.text('base-url') ?? (given || profile?.baseUrl || LOCAL_URL);
}

/**
 * Where to connect and who as: an option is stronger than the environment, and that than the profile; without any address it is that
 * of a server on this machine. @throws {CliError} where there is no key, or what stands for it is none.
 */
export function resolveProfile(io: Io, options: Options): Profile {
  const { env } = io;
  const name = profileName(io, options);
  const chosen = options.text('profile') !== undefined;
  const complete = !chosen && env.LEADS_API_KEY && givenBaseUrl(io, options);
  const profile = complete ? undefined : readProfiles(io)[name];
  if (chosen && !profile) throw new CliError(`There is no profile “${name}”.`, `Log in: leads login --profile ${name}`, EXIT.key);
  const given = chosen ? undefined : env.LEADS_API_KEY?.trim();
  const apiKey = given || profile?.apiKey;
  const baseUrl = baseUrlOf(io, options, profile);
  if (!apiKey) throw new CliError('There is no API key.', 'Log in: leads login. Or set LEADS_API_KEY and LEADS_BASE_URL.', EXIT.key);
  const problem = keyProblem(apiKey);
  if (problem !== null)
    throw new CliError(
      `${given ? 'What LEADS_API_KEY holds' : `The key of the profile “${name}”`} is no API key: ${problem}.`,
      'A key is one word. Set it again, or log in: leads login',
      EXIT.key,
    );
  return { apiKey, baseUrl };
}

/** Makes the client as the options say. */
export function connect(io: Io, options: Options, profile: Profile, hooks: Hooks): LeadsClient {
  const seconds = options.number('timeout', 1);
  const retries = options.number('retries', 0);
  return createLeadsClient({
    ...profile,
    hooks,
    ...(seconds !== undefined && { timeoutMs: seconds * 1000 }),
    ...(retries !== undefined && { maxRetries: retries }),
    ...(options.flag('verbose') && { logger: loggerTo(io) }),
  });
}

function loggerTo({ stderr }: Io): Logger {
  const write = (level: string) => (message: string, fields: Readonly<Record<string, unknown>>) => {
    stderr.write(`${level} ${message} ${plain(JSON.stringify(fields))}\n`);
  };
  return { debug: write('debug'), warn: write('warn') };
}
