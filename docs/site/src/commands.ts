import type { Command } from '../../../packages/client/src/cli/command.ts';
import { COMMANDS } from '../../../packages/client/src/cli/commands.ts';

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
