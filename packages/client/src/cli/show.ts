import type { BlockingCampaign, BulkPlan, LeadsDeletionPreviewResult } from '../api.generated.ts';
import { LEADS, leadFields } from './columns.ts';
import type { Context } from './command.ts';
import type { Options } from './options.ts';
import { fieldLines } from './field-lines.ts';
import { Table } from './table.ts';
import { count, counted, plain } from './text.ts';

/** Shows a lead, what would go with it and what stands in the way. */
export function showPreview({ io, style, options }: Context, preview: LeadsDeletionPreviewResult): void {
  const { lead, attached, backups, blockers } = preview;
  const fields = leadFields(lead).filter(([, value]) => value !== null && JSON.stringify(value) !== '{}');
  io.stderr.write(fieldLines(fields, style, io.stderr.columns ?? 80));
  const { activities, campaigns } = attached;
  const goes = [
    ...(activities > 0 ? [activities === 1 ? '1 activity' : `${count(activities)} activities`] : []),
    ...(campaigns > 0 ? [`its places in ${counted(campaigns, 'campaign')}`] : []),
    ...(options.flag('erase') && backups > 0 ? [counted(backups, 'backup')] : []),
  ];
  io.stderr.write(`\n${goes.length > 0 ? `With it go ${goes.join(', ')}.` : 'Nothing hangs on it.'} Backup: ${backupsText(options)}.\n`);
  io.stderr.write(blockersText(blockers, style, 'It is'));
}

/** Where a backup is kept. */
export function backupsText(options: Options): string {
  const folder = options.text('backup-dir');
  const kept = [
    ...(folder === undefined ? [] : [`a file in ${folder}`]),
    ...(options.flag('no-backup') || options.flag('erase') ? [] : ['on the server']),
  ];
  return kept.join(' and ') || 'none';
}

/** Shows how many leads a filter selects, some of them, and what stands in the way. */
export function showPlan({ io, style }: Context, plan: BulkPlan, verb: string, force: boolean): void {
  const { stderr } = io;
  const table = new Table(LEADS.shown, stderr.columns ?? 80, style);
  stderr.write(`${table.lines(plan.sample).join('\n')}\n`);
  if (plan.count > plan.sample.length) stderr.write(style('dim', `… and ${counted(plan.count - plan.sample.length, 'newer lead')}.\n`));
  stderr.write(`\n${style('bold', counted(plan.count, 'lead'))} to ${verb}.\n`);
  if (plan.blocked === 0 || verb !== 'delete') return;
  stderr.write(blockersText(plan.blockers, style, `${counted(plan.blocked, 'lead')} ${plan.blocked === 1 ? 'is' : 'are'}`));
  if (!force) stderr.write('What is in an active campaign is left as it is; --force deletes it too.\n');
}

function blockersText(blockers: readonly BlockingCampaign[], style: Context['style'], who: string): string {
  if (blockers.length === 0) return '';
  const names = blockers.slice(0, 5).map(({ name }) => `“${plain(name)}”`);
  const more = blockers.length > names.length ? ` and ${blockers.length - names.length} more` : '';
  return `${style('yellow', `${who} in ${blockers.length === 1 ? 'an active campaign' : 'active campaigns'}: ${names.join(', ')}${more}.`)}\n`;
}
