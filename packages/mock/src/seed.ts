import {
  CreateLeadSchema,
  ExportEndSchema,
  type Lead,
  type LeadRecord,
  LeadRecordSchema,
  LeadStatusSchema,
  parseJson,
} from '@leads/contract';
import type { WorkspaceContent } from '@leads/server/memory-core';
import { Refusal } from './refusal.ts';

/** The most leads that a mock is filled with. */
export const SEED_MAX_LEADS = 10_000;
/** How many leads a workspace of the mock begins with. */
export const SEED_DEFAULT_LEADS = 25;

/** A number of leads, from 0 to `SEED_MAX_LEADS`, or leads as NDJSON, as `leads.export` writes it. */
export type Seed = number | string;

const FIRST_NAMES = ['Jane', 'Amara', 'Boris', 'Chen', 'Dana', 'Elif', 'Farid', 'Grace', 'Hana', 'Ines', 'Jens', 'Kaito', 'Leila'];
const LAST_NAMES = ['Smith', 'Okafor', 'Novak', 'Tanaka', 'Garcia', 'Kaya', 'Haddad', 'Larsen', 'Rossi', 'Weber', 'Nguyen'];
const SOURCES = ['website', 'referral', 'newsletter', 'trade fair', null];
const STATUSES = LeadStatusSchema.options;
const FIRST_DAY = Date.UTC(2024, 0, 15, 10, 30);
const HOUR_MS = 3_600_000;

// Paused, so that it can be deleted as the reference shows it.
const PAUSED = { id: 'camp_1234567890abcdef', name: 'Spring offer', status: 'paused', createdAt: iso(0) };
const ACTIVE = { id: 'camp_active67890abcd', name: 'Summer offer', status: 'active', createdAt: iso(1) };
const KEY = { id: 'key_1234567890abcdef', name: 'CRM sync', scopes: ['leads:read', 'leads:write'] } as const;

/** The leads that have ids of their own, as the reference shows them. */
const KNOWN: Readonly<Record<number, { id: string; name: string; email: string }>> = {
  0: { id: 'lead_1234567890abcdef', name: 'John Doe', email: 'john.doe@example.com' },
  2: { id: 'lead_01hm6x8qz3v9k4n7w2x5y6b8c0', name: 'Jane Smith', email: 'jane@example.org' },
  3: { id: 'lead_01jq8z3v9k4n7w2x5y6b8c0d1e', name: 'J. Doe', email: 'j.doe@example.org' },
};

/**
 * What a workspace begins with: the same for the same seed. The first lead is that of the reference, `lead_1234567890abcdef`;
 * the second, `lead_0000000000000002`, is in an active campaign. Where there are leads that are made, everything else is there, too, that
 * the samples of the reference name: a key, a backup, a deletion, an erasure, a job. Throws `VALIDATION_ERROR` for what is no seed.
 */
export function contentOf(seed: Seed): WorkspaceContent {
  const campaigns = [PAUSED, ACTIVE];
  if (typeof seed === 'string') return { campaigns, records: recordsOf(seed), ...NO_HISTORY };
  const records = madeRecords(seed);
  const [john] = records;
  return { campaigns, records, ...(john ? historyWith(john) : NO_HISTORY) };
}

type History = Omit<WorkspaceContent, 'campaigns' | 'records'>;
const NO_HISTORY: History = { keys: [], deletions: [], erasures: [], jobs: [] };

/**
 * What was before: one lead was deleted by mistake and brought back, another is gone, a person was erased, and a bulk deletion is
 * nearly done.
 */
function historyWith(john: LeadRecord): History {
  const made = madeRecord(SEED_MAX_LEADS);
  const gone = { ...made, lead: { ...made.lead, id: 'lead_deleted7890abcdef' }, activities: [] };
  const backupId = 'backup_1234567890abcdef';
  return {
    keys: [KEY],
    deletions: [
      {
        record: john,
        backupId: 'backup_restored90abcdef',
        keyId: KEY.id,
        reason: 'By mistake',
        deletedAt: iso(24),
        restoredAt: iso(25),
      },
      { record: gone, backupId, keyId: KEY.id, reason: 'Asked to be forgotten', deletedAt: iso(26), restoredAt: null },
    ],
    erasures: [{ id: 'erasure_1234567890abcdef', record: madeRecord(SEED_MAX_LEADS + 1), keyId: KEY.id, erasedAt: iso(27) }],
    jobs: [
      {
        id: 'job_1234567890abcdef',
        createdAt: iso(26),
        outcomes: [
          { leadId: gone.lead.id, outcome: 'deleted', backupId },
          { leadId: 'lead_0000000000000002', outcome: 'failed', code: 'LEAD_IN_USE' },
        ],
      },
    ],
  };
}

/** As many leads as without a word, all of them in the active campaign. */
export function allInActiveCampaign(): Seed {
  const campaigns = [{ id: ACTIVE.id, enrolledAt: iso(2) }];
  return madeRecords(SEED_DEFAULT_LEADS)
    .map((record) => JSON.stringify({ ...record, campaigns }))
    .join('\n');
}

function madeRecords(count: number): LeadRecord[] {
  if (!Number.isSafeInteger(count) || count < 0 || count > SEED_MAX_LEADS) {
    throw refused('leads', `Must be a whole number from 0 to ${SEED_MAX_LEADS}`);
  }
  return Array.from({ length: count }, (_, i) => madeRecord(i));
}

function madeRecord(i: number): LeadRecord {
  const made = `${FIRST_NAMES[i % FIRST_NAMES.length]} ${LAST_NAMES[i % LAST_NAMES.length]}`;
  const { id, name, email } = KNOWN[i] ?? {
    id: `lead_${String(i + 1).padStart(16, '0')}`,
    name: made,
    email: `${made.toLowerCase().replace(' ', '.')}${i + 1}@example.com`,
  };
  const lead: Lead = {
    ...CreateLeadSchema.parse({
      name,
      email,
      phone: i % 4 === 3 ? null : `+1-555-${String(100 + (i % 9_900)).padStart(4, '0')}`,
      source: SOURCES[i % SOURCES.length]!,
      status: STATUSES[i % STATUSES.length]!,
      metadata: { company: `${name.split(' ')[1]} Ltd` },
    }),
    id,
    createdAt: iso(i),
    updatedAt: iso(i),
    workspaceId: 'ws_1234567890abcdef',
  };
  const note = { type: 'note', text: 'Asked for a quote.', metadata: {}, occurredAt: iso(i + 1), createdAt: iso(i + 1) } as const;
  const activities = i % 3 === 0 ? [{ id: `act_${id.slice('lead_'.length)}`, leadId: id, ...note }] : [];
  const campaign = [PAUSED, ACTIVE][i];
  const campaigns = campaign ? [{ id: campaign.id, enrolledAt: iso(2) }] : [];
  return { lead, statusBeforeArchive: null, activities, campaigns };
}

function recordsOf(ndjson: string): LeadRecord[] {
  const lines = ndjson.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > SEED_MAX_LEADS + 1) throw refused('', `Must have at most ${SEED_MAX_LEADS} leads`);
  return lines.flatMap((line, i) => {
    const location = `line ${i + 1}`;
    const { value, issues } = jsonOf(line, location);
    if (issues[0]) throw refused(issues[0].location, issues[0].message);
    const end = ExportEndSchema.safeParse(value).data;
    if (end && i === lines.length - 1) {
      if (end.export.leads !== i) throw refused(location, `Says ${end.export.leads} leads, and there are ${i}: the export is not complete`);
      return [];
    }
    const { data, error } = LeadRecordSchema.safeParse(value);
    if (error) throw refused([location, ...error.issues[0]!.path].join('.'), error.issues[0]!.message);
    return [data];
  });
}

function jsonOf(line: string, location: string): ReturnType<typeof parseJson> {
  try {
    return parseJson(line, location);
  } catch {
    throw refused(location, 'Must be JSON');
  }
}

function refused(location: string, message: string): Refusal {
  return new Refusal('VALIDATION_ERROR', {
    issues: [{ location: location ? `body.${location}` : 'body', message, code: 'invalid_seed' }],
  });
}

function iso(hours: number): string {
  return new Date(FIRST_DAY + hours * HOUR_MS).toISOString();
}
