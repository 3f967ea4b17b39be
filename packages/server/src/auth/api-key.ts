import { hash, randomInt } from 'node:crypto';
import { API_KEY_PREFIX } from '@leads/contract';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_CHARACTERS = 51;

/** Makes a key: `sk-workspace_` and 51 random letters and digits (303 bits). */
export function newApiKey(): string {
  return API_KEY_PREFIX + Array.from({ length: RANDOM_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/**
 * The hash under which a key is kept. One fast round is right for it: a key has 303 random bits, so there is nothing to
 * guess, and finding it by its hash compares no secret character by character.
 */
export function hashApiKey(key: string): string {
  return hash('sha256', key, 'hex');
}

/** The last four characters, by which people tell keys apart. */
export function hintOf(key: string): string {
  return key.slice(-4);
}
