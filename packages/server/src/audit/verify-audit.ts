import { createHash } from 'node:crypto';
import { type Database, run } from '../db/database.ts';
import { inTransaction } from '../db/transaction.ts';
import { type ChainHead, problemOfHead, readHeads, type SignedHead } from './audit-heads.ts';
import { AUDIT_COLUMNS, auditEntryId, type AuditRow } from './audit-row.ts';

const BATCH_ENTRIES = 1_000;
const GENESIS = Buffer.alloc(32).toString('hex');

/** What a check of the audit log found. */
export interface AuditVerification {
  readonly entries: number;
  readonly heads: readonly ChainHead[];
  /** A line for each entry that was changed, is missing, or is not of the server's making. */
  readonly problems: readonly string[];
}

const LOGGED_CHAINS = 'select distinct workspace_id as "workspaceId", chain from audit_log order by 1, 2';
const ENTRIES = `
  select ${AUDIT_COLUMNS} from audit_log
  where workspace_id = $1 and chain = $2 and ($3::bigint is null or seq > $3) order by seq limit ${BATCH_ENTRIES}`;

/**
 * Computes every hash of the audit log anew, and compares; with heads that were kept elsewhere, also whether each of them is still
 * on its chain. It looks at one moment of the log, so that entries that are added meanwhile are neither checked nor missed.
 */
export function verifyAudit(db: Database, kept: readonly SignedHead[] = []): Promise<AuditVerification> {
  return inTransaction(db, async (snapshot) => {
    await run(snapshot, 'set transaction isolation level repeatable read read only', []);
    const heads = await readHeads(snapshot);
    const logged = await run<{ workspaceId: string; chain: number }>(snapshot, LOGGED_CHAINS, []);
    const ends = new Map(heads.map((head) => [describe(head), head]));
    const chains = new Map(
      [...logged, ...heads, ...kept].map(({ workspaceId, chain }) => [describe({ workspaceId, chain }), { workspaceId, chain }]),
    );
    const problems: string[] = [];
    let entries = 0;
    for (const [name, { workspaceId, chain }] of chains) {
      const verifier = new ChainVerifier(
        workspaceId,
        chain,
        ends.get(name),
        kept.filter((head) => describe(head) === name),
      );
      for (let after: string | null = null; ;) {
        const rows: AuditRow[] = await run<AuditRow>(snapshot, ENTRIES, [workspaceId, chain, after]);
        for (const row of rows) problems.push(...verifier.next(row));
        entries += rows.length;
        after = rows.at(-1)?.seq ?? after;
        if (rows.length < BATCH_ENTRIES) break;
      }
      problems.push(...verifier.end());
    }
    for (const head of kept) {
      const problem = await problemOfHead(snapshot, head);
      if (problem) problems.push(`${describe(head)}: the head of ${head.at} at entry ${head.seq} ${problem}`);
    }
    return { entries, heads, problems };
  });
}

/** Follows one chain, from its first row to its end. */
class ChainVerifier {
  readonly #name: string;
  readonly #end: ChainHead | undefined;
  /** The hashes of the heads that were kept, by their places. */
  readonly #kept: Map<number, string>;
  #seq = 0;
  #hash = GENESIS;

  constructor(workspaceId: string, chain: number, end: ChainHead | undefined, kept: readonly SignedHead[]) {
    this.#name = describe({ workspaceId, chain });
    this.#end = end;
    this.#kept = new Map(kept.filter(({ seq }) => seq > 0).map(({ seq, hash }) => [seq, hash]));
  }

  next(row: AuditRow): string[] {
    const at = `${row.workspace_id}: ${auditEntryId(row)}`;
    const seq = Number(row.seq);
    const hash = row.hash.toString('hex');
    if (seq < 1 || (this.#end && seq > this.#end.seq)) return [`${at} is not of the server's making: it stands outside of the chain`];
    const problems: string[] = [];
    if (seq !== this.#seq + 1) problems.push(`${at} follows entry ${this.#seq}: what was between is missing`);
    else if (row.previous_hash.toString('hex') !== this.#hash) problems.push(`${at} does not follow from the entry before it`);
    if (entryHash(row) !== hash) problems.push(`${at} was changed`);
    if ((this.#kept.get(seq) ?? hash) !== hash) problems.push(`${at} is another one than when its head was kept`);
    this.#kept.delete(seq);
    this.#seq = seq;
    this.#hash = hash;
    return problems;
  }

  end(): string[] {
    const lost = [...this.#kept.keys()].map((seq) => `${this.#name}: entry ${seq}, whose head was kept, is missing`);
    if (!this.#end) return [...lost, `${this.#name}: the end of the chain is missing`];
    const { seq, hash } = this.#end;
    if (this.#seq === seq && this.#hash === hash) return lost;
    return [...lost, `${this.#name} ends at entry ${this.#seq}, and should end at entry ${seq}`];
  }
}

function describe({ workspaceId, chain }: Pick<ChainHead, 'workspaceId' | 'chain'>): string {
  return `${workspaceId}: chain ${chain}`;
}

/** As `append_audit` makes it in the database, whose JSON arrays have a space after each comma. */
function entryHash(row: AuditRow): string {
  const parts = [
    row.workspace_id,
    row.chain,
    Number(row.seq),
    row.at,
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
    .digest('hex');
}
