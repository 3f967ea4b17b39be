import * as z from 'zod';

/** Letters, marks and signs beyond ASCII: no white space, nothing that cannot be seen, no full stop of another script, no half of a pair. */
const BEYOND_ASCII = String.raw`\u00a1-\u00ac\u00ae-\u167f\u1681-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3003-\ud7ff\uf900-\ufdff`;
const LETTER = `[A-Za-z0-9${BEYOND_ASCII}]`;
const LABEL = `${LETTER}(?:[A-Za-z0-9${BEYOND_ASCII}-]{0,61}${LETTER})?`;
const LOCAL_PART = `[A-Za-z0-9.!#$%&'*+/=?^_\`{|}~${BEYOND_ASCII}-]+`;

/**
 * An e-mail address by the rule of the HTML standard, with two differences: letters of any script are taken on both sides
 * (RFC 6531), and the domain has at least two labels. The pattern is published, and means the same with and without the flag `u`.
 */
export function emailAddress() {
  return z
    .string()
    .regex(new RegExp(String.raw`^${LOCAL_PART}@${LABEL}(?:\.${LABEL})+$`), 'Invalid email address')
    .meta({ format: 'idn-email' });
}
