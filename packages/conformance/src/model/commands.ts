import type { ChangingId } from '../contract-types.ts';
import { ACTIVITY_COMMANDS } from './activity-commands.ts';
import { BACKUP_COMMANDS } from './backup-commands.ts';
import { CAMPAIGN_COMMANDS } from './campaign-commands.ts';
import type { Commands } from './command.ts';
import { ERASURE_COMMANDS } from './erasure-commands.ts';
import { KEY_COMMANDS } from './key-commands.ts';
import { LEAD_COMMANDS } from './lead-commands.ts';

/** A command for each operation that changes something. */
export const COMMANDS: Commands<ChangingId> = {
  ...LEAD_COMMANDS,
  ...ACTIVITY_COMMANDS,
  ...CAMPAIGN_COMMANDS,
  ...BACKUP_COMMANDS,
  ...KEY_COMMANDS,
  ...ERASURE_COMMANDS,
};
