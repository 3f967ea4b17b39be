import stringWidth from 'string-width';
import type { Style } from './style.ts';
import { cut, pad, plain, wrap } from './text.ts';

/** A column of a table. */
export interface Column<Item> {
  /** The field that it shows. */
  readonly name: string;
  /** What it shows of it: all of it when left out. */
  readonly value?: (item: Item) => unknown;
  /** Never narrower than what is in it, such as an id that is to be copied. */
  readonly whole?: boolean;
  /** What becomes of it where the others could not be read any more: it is left out, or stands on a line below. */
  readonly narrow?: 'hidden' | 'below';
}

const GAP = 2;
const NARROWEST = 6;
/** As much of a text is still read as a name or an address. */
const READABLE = 26;
const INDENT = '  ';

/** How the columns stand: their widths, and what stands below them. */
interface Layout {
  readonly beside: readonly number[];
  readonly below: readonly number[];
  readonly widths: readonly number[];
}

/** Rows of text, each column as wide as fits the terminal. */
export class Table<Item> {
  readonly #columns: readonly Column<Item>[];
  readonly #width: number;
  readonly #style: Style;
  #layout: Layout | null = null;

  constructor(columns: readonly Column<Item>[], width: number, style: Style) {
    this.#columns = columns;
    this.#width = width;
    this.#style = style;
  }

  /** The lines of some items; the first ones bring the header, and say how wide the columns are. */
  lines(items: readonly Item[]): string[] {
    const rows = items.map((item) => this.#columns.map((column) => cell(valueOf(column, item))));
    const isFirst = this.#layout === null;
    const header = this.#columns.map(({ name }) => titleOf(name).toUpperCase());
    this.#layout ??= this.#fit([header, ...rows]);
    return [
      ...(isFirst ? [this.#style('bold', this.#line(header))] : []),
      ...rows.flatMap((row) => [this.#line(row), ...this.#below(row)]),
    ];
  }

  #line(row: readonly string[]): string {
    const { beside, widths } = this.#layout!;
    return beside
      .map((column) => pad(cut(row[column]!, widths[column]!), widths[column]!))
      .join(' '.repeat(GAP))
      .trimEnd();
  }

  #below(row: readonly string[]): string[] {
    const named = this.#layout!.below.filter((column) => row[column] !== NOTHING);
    if (named.length === 0) return [];
    const text = named.map((column) => `${titleOf(this.#columns[column]!.name)} ${row[column]}`).join(', ');
    return wrap(text, this.#width, INDENT).map((line) => this.#style('dim', line));
  }

  /** First goes what can be spared; what is too wide then is taken from the widest columns. */
  #fit(rows: readonly (readonly string[])[]): Layout {
    const widths = this.#columns.map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column]!))));
    const least = widths.map((width, column) => (this.#columns[column]!.whole ? width : Math.min(width, READABLE)));
    const total = (of: readonly number[]) => beside.reduce((sum, column) => sum + of[column]! + GAP, -GAP);
    let beside = this.#columns.map((_, column) => column);
    while (total(least) > this.#width) {
      const spared = beside.findLast((column) => this.#columns[column]!.narrow);
      if (spared === undefined) break;
      beside = beside.filter((column) => column !== spared);
    }
    for (let over = total(widths) - this.#width; over > 0; over--) {
      const [widest] = beside.filter((column) => !this.#columns[column]!.whole).toSorted((a, b) => widths[b]! - widths[a]!);
      if (widest === undefined || widths[widest]! <= NARROWEST) break;
      widths[widest]!--;
    }
    const below = this.#columns.flatMap(({ narrow }, column) => (narrow === 'below' && !beside.includes(column) ? [column] : []));
    return { beside, below, widths };
  }
}

/** What a column shows of an item. */
export function valueOf<Item>({ name, value }: Column<Item>, item: Item): unknown {
  return value ? value(item) : (item as Record<string, unknown>)[name];
}

/** What a field is called where people read it: `lead` of `leadId`, `last used` of `lastUsedAt`. */
export function titleOf(name: string): string {
  return name.replace(/(?<=.)(At|Id)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const NOTHING = '-';

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (typeof value === 'string') return plain(value);
  return plain(JSON.stringify(value));
}
