import { ConfigError } from './config.ts';
import { isDatabaseUnavailable } from './db/unavailable.ts';

/** What keeps the server from starting and whoever starts it can change; the message says it in a line. */
export class StartError extends Error {}

/** SQLSTATEs of a role, a password, a database or rights that are missing. */
const DENIED_SQLSTATE = /^(28|3D000|42501)/;
/** How OpenSSL, Node and the driver say that there is no encrypted connection. */
const NOT_ENCRYPTED = /CERT|SSL|TLS|certificate/;

/** What a person is told of an error that ended a program of the server: a line where it can be helped, else all that is known. */
export function explainStart(error: unknown): string {
  if (error instanceof ConfigError) return `The settings are wrong:\n${error.message.replace(/^/gm, '  ')}`;
  if (error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code = '' } = error as NodeJS.ErrnoException;
  // A name with several addresses fails with an error for each.
  const said = error instanceof AggregateError ? error.errors.map(({ message }: Error) => message).join(', ') : error.message;
  if (isDatabaseUnavailable(error) || DENIED_SQLSTATE.test(code) || NOT_ENCRYPTED.test(`${code} ${said}`))
    return `The database cannot be used: ${said}. Check DATABASE_URL.`;
  return error.stack ?? said;
}
