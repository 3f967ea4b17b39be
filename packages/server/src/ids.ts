import { randomFillSync } from 'node:crypto';

/** Makes a new id: `prefix` and a ULID in lower case (48 bits of time, 80 random bits). */
export type NewId = (prefix: 'lead' | 'act' | 'camp' | 'backup' | 'job' | 'ws' | 'key' | 'req' | 'inst' | 'erasure') => string;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_CHARACTERS = 16;
const random = new Uint8Array(RANDOM_CHARACTERS * 256);
let used = random.length;

/** Ids that sort by the time of their making, so that new rows land together in an index. */
export const newId: NewId = (prefix) => {
  let time = Date.now();
  let id = '';
  for (let i = 0; i < 10; i++) {
    id = ALPHABET[time % 32] + id;
    time = Math.floor(time / 32);
  }
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  for (const end = used + RANDOM_CHARACTERS; used < end; used++) id += ALPHABET[random[used]! & 31];
  return `${prefix}_${id}`;
};
