import { createLeadsClient } from '../client.ts';
import type { Hooks, LeadsClient, Logger } from '../types.ts';
import { DEFAULT_PROFILE, type Profile, readProfiles } from './config.ts';
import { CliError, usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { plain } from './text.ts';

/** The profile that is meant. */
export function profileName({ env }: Io, options: Options): string {
  return options.text('profile') ?? (env.LEADS_PROFILE || DEFAULT_PROFILE);
}

/** The address that is given by an option or by the environment. */
export function givenBaseUrl({ env }: Io, options: Options): string | undefined {
  return options.text('base-url') ?? (env.LEADS_BASE_URL || undefined);
}

/** Where to connect and who as: an option is stronger than the environment, and that than the profile. @throws {CliError} where either is missing. */
export function resolveProfile(io: Io, options: Options): Profile {
  const { env } = io;
  const name = profileName(io, options);
  const chosen = options.text('profile') !== undefined;
  const complete = !chosen && env.LEADS_API_KEY && givenBaseUrl(io, options);
  const profile = complete ? undefined : readProfiles(io)[name];
  if (chosen && !profile) throw new CliError(`There is no profile “${name}”.`, `Log in: leads login --profile ${name}`, EXIT.key);
  const apiKey = chosen ? profile!.apiKey : env.LEADS_API_KEY || profile?.apiKey;
  const baseUrl = options.text('base-url') ?? (chosen ? profile!.baseUrl : env.LEADS_BASE_URL || profile?.baseUrl);
  if (!apiKey) throw new CliError('There is no API key.', 'Log in: leads login. Or set LEADS_API_KEY and LEADS_BASE_URL.', EXIT.key);
  if (!baseUrl) throw usageError('There is no address of a server.', 'Give --base-url URL, set LEADS_BASE_URL, or log in: leads login');
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
