import type { BlockingCampaign, BulkFilter, BulkPlan, LeadsDeletionPreviewResult } from '../api.generated.ts';
import { LEADS } from './columns.ts';
import type { Context } from './command.ts';
import type { Options } from './options.ts';
import { fieldLines } from './field-lines.ts';
import { Table } from './table.ts';
import { count, counted, plain } from './text.ts';

/** Shows a lead, what would go with it and what stands in the way. */
export function showPreview({ io, style, options }: Context, preview: LeadsDeletionPreviewResult): void {
  const { lead, attached, backups, blockers } = preview;
  const fields = Object.entries(lead).filter(([, value]) => value !== null && JSON.stringify(value) !== '{}');
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
  stderr.write(`\n${style('bold', counted(plan.count, 'lead'))} to ${verb}${about(plan)}.\n`);
  if (plan.blocked === 0 || verb !== 'delete') return;
  stderr.write(blockersText(plan.blockers, style, `${counted(plan.blocked, 'lead')} ${plan.blocked === 1 ? 'is' : 'are'}`));
  if (!force) stderr.write('What is in an active campaign is left as it is; --force deletes it too.\n');
}

/** What share of the workspace it is, and how new: `, 17 % of the 5,000 of the workspace, the newest of 2024-01-15`. */
function about({ count: selected, workspaceTotal, newestCreatedAt }: BulkPlan): string {
  if (newestCreatedAt === null) return '';
  const percent = Math.floor((selected / workspaceTotal) * 100);
  const share =
    selected >= workspaceTotal
      ? 'all that the workspace has'
      : `${percent < 1 ? 'under 1' : percent} % of the ${count(workspaceTotal)} in the workspace`;
  return `, ${share}, the newest of ${newestCreatedAt.slice(0, 10)}`;
}

/** Archiving makes a lead “lost”: who selects by status alone may not mean the archived ones. */
export function sayArchived({ say, style }: Context, { archived, count: selected }: BulkPlan, filter: BulkFilter): void {
  if (archived === 0 || filter.archived !== undefined) return;
  const who = archived === selected ? 'All of them are archived' : `${count(archived)} of them ${archived === 1 ? 'is' : 'are'} archived`;
  say(style('yellow', `${who}: archiving makes a lead “lost”. Without these: --archived false`));
}

function blockersText(blockers: readonly BlockingCampaign[], style: Context['style'], who: string): string {
  if (blockers.length === 0) return '';
  const names = blockers.slice(0, 5).map(({ name }) => `“${plain(name)}”`);
  const more = blockers.length > names.length ? ` and ${blockers.length - names.length} more` : '';
  return `${style('yellow', `${who} in ${blockers.length === 1 ? 'an active campaign' : 'active campaigns'}: ${names.join(', ')}${more}.`)}\n`;
}
