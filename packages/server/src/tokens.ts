import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { TOKEN_LIFETIME_SECONDS } from '@leads/contract';
import { type Database, run } from './db/database.ts';

/** A token, and until when it is valid. */
export interface Token {
  readonly token: string;
  readonly expiresAt: string;
}

/** What a token says, or why it is none: `unreadable` (not of this server) or `expired`. */
export type TokenContent = { readonly content: readonly string[] } | { readonly problem: 'unreadable' | 'expired' };

/** Makes and reads the tokens that prove what a caller has seen. */
export class TokenSigner {
  readonly #secret: KeyObject;
  readonly #now: () => Date;

  /** Servers with the same secret read each other's tokens. */
  constructor(secret: Buffer, now: () => Date) {
    // As bytes it would be made a key object for every token, which takes longer than the signature.
    this.#secret = createSecretKey(secret);
    this.#now = now;
  }

  /** A token with this content, valid for 10 minutes. Its content can be read by anybody. */
  sign(content: readonly string[]): Token {
    const expiresAt = new Date(this.#now().getTime() + TOKEN_LIFETIME_SECONDS * 1000).toISOString();
    const payload = Buffer.from(JSON.stringify([expiresAt, ...content])).toString('base64url');
    return { token: `${payload}.${this.#signature(payload).toString('base64url')}`, expiresAt };
  }

  /** The content of a token that was made with the same secret, within 10 minutes. */
  read(token: string): TokenContent {
    const [payload = '', signature = ''] = token.split('.');
    const expected = this.#signature(payload);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { problem: 'unreadable' };
    const [expiresAt, ...content] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, ...string[]];
    return Date.parse(expiresAt) > this.#now().getTime() ? { content } : { problem: 'expired' };
  }

  #signature(payload: string): Buffer {
    return createHmac('sha256', this.#secret).update(payload).digest();
  }
}

/** The secret that all servers on a database sign with. */
export async function tokenSecret(db: Database): Promise<Buffer> {
  const [row] = await run<{ value: Buffer }>(db, `select value from secrets where name = 'tokens'`, []);
  return row!.value;
}
