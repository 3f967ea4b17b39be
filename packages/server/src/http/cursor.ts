import { ApiError } from './api-error.ts';

/** Writes where a walk stands as an opaque cursor. */
export function encodeCursor(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads a cursor; what does not parse or does not fit the walk is a 400 at `query.cursor`. */
export function decodeCursor<Position>(cursor: string, fits: (position: unknown) => position is Position): Position {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw badCursor();
  }
  if (!fits(position)) throw badCursor();
  return position;
}

/** Whether a part of a cursor is a moment as the API writes it, on a day that there is. */
export function isMoment(value: unknown): value is string {
  if (typeof value !== 'string' || !/^(?!0000)\d{4}-/.test(value)) return false;
  const moment = new Date(value);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === value;
}

/** Whether a part of a cursor is a text that PostgreSQL can hold. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

/** What PostgreSQL can hold in a column of a type, of what JSON can say. */
const FITS = {
  timestamptz: isMoment,
  text: isText,
  smallint: isInteger(2 ** 15),
  integer: isInteger(2 ** 31),
  // Beyond it, JSON has no integers that are exact.
  bigint: isInteger(Number.MAX_SAFE_INTEGER),
};

/** A check for a place in a list: a part for each column that it is sorted by, which fits the column's type. */
export function isPosition<const Types extends ReadonlyArray<keyof typeof FITS>>(...types: Types) {
  return (value: unknown): value is { [Index in keyof Types]: string | number } =>
    Array.isArray(value) && value.length === types.length && types.every((type, i) => FITS[type](value[i]));
}

/** A place in a list by time: a moment and an id. */
export const isTimePosition = isPosition('timestamptz', 'text');

/** A page of a walk by cursor, of rows of which one more than `limit` was asked for. */
export function cursorPage<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => ReadonlyArray<string | number>) {
  const hasNext = rows.length > limit;
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, pagination: { limit, hasNext, nextCursor: hasNext && last ? encodeCursor(positionOf(last)) : null } };
}

function isInteger(end: number) {
  return (value: unknown) => Number.isSafeInteger(value) && Math.abs(value as number) < end;
}

function badCursor(): ApiError {
  const message = 'Is not a cursor of this list: pass nextCursor of the page before, unchanged, with the same filters and sorting';
  return new ApiError('VALIDATION_ERROR', { issues: [{ location: 'query.cursor', message, code: 'invalid_cursor' }] });
}
