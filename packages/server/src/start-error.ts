import { ConfigError } from './config.ts';
import { isDatabaseUnavailable } from './db/unavailable.ts';

/** What keeps the server from starting and whoever starts it can change; the message says it in a line. */
export class StartError extends Error {}

/** SQLSTATEs of a role, a password, a database or rights that are missing. */
const DENIED_SQLSTATE = /^(28|3D000|42501)/;
/** SQLSTATE of a lock that was waited for in vain: nothing waits for one at a start but what changes tables. */
const LOCKED_SQLSTATE = '55P03';
/** What helps where there is no encrypted connection, by how OpenSSL, Node, the driver and PostgreSQL say it. */
const ENCRYPTION: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/does not support SSL/, 'Turn it on in PostgreSQL (ssl = on), or leave out sslmode.'],
  [/no encryption/, 'PostgreSQL wants an encrypted connection: add sslmode=verify-full.'],
  [/altnames/, 'With sslmode=verify-full the host must be the one that the certificate names; sslmode=verify-ca asks only who signed it.'],
  [
    /CERT|ISSUER|certificate/i,
    'With sslmode=verify-full or verify-ca, sslrootcert=<file> must have the certificate of the authority that signed the one of PostgreSQL.',
  ],
  [/SSL|TLS/, 'Check sslmode in DATABASE_URL.'],
];

/** What a person is told of an error that ended a program of the server: a line where it can be helped, else all that is known. */
export function explainStart(error: unknown): string {
  if (error instanceof ConfigError) return `The settings are wrong:\n${error.message.replace(/^/gm, '  ')}`;
  if (error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code = '' } = error as NodeJS.ErrnoException;
  // A name with several addresses fails with an error for each.
  const said = error instanceof AggregateError ? error.errors.map(({ message }: Error) => message).join(', ') : error.message;
  if (code === LOCKED_SQLSTATE)
    return `The database cannot be brought up to date: a table that has to change is in use (${said}). Nothing was changed. Start again once whoever uses it is done: pg_stat_activity names them.`;
  const remedy = ENCRYPTION.find(([pattern]) => pattern.test(`${code} ${said}`))?.[1];
  if (remedy !== undefined || isDatabaseUnavailable(error) || DENIED_SQLSTATE.test(code))
    return `The database cannot be used: ${said.replace(/\.$/, '')}. ${remedy ?? 'Check DATABASE_URL.'}`;
  return error.stack ?? said;
}
