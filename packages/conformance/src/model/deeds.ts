import type { Backup, LeadRecord } from '@leads/contract';
import { demand, demandEqual } from '../mismatch.ts';
import type { World } from './world.ts';

/** With what each text of an activity begins that is written here. */
export const SAID = 'Said: ';

/** A backup that was just made: what only the server knows of it. */
export async function readBackup(world: World, backupId: string): Promise<Backup> {
  const { backup } = await world.done('backups.get', { params: { backupId } });
  demand(backup.expiresAt > backup.createdAt, 'a backup expires before it is made');
  return backup;
}

/** What archiving makes of a lead; one that is archived already stays as it is. */
export async function archived(world: World, leadId: string, reason: string | null): Promise<void> {
  const { lead } = world.leads.get(leadId)!;
  world.touched.add(leadId);
  if (lead.metadata['archived'] === true) return;
  const found = ((await world.done('leads.exportOne', { params: { leadId } })) as LeadRecord).lead;
  const at = found.metadata['archived_at'];
  demand(typeof at === 'string' && at >= lead.createdAt && at <= found.updatedAt, `archived_at is ${String(at)}`);
  demand(found.updatedAt >= lead.updatedAt, 'updatedAt went back');
  const metadata = { ...lead.metadata, archived: true, archived_at: at, archived_reason: reason };
  world.change(leadId, { lead: { ...lead, status: 'lost', metadata, updatedAt: found.updatedAt }, statusBeforeArchive: lead.status });
}

/** What unarchiving makes of a lead; one that is not archived stays as it is. */
export function unarchived(world: World, leadId: string, updatedAt: string): void {
  const { lead, statusBeforeArchive } = world.leads.get(leadId)!;
  world.touched.add(leadId);
  if (lead.metadata['archived'] !== true) return;
  demand(updatedAt >= lead.updatedAt, 'updatedAt went back');
  const { archived: _, archived_at: __, archived_reason: ___, ...metadata } = lead.metadata;
  const status = lead.status === 'lost' ? (statusBeforeArchive ?? lead.status) : lead.status;
  world.change(leadId, { lead: { ...lead, status, metadata, updatedAt }, statusBeforeArchive: null });
}

/** What an anonymization leaves of a lead. */
export async function anonymized(world: World, leadId: string, kept: readonly string[]): Promise<void> {
  const { lead, activities } = world.leads.get(leadId)!;
  const found = (await world.done('leads.exportOne', { params: { leadId } })) as LeadRecord;
  const { name, email } = found.lead;
  const isNew = !world.anonymous.has(leadId);
  demand(!isNew || (name !== lead.name && email !== lead.email), 'name or e-mail address are still there');
  demand(!found.activities.some(({ text }) => text.startsWith(SAID)), 'the text of an activity is still there');
  world.anonymous.add(leadId);
  for (const id of world.backupsOf(leadId)) world.backups.delete(id);
  const stays = ([key, value]: [string, unknown]) => kept.includes(key) || (key === 'archived' && value === true) || key === 'archived_at';
  const metadata = Object.fromEntries(Object.entries(lead.metadata).filter(stays));
  const textOf = (id: string) => found.activities.find((activity) => activity.id === id)?.text ?? '';
  world.change(leadId, {
    lead: { ...lead, name, email, phone: null, metadata },
    activities: activities.map((activity) => ({ ...activity, text: textOf(activity.id), metadata: {} })),
  });
}

/** What was left of a lead that is deleted already is erased: its backups. */
export function leftoversErased(world: World, leadId: string): void {
  for (const id of world.backupsOf(leadId)) world.backups.delete(id);
  world.gone.delete(leadId);
  world.receipts.set(leadId, { ...world.receipts.get(leadId)!, erased: true });
  world.touched.add(leadId);
}

/** A deletion took away a campaign. */
export function campaignGone(world: World, campaignId: string): void {
  world.campaigns.delete(campaignId);
  for (const [leadId, record] of world.leads) {
    const campaigns = record.campaigns.filter(({ id }) => id !== campaignId);
    if (campaigns.length < record.campaigns.length) world.change(leadId, { campaigns });
  }
}

/** A record as it comes back: without the campaigns that are gone, which are named. */
export function withoutLost(world: World, record: LeadRecord, missing: readonly string[] = []): LeadRecord {
  const lost = record.campaigns.map(({ id }) => id).filter((id) => !world.campaigns.has(id));
  demandEqual(missing.toSorted(), lost.toSorted(), 'the missing campaigns');
  return { ...record, campaigns: record.campaigns.filter(({ id }) => !lost.includes(id)) };
}
