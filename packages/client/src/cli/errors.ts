import type { ErrorCode } from '../api.generated.ts';
import { LeadsAbortedError, LeadsApiError, LeadsConnectionError, LeadsTimeoutError } from '../errors.ts';
import { TOKEN_LIFETIME_SECONDS } from '../constants.generated.ts';
import { LeadsInterruptedError } from '../leads/many.ts';
import type { OptionSpecs } from './command.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { optionOf } from './option-name.ts';

/** A failure that the command line knows: what went wrong, what to do next, and how it ends. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly next: string | null;

  constructor(message: string, next: string | null, exitCode: ExitCode = EXIT.failure) {
    super(message);
    this.next = next;
    this.exitCode = exitCode;
  }
}

/** The command is not written right. */
export function usageError(message: string, next: string | null = null): CliError {
  return new CliError(message, next, EXIT.usage);
}

/** What is told of a failure. */
export interface Explanation {
  readonly message: string;
  readonly next: string | null;
  readonly exitCode: ExitCode;
}

const NEXT: Partial<Record<ErrorCode, string>> = {
  INVALID_API_KEY: 'It is unknown, expired or revoked. Log in with another one: leads login',
  MISSING_AUTH_HEADER: 'Log in: leads login',
  MALFORMED_AUTH_HEADER: 'Log in with a key as it was shown, sk-workspace_…: leads login',
  LEAD_NOT_FOUND: 'It is deleted, or in another workspace. See who you are: leads keys check',
  BACKUP_NOT_FOUND: 'It is expired or was erased. A file of yours brings leads back: leads restore --from FILE',
  JOB_NOT_FOUND: 'See which there are: leads jobs list',
  JOB_FINISHED: 'There is nothing left to cancel. See what it did: leads jobs get ID',
  LEAD_IN_USE: 'Pause the campaign, or delete the lead all the same with --force (needs the scope leads:force).',
  LEAD_EXISTS: 'Nothing was restored. To have it as it was in the backup, delete it first.',
  EMAIL_EXISTS: 'It may be the same person. To have both, give --allow-duplicate-email.',
  CONFIRMATION_STALE: 'It keeps changing. Nothing was deleted; run the command again.',
  PRECONDITION_FAILED: 'It changed meanwhile. Nothing was done; run the command again.',
  PLAN_DRIFTED: 'The leads keep changing. Nothing was done; run the command again, or narrow the filter.',
  PLAN_TOKEN_INVALID: `A plan is valid for ${TOKEN_LIFETIME_SECONDS / 60} minutes. Nothing was done; run the command again.`,
  RATE_LIMIT_EXCEEDED: 'Run the command again then; bulk commands wait by themselves.',
  ROUTE_NOT_FOUND: 'Is this the address of the API? See: leads keys check',
};

/** What went wrong, what to do next, and the class that it belongs to; fields by the names of the `options` that they were given with. */
export function explain(error: unknown, options: OptionSpecs = {}): Explanation {
  if (error instanceof LeadsInterruptedError) return explain(error.cause, options);
  if (error instanceof CliError) return error;
  if (error instanceof LeadsApiError) return explainApi(error, options);
  if (error instanceof LeadsAbortedError) return { message: 'Interrupted.', next: null, exitCode: EXIT.interrupted };
  if (error instanceof LeadsTimeoutError)
    return {
      message: `${error.message}.`,
      next: 'Run the command again, or wait longer with --timeout SECONDS.',
      exitCode: EXIT.connection,
    };
  if (error instanceof LeadsConnectionError) {
    const why = error.status === null ? rootCause(error) : null;
    return {
      message: `${error.message}${why === null ? '' : ` (${why})`}.`,
      next: 'Check the address and the network: leads keys check',
      exitCode: EXIT.connection,
    };
  }
  const { code, message, path } = error as NodeJS.ErrnoException;
  const trouble = FILE_TROUBLE[code ?? ''];
  if (trouble !== undefined)
    return { message: `${path === undefined ? 'A file' : `“${path}”`} ${trouble}.`, next: null, exitCode: EXIT.failure };
  if (error instanceof TypeError && !code) return { message, next: null, exitCode: EXIT.usage };
  return { message: message || String(error), next: null, exitCode: EXIT.failure };
}

/** What the system says of a file, as the rest of a sentence. */
const FILE_TROUBLE: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder',
  ENOTDIR: 'is not below a folder',
  EEXIST: 'is there already, and is no folder',
  EACCES: 'may not be read or written by you',
  EPERM: 'may not be read or written by you',
  EROFS: 'is on a disk that cannot be written',
  ENOSPC: 'does not fit: the disk is full',
  ENAMETOOLONG: 'has too long a name',
  EMFILE: 'cannot be opened: too many files are open',
};

function explainApi(error: LeadsApiError, options: OptionSpecs): Explanation {
  const { code, status, requestId } = error;
  const request = requestId ? ` (${code}, request ${requestId})` : ` (${code})`;
  if (error.code === 'VALIDATION_ERROR' && error.details?.issues) {
    const issues = error.details.issues.map(({ location, message }) => `${nameOf(location, options)}: ${message}`);
    return { message: `${issues.join('; ')}${request}`, next: nextOf(error), exitCode: exitCodeOf(status) };
  }
  return { message: `${error.message}${detailsOf(error)}${request}`, next: nextOf(error), exitCode: exitCodeOf(status) };
}

/** The option of a field of the API, where there is one: `--created-after` of `query.createdAfter`. */
function nameOf(location: string, options: OptionSpecs): string {
  const [, field = ''] = /^(?:query|body(?:\.filter)?)\.(\w+)/.exec(location) ?? [];
  return optionOf(field) in options ? `--${optionOf(field)}` : location.replace(/^path\./, '');
}

function detailsOf(error: LeadsApiError): string {
  if (error.code === 'LEAD_IN_USE') return `: ${error.details.campaigns.map(({ name }) => `“${name}”`).join(', ')}`;
  if (error.code === 'EMAIL_EXISTS') return `: ${error.details.existingLeadId}`;
  if (error.code === 'LEAD_NOT_FOUND') return `: ${error.details.leadId}`;
  return '';
}

function nextOf(error: LeadsApiError): string | null {
  if (error.code === 'INSUFFICIENT_SCOPE')
    return `The key needs ${error.details.requiredScopes.join(', ')} and has ${error.details.grantedScopes.join(', ')}. Use another key: leads login`;
  if (error.code === 'RATE_LIMIT_EXCEEDED')
    return `All ${error.details.limit} requests of the hour are used; the next one is free in ${error.details.retryAfter} s. ${NEXT.RATE_LIMIT_EXCEEDED}`;
  if (error.status >= 500) return 'Run the command again. If it stays, report the request id to whoever runs the server.';
  return NEXT[error.code] ?? null;
}

function rootCause(error: Error): string | null {
  const { cause } = error;
  if (!(cause instanceof Error)) return null;
  return rootCause(cause) ?? (cause as NodeJS.ErrnoException).code ?? cause.message;
}
