import { randomUUID } from 'node:crypto';
import type { Activity, ApiKey, Backup, Campaign, DeletionReceiptSchema, LeadRecord, OperationId } from '@leads/contract';
import type * as z from 'zod';
import type { Call } from '../calls.ts';
import type { Caller } from '../caller.ts';
import type { Answer } from '../exchange.ts';
import { demand } from '../mismatch.ts';
import { newSource } from '../valid-calls.ts';

/** What a receipt says, without what only the server can know. */
export type Receipt = Omit<z.infer<typeof DeletionReceiptSchema>, 'auditEntryId' | 'auditHash' | 'restoredAt' | 'erasedAt'> & {
  restored: boolean;
  erased: boolean;
};

/** A key that was made here. */
export interface KnownKey {
  /** As it is listed, but for its last use. */
  readonly item: Pick<ApiKey, 'id' | 'name' | 'hint' | 'scopes' | 'createdAt' | 'expiresAt' | 'revokedAt' | 'workspaceId'>;
  /** It was revoked, or rotated without an overlap. */
  readonly hasEnded: boolean;
}

/** What a workspace must hold after all that was done: those things alone that were made here. */
export class World {
  readonly caller: Caller;
  readonly key: { readonly id: string; readonly key: string };
  /** Each lead has one of them, so that nobody else's is among those that are looked at. */
  readonly sources: readonly string[] = [newSource(), newSource()];
  readonly leads = new Map<string, LeadRecord>();
  readonly receipts = new Map<string, Receipt>();
  /** The last that was known of leads that are gone, but can come back. */
  readonly gone = new Map<string, LeadRecord>();
  readonly campaigns = new Map<string, Campaign>();
  readonly backups = new Map<string, { readonly backup: Backup; readonly content: LeadRecord }>();
  readonly keys = new Map<string, KnownKey>();
  /** Whether each erasure still keeps its person away. */
  readonly erasures = new Map<string, boolean>();
  readonly jobs = new Map<string, Readonly<Record<string, unknown>>>();
  /** The leads whose person is gone. */
  readonly anonymous = new Set<string>();
  /** The leads that the last step was about. */
  readonly touched = new Set<string>();
  readonly etags = new Map<string, { readonly lead: LeadRecord['lead']; readonly etag: string | undefined }>();

  constructor(caller: Caller, key: { readonly id: string; readonly key: string }) {
    this.caller = caller;
    this.key = key;
  }

  /** Calls an operation with the key of this world. */
  call(operation: OperationId, call: Call = {}): Promise<Answer> {
    return this.caller.call(operation, { ...call, headers: { authorization: `Bearer ${this.key.key}`, ...call.headers } });
  }

  /** Calls an operation that must succeed, and answers its data. */
  async done(operation: OperationId, call: Call = {}): Promise<Answer['body']> {
    const { status, text, body } = await this.call(operation, call);
    demand(status < 300, `${operation} is refused: ${text.slice(0, 300)}`);
    return body.data;
  }

  /** One of all leads that there ever were, by its number; undefined where there were none. */
  pickLead(n: number): string | undefined {
    return pick([...this.leads.keys(), ...this.receipts.keys()], n);
  }

  /** Different leads, by their numbers. */
  pickLeads(numbers: readonly number[]): string[] {
    const ids = new Set(numbers.map((n) => this.pickLead(n)).filter((id) => id !== undefined));
    return [...ids];
  }

  source(n: number): string {
    return this.sources[n % this.sources.length]!;
  }

  /** An e-mail address that no other lead has. */
  email(): string {
    return `${randomUUID()}@Example.com`;
  }

  /** Whether a lead is in an active campaign. */
  isHeld({ campaigns }: LeadRecord): boolean {
    return this.holding(campaigns.map(({ id }) => id)).length > 0;
  }

  /** Those of some campaigns that hold up a deletion. */
  holding(ids: readonly string[]): { id: string; name: string }[] {
    const active = [...new Set(ids)].map((id) => this.campaigns.get(id)).filter((campaign) => campaign?.status === 'active');
    return active.map((campaign) => ({ id: campaign!.id, name: campaign!.name })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  backupsOf(leadId: string): string[] {
    return [...this.backups.values()].filter(({ backup }) => backup.leadId === leadId).map(({ backup }) => backup.id);
  }

  /** Changes what is known of a lead. */
  change(leadId: string, change: Partial<LeadRecord>): void {
    this.leads.set(leadId, { ...this.leads.get(leadId)!, ...change });
    this.touched.add(leadId);
  }

  /** A lead is there, or there again. */
  add(record: LeadRecord): void {
    const { id } = record.lead;
    this.leads.set(id, record);
    this.gone.delete(id);
    const receipt = this.receipts.get(id);
    if (receipt) this.receipts.set(id, { ...receipt, restored: true });
    this.touched.add(id);
  }

  /** A lead was deleted: what hung on it went with it. */
  remove(
    leadId: string,
    said: Pick<Receipt, 'deletedAt' | 'requestId' | 'jobId' | 'reason' | 'backupId'>,
    { erase, attached }: { erase: boolean; attached?: Backup },
  ): void {
    const record = this.leads.get(leadId)!;
    const backups = erase ? this.backupsOf(leadId) : [];
    for (const id of backups) this.backups.delete(id);
    if (attached) this.backups.set(attached.id, { backup: attached, content: record });
    this.receipts.set(leadId, {
      ...said,
      leadId,
      keyId: this.key.id,
      force: this.isHeld(record),
      erase,
      removed: { activities: record.activities.length, campaigns: record.campaigns.length, backups: backups.length },
      restored: false,
      erased: erase,
    });
    this.leads.delete(leadId);
    if (!erase) this.gone.set(leadId, record);
    this.touched.add(leadId);
  }
}

/** One of some, by any number. */
export function pick<Value>(values: readonly Value[], n: number): Value | undefined {
  return values[n % Math.max(1, values.length)];
}

/** In the order in which a record has them. */
export function inOrder(activities: readonly Activity[]): Activity[] {
  return activities.toSorted((a, b) => (a.occurredAt + a.id < b.occurredAt + b.id ? -1 : 1));
}

/** A JSON Merge Patch (RFC 7396). */
export function merged(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : {};
  const changes = Object.entries(patch).map(([name, value]) => [name, value === null ? undefined : merged(base[name], value)]);
  return Object.fromEntries(Object.entries({ ...base, ...Object.fromEntries(changes) }).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
