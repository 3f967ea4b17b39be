import type { Style } from './style.ts';
import { pad, plain, widthOf, wrap } from './text.ts';

/** Fields below each other, their names in one column. */
export function fieldLines(fields: readonly (readonly [string, unknown])[], style: Style, columns: number): string {
  const width = Math.max(...fields.map(([name]) => widthOf(name))) + 2;
  const lines = fields.map(([name, value]) => {
    const [first, ...rest] = wrap(shown(value), columns, ' '.repeat(width));
    return [style('dim', pad(name, width)) + first!.trimStart(), ...rest].join('\n');
  });
  return `${lines.join('\n')}\n`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}
