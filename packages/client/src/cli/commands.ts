import type { Command } from './command.ts';
import { activities } from './commands/activities.ts';
import { anonymize } from './commands/anonymize.ts';
import { archive } from './commands/archive.ts';
import { audit } from './commands/audit.ts';
import { backup } from './commands/backup.ts';
import { backups } from './commands/backups.ts';
import { bulkAnonymize } from './commands/bulk-anonymize.ts';
import { bulkArchive } from './commands/bulk-archive.ts';
import { bulkDelete } from './commands/bulk-delete.ts';
import { campaigns } from './commands/campaigns.ts';
import { completion } from './commands/completion.ts';
import { create } from './commands/create.ts';
import { deleteLeads } from './commands/delete.ts';
import { erase } from './commands/erase.ts';
import { erasures } from './commands/erasures.ts';
import { exportLeads } from './commands/export.ts';
import { get } from './commands/get.ts';
import { importLeads } from './commands/import.ts';
import { jobs } from './commands/jobs.ts';
import { keys } from './commands/keys.ts';
import { keysCheck } from './commands/keys-check.ts';
import { list } from './commands/list.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { open } from './commands/open.ts';
import { receipt } from './commands/receipt.ts';
import { restore } from './commands/restore.ts';
import { stats } from './commands/stats.ts';
import { unarchive } from './commands/unarchive.ts';
import { update } from './commands/update.ts';

/** Every command, in the order of the help; help, completion and dispatch derive from it. */
export const COMMANDS: readonly Command[] = [
  login,
  logout,
  keysCheck,
  list,
  stats,
  get,
  create,
  update,
  deleteLeads,
  archive,
  unarchive,
  anonymize,
  erase,
  bulkDelete,
  bulkArchive,
  bulkAnonymize,
  backup,
  restore,
  exportLeads,
  importLeads,
  ...backups,
  ...activities,
  ...campaigns,
  ...jobs,
  receipt,
  ...erasures,
  audit,
  ...keys,
  open(() => COMMANDS),
  completion(() => COMMANDS),
];
