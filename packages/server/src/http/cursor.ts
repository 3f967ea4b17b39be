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

/** Whether a part of a cursor is a moment as the API writes it; another could be one that PostgreSQL cannot hold. */
export function isMoment(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** Whether a part of a cursor is a text that PostgreSQL can hold. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

/** Whether a value is a list of parts that each pass their check. */
export function isPosition<Checks extends ReadonlyArray<(part: unknown) => boolean>>(...checks: Checks) {
  return (value: unknown): value is { [Index in keyof Checks]: string | number } =>
    Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]));
}

/** A page of a walk by cursor, of rows of which one more than `limit` was asked for. */
export function cursorPage<Row>(rows: readonly Row[], limit: number, positionOf: (row: Row) => ReadonlyArray<string | number>) {
  const hasNext = rows.length > limit;
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, pagination: { limit, hasNext, nextCursor: hasNext && last ? encodeCursor(positionOf(last)) : null } };
}

/** A place in a list by time: a moment and an id. */
export const isTimePosition = isPosition(isMoment, isText);

function badCursor(): ApiError {
  const message = 'Is not a cursor of this list: pass nextCursor of the page before, unchanged, with the same filters and sorting';
  return new ApiError('VALIDATION_ERROR', { issues: [{ location: 'query.cursor', message, code: 'invalid_cursor' }] });
}
