import type { Change } from './change.ts';

/** A text with some changes, which do not overlap. */
export function edited(text: string, changes: readonly Change[]): string {
  let result = text;
  for (const { start, end, text: by } of changes.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, start) + by + result.slice(end);
  return result;
}
