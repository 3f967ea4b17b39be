import { createHash } from 'node:crypto';
import { type Database, run } from '../db/database.ts';
import { AUDIT_COLUMNS, auditEntryId, type AuditRow } from './audit-row.ts';

const BATCH_ENTRIES = 1_000;
const GENESIS = Buffer.alloc(32);

/** The end of a chain: kept elsewhere, it proves later that nothing before it was changed. */
export interface ChainHead {
  readonly workspaceId: string;
  readonly chain: number;
  readonly seq: number;
  readonly hash: string;
}

/** What a check of the audit log found. */
export interface AuditVerification {
  readonly entries: number;
  readonly heads: readonly ChainHead[];
  /** A line for each entry that was changed or is missing. */
  readonly problems: readonly string[];
}

const CHAINS = 'select workspace_id, chain, seq, hash from audit_chains order by workspace_id, chain';
const LOGGED_CHAINS = 'select distinct workspace_id, chain from audit_log order by workspace_id, chain';
const ENTRIES = `
  select ${AUDIT_COLUMNS} from audit_log where workspace_id = $1 and chain = $2 and seq > $3 order by seq limit ${BATCH_ENTRIES}`;

/** Computes every hash of the audit log anew, from its first entry on, and compares. */
export async function verifyAudit(db: Database): Promise<AuditVerification> {
  const known = await run<{ workspace_id: string; chain: number; seq: string; hash: Buffer }>(db, CHAINS, []);
  const problems: string[] = [];
  let entries = 0;
  for (const { workspace_id: workspaceId, chain, seq, hash } of known) {
    const verifier = new ChainVerifier();
    // What is added while this runs is not looked at.
    while (verifier.seq < Number(seq)) {
      const rows = await run<AuditRow>(db, ENTRIES, [workspaceId, chain, verifier.seq]);
      const old = rows.filter((row) => Number(row.seq) <= Number(seq));
      if (old.length === 0) break;
      problems.push(...old.flatMap((row) => verifier.next(row)));
      entries += old.length;
    }
    if (verifier.seq !== Number(seq) || !verifier.hash.equals(hash)) {
      problems.push(`${workspaceId}: chain ${chain} ends at entry ${verifier.seq}, and should end at entry ${seq}`);
    }
  }
  const names = new Set(known.map(({ workspace_id: workspaceId, chain }) => `${workspaceId} ${chain}`));
  for (const { workspace_id: workspaceId, chain } of await run<{ workspace_id: string; chain: number }>(db, LOGGED_CHAINS, [])) {
    if (!names.has(`${workspaceId} ${chain}`)) problems.push(`${workspaceId}: the end of chain ${chain} is missing`);
  }
  const heads = known.map((row) => ({
    workspaceId: row.workspace_id,
    chain: row.chain,
    seq: Number(row.seq),
    hash: row.hash.toString('hex'),
  }));
  return { entries, heads, problems };
}

/** Follows one chain. */
class ChainVerifier {
  seq = 0;
  hash: Buffer = GENESIS;

  next(row: AuditRow): string[] {
    const problems: string[] = [];
    const at = `${row.workspace_id}: ${auditEntryId(row)}`;
    const seq = Number(row.seq);
    if (seq !== this.seq + 1) problems.push(`${at} follows entry ${this.seq}: what was between is missing`);
    else if (!row.previous_hash.equals(this.hash)) problems.push(`${at} does not follow from the entry before it`);
    if (!entryHash(row).equals(row.hash)) problems.push(`${at} was changed`);
    this.seq = seq;
    this.hash = row.hash;
    return problems;
  }
}

/** As `append_audit` makes it in the database, whose JSON arrays have a space after each comma. */
function entryHash(row: AuditRow): Buffer {
  const parts = [
    row.workspace_id,
    row.chain,
    Number(row.seq),
    row.at.toISOString(),
    row.action,
    row.key_id,
    row.lead_id,
    row.request_id,
    row.job_id,
    row.reason,
    row.details,
    row.previous_hash.toString('hex'),
  ];
  return createHash('sha256')
    .update(`[${parts.map((part) => JSON.stringify(part)).join(', ')}]`)
    .digest();
}
