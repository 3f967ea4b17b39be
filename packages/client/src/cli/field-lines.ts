import stringWidth from 'string-width';
import type { Style } from './style.ts';
import { titleOf } from './table.ts';
import { count, pad, plain, wrap } from './text.ts';

/** Fields below each other, their names in one column. */
export function fieldLines(fields: readonly (readonly [string, unknown])[], style: Style, columns: number): string {
  const titled = fields.map(([name, value]) => [titleOf(name), value] as const);
  const width = Math.max(...titled.map(([name]) => stringWidth(name))) + 2;
  const lines = titled.map(([name, value]) => {
    const [first, ...rest] = wrap(shown(value), columns, ' '.repeat(width));
    return [style('dim', pad(name, width)) + first!.trimStart(), ...rest].join('\n');
  });
  return `${lines.join('\n')}\n`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'number') return count(value);
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return plain(value.join(', '));
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}
