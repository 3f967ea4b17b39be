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

function badCursor(): ApiError {
  const message = 'Is not a cursor of this list: pass nextCursor of the page before, unchanged, with the same filters and sorting';
  return new ApiError('VALIDATION_ERROR', { issues: [{ location: 'query.cursor', message, code: 'invalid_cursor' }] });
}
