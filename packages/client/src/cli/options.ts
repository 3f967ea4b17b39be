import type { CallOptions } from '../types.ts';
import type { OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';

/** The options that every command takes. */
export const COMMON_OPTIONS: OptionSpecs = {
  profile: { type: 'string', placeholder: 'PROFILE', help: 'the profile that was logged in (LEADS_PROFILE)' },
  'base-url': { type: 'string', placeholder: 'URL', help: 'the address of the server (LEADS_BASE_URL)' },
  timeout: { type: 'string', placeholder: 'SECONDS', help: 'how long one try of a request may take: 60' },
  retries: { type: 'string', placeholder: 'N', help: 'how often a failed request is tried again: 2, in bulk 8' },
  json: { type: 'boolean', help: 'print one JSON document' },
  csv: { type: 'boolean', help: 'print CSV' },
  'no-color': { type: 'boolean', help: 'print without colour (NO_COLOR)' },
  verbose: { type: 'boolean', short: 'v', help: 'say on stderr what is sent, without keys and personal data' },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
};

/** Which fields are printed. */
export const COLUMNS_OPTION: OptionSpecs = {
  columns: { type: 'string', placeholder: 'NAMES', help: 'print only these fields, such as id,email' },
};

/** Where ids come from besides the arguments. */
export const ID_OPTIONS: OptionSpecs = {
  'ids-file': { type: 'string', placeholder: 'FILE', help: 'ids from a file: one a line, or lines of JSON with an id' },
};

/** What the commands on many leads take. */
export const MANY_OPTIONS: OptionSpecs = {
  concurrency: { type: 'string', placeholder: 'N', help: 'how many requests are on their way at once: 4' },
};

/** What says that nothing is to be asked, or to happen: what every command takes that destroys something. */
export const CONFIRM_OPTIONS: OptionSpecs = {
  yes: { type: 'boolean', short: 'y', help: 'do not ask; needed where nobody can answer' },
  'dry-run': { type: 'boolean', help: 'show what would be done, and change nothing' },
};

/** Where a file of leads is written. */
export const BACKUP_DIR_OPTION: OptionSpecs = {
  'backup-dir': { type: 'string', placeholder: 'DIR', help: 'write each lead into a new file in DIR, before it goes' },
};

/** What the commands that delete take. */
export const DELETE_OPTIONS: OptionSpecs = {
  ...BACKUP_DIR_OPTION,
  'no-backup': { type: 'boolean', help: 'keep no backup on the server' },
  erase: { type: 'boolean', help: 'delete the backups of the leads too' },
  force: { type: 'boolean', help: 'delete leads in active campaigns too (scope leads:force)' },
  reason: { type: 'string', placeholder: 'TEXT', help: 'why, for the audit log; no personal data' },
};

/** What brings leads in all the same. */
export const DUPLICATE_OPTION: OptionSpecs = {
  'allow-duplicate-email': { type: 'boolean', help: 'bring a lead in although another one has its e-mail address' },
};

/** What a reason is given with, where nothing is deleted. */
export const REASON_OPTION: OptionSpecs = { reason: DELETE_OPTIONS.reason! };

/** A whole number within bounds. @throws {CliError} where it is none. */
export function wholeNumber(option: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw usageError(`${option} must be a whole number ${bounds}, and is “${text}”.`);
}

/** The options of one call of the command line. */
export class Options {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    return this.#values[name] as string | undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  list(name: string): readonly string[] {
    return (this.#values[name] as string[] | undefined) ?? [];
  }

  /** A whole number of at least `least`. @throws {CliError} where it is none. */
  number(name: string, least: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : wholeNumber(`--${name}`, text, least);
  }

  /** Which fields are printed; null: all. */
  get columns(): readonly string[] | null {
    return (
      this.text('columns')
        ?.split(',')
        .map((name) => name.trim()) ?? null
    );
  }

  /** Why, as the API takes it. */
  get reason(): { reason?: string } {
    const reason = this.text('reason');
    return reason === undefined ? {} : { reason };
  }

  /** Whether two leads may have one address, as the API takes it. */
  get duplicates(): { allowDuplicateEmail?: true } {
    return this.flag('allow-duplicate-email') ? { allowDuplicateEmail: true } : {};
  }

  /** What a command on many leads passes on: not its own patience, where the options say another one. */
  get many(): CallOptions & { concurrency?: number } {
    const concurrency = this.number('concurrency', 1);
    const retries = this.number('retries', 0);
    return { ...(concurrency !== undefined && { concurrency }), ...(retries !== undefined && { maxRetries: retries }) };
  }
}
