import { PAGE_LIMIT_MAX } from '../constants.generated.ts';
import type { CallOptions, LeadsClient } from '../types.ts';
import type { Command } from './command.ts';
import { readProfiles } from './config.ts';
import type { Io } from './io.ts';

/** Who waits for a completion waits for nothing longer. */
const CALL: CallOptions = { timeoutMs: 2_000, maxRetries: 0 };
const NEWEST = { limit: PAGE_LIMIT_MAX };

/** What can stand in the place of a word of the help: profiles, and the newest ids. */
export const VALUES = {
  PROFILE: async (io) => Object.keys(readProfiles(io)),
  LEAD_ID: async (_, client) => idsOf((await client().leads.list(NEWEST, CALL)).leads),
  JOB_ID: async (_, client) => idsOf((await client().jobs.list(NEWEST, CALL)).jobs),
  CAMPAIGN_ID: async (_, client) => idsOf((await client().campaigns.list(NEWEST, CALL)).campaigns),
  BACKUP_ID: async (_, client) => idsOf((await client().backups.list(NEWEST, CALL)).backups),
  KEY_ID: async (_, client) => idsOf((await client().apiKeys.list(NEWEST, CALL)).apiKeys),
} satisfies Readonly<Record<string, (io: Io, client: () => LeadsClient) => Promise<string[]>>>;

/** A word of the help that has values. */
export type ValueName = keyof typeof VALUES;

/** Whether a word of the help has values. */
export function hasValues(word: string | undefined): word is ValueName {
  return word !== undefined && Object.hasOwn(VALUES, word);
}

/** What the first argument of a command is, where that has values. */
export function argumentOf({ usage }: Command): ValueName | undefined {
  const [first] = usage?.match(/\w+/) ?? [];
  return hasValues(first) ? first : undefined;
}

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}
