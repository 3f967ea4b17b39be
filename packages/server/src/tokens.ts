import { createHmac, timingSafeEqual } from 'node:crypto';
import { TOKEN_LIFETIME_SECONDS } from '@leads/contract';
import { type Database, run } from './db/database.ts';

/** A token, and until when it is valid. */
export interface Token {
  readonly token: string;
  readonly expiresAt: string;
}

/** What a token says, or why it is none: `unreadable` (not of this server) or `expired`. */
export type TokenContent = { readonly content: readonly string[] } | { readonly problem: 'unreadable' | 'expired' };

/** Makes and reads the tokens that prove what a caller has seen: signed with a secret that all servers on the database share. */
export class TokenSigner {
  readonly #db: Database;
  readonly #now: () => Date;
  #secret: Promise<Buffer> | undefined;

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /** A token with this content, valid for 10 minutes. Its content can be read by anybody. */
  async sign(content: readonly string[]): Promise<Token> {
    const expiresAt = new Date(this.#now().getTime() + TOKEN_LIFETIME_SECONDS * 1000).toISOString();
    const payload = Buffer.from(JSON.stringify([expiresAt, ...content])).toString('base64url');
    return { token: `${payload}.${(await this.#signature(payload)).toString('base64url')}`, expiresAt };
  }

  /** The content of a token that this made, within 10 minutes. */
  async read(token: string): Promise<TokenContent> {
    const [payload = '', signature = ''] = token.split('.');
    const expected = await this.#signature(payload);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { problem: 'unreadable' };
    const [expiresAt, ...content] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, ...string[]];
    return Date.parse(expiresAt) > this.#now().getTime() ? { content } : { problem: 'expired' };
  }

  async #signature(payload: string): Promise<Buffer> {
    this.#secret ??= this.#load();
    return createHmac('sha256', await this.#secret)
      .update(payload)
      .digest();
  }

  async #load(): Promise<Buffer> {
    try {
      const [row] = await run<{ value: Buffer }>(this.#db, `select value from secrets where name = 'tokens'`, []);
      return row!.value;
    } catch (error) {
      // The next token tries again.
      this.#secret = undefined;
      throw error;
    }
  }
}
