import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { type Database, run } from '../db/database.ts';

/** The end of a chain: kept elsewhere, it proves later that nothing before it was changed or taken away. */
export interface ChainHead {
  readonly workspaceId: string;
  readonly chain: number;
  readonly seq: number;
  /** In hexadecimal. */
  readonly hash: string;
}

/** A head with the moment of its making, signed (Ed25519), so that whoever is shown it years later knows that this server made it. */
export interface SignedHead extends ChainHead {
  readonly at: string;
  /** In base64, as is the public key. */
  readonly signature: string;
  readonly publicKey: string;
}

const SignedHeadSchema = z.strictObject({
  workspaceId: z.string(),
  chain: z.int(),
  seq: z.int(),
  hash: z.string(),
  at: z.string(),
  signature: z.string(),
  publicKey: z.string(),
});

const HEADS =
  'select workspace_id as "workspaceId", chain, seq::float8 as seq, encode(hash, \'hex\') as hash from audit_chains order by 1, 2';
const FIND_KEY = `select value from secrets where name = 'audit'`;
const KEEP_KEY = `insert into secrets (name, value) values ('audit', $1) on conflict do nothing`;

/** The end of every chain, in a transaction as it is there. */
export function readHeads(db: Database): Promise<ChainHead[]> {
  return run<ChainHead>(db, HEADS, []);
}

/** The ends of all chains as they are now, signed; the key is made with the first. */
export async function signedHeads(db: Database, now: Date): Promise<SignedHead[]> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await run(db, KEEP_KEY, [privateKey.export({ format: 'der', type: 'pkcs8' })]);
  const key = (await ownKey(db))!;
  const publicKey = publicText(key);
  const at = now.toISOString();
  return (await readHeads(db)).map((head) => ({
    ...head,
    at,
    signature: sign(null, signedText(head, at), key).toString('base64'),
    publicKey,
  }));
}

/**
 * Reads heads that were kept, a JSON object per line.
 * @throws {TypeError} naming the line that is none.
 */
export function parseHeads(text: string): SignedHead[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [SignedHeadSchema.parse(JSON.parse(line))];
    } catch {
      throw new TypeError(`Line ${i + 1} is not a head of the audit log, as \`npx leads-audit heads\` writes them`);
    }
  });
}

/** Why a head that was kept cannot be relied on; undefined where it can. */
export async function problemOfHead(db: Database, { at, signature, publicKey, ...head }: SignedHead): Promise<string | undefined> {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  if (!verify(null, signedText(head, at), key, Buffer.from(signature, 'base64'))) return 'was changed since it was signed';
  const own = await ownKey(db);
  return own && publicText(own) === publicKey ? undefined : 'was signed with another key than that of this database';
}

async function ownKey(db: Database): Promise<KeyObject | undefined> {
  const [row] = await run<{ value: Buffer }>(db, FIND_KEY, []);
  return row && createPrivateKey({ key: row.value, format: 'der', type: 'pkcs8' });
}

function publicText(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

function signedText({ workspaceId, chain, seq, hash }: ChainHead, at: string): Buffer {
  return Buffer.from(JSON.stringify([workspaceId, chain, seq, hash, at]));
}
