import description from '../../commands.json' with { type: 'json' };

// Said again: with a type of the client, each change of the client would be one of the site.

/** An option of a command, as its help shows it. */
interface Option {
  readonly short?: string;
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly help: string;
}

/** Options by name. */
export type Options = Readonly<Record<string, Option>>;

/** A command of `leads`, as its help shows it. */
export interface Command {
  readonly name: string;
  readonly usage?: string;
  readonly summary: string;
  readonly details?: string;
  readonly options?: Options;
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
}

/** Every command, the options that each takes, and what an exit code means. */
export const {
  commands: COMMANDS,
  commonOptions: COMMON_OPTIONS,
  exitCodes: EXIT_CODES,
} = description as unknown as {
  readonly commands: readonly Command[];
  readonly commonOptions: Options;
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
};

// The commands whose names do not follow from those of the operations.
const NAMED_OTHERWISE: Readonly<Record<string, string>> = {
  'auditLog.list': 'audit',
  'backups.create': 'backup',
  'backups.bulkRestore': 'restore',
  'backups.restore': 'restore',
  'campaigns.listLeads': 'campaigns leads',
  'deletions.get': 'receipt',
  'erasures.create': 'erase',
  'erasures.liftSuppression': 'erasures lift',
  'jobs.listOutcomes': 'jobs outcomes',
};
const FAMILIES: Readonly<Record<string, string>> = { leads: '', apiKeys: 'keys ' };

/** The command that does what an operation does; undefined where there is none. `leads.bulkDelete` is `bulk-delete`, `jobs.get` is `jobs get`. */
export function commandOf(operationId: string): Command | undefined {
  const [resource, operation] = operationId.split('.').map((part) => part.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  const family = FAMILIES[operationId.split('.')[0]!] ?? `${resource} `;
  const called = NAMED_OTHERWISE[operationId] ?? family + operation;
  return COMMANDS.find(({ name }) => name === called);
}
