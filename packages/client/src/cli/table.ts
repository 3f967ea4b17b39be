import type { Style } from './style.ts';
import { cut, pad, plain, widthOf } from './text.ts';

/** A column of a table and of a CSV file. */
export interface Column<Item> {
  readonly name: string;
  readonly value: (item: Item) => unknown;
  /** Never narrower than what is in it, such as an id that is to be copied. */
  readonly whole?: boolean;
}

const GAP = 2;
const NARROWEST = 6;

/** Rows of text, each column as wide as fits the terminal. */
export class Table<Item> {
  readonly #columns: readonly Column<Item>[];
  readonly #width: number;
  readonly #style: Style;
  #widths: number[] | null = null;

  constructor(columns: readonly Column<Item>[], width: number, style: Style) {
    this.#columns = columns;
    this.#width = width;
    this.#style = style;
  }

  /** The lines of some items; the first ones bring the header, and say how wide the columns are. */
  lines(items: readonly Item[]): string[] {
    const rows = items.map((item) => this.#columns.map(({ value }) => cell(value(item))));
    if (this.#widths) return rows.map((row) => this.#line(row));
    const header = this.#columns.map(({ name }) => name.toUpperCase());
    this.#widths = this.#fit([header, ...rows]);
    return [this.#style('bold', this.#line(header)), ...rows.map((row) => this.#line(row))];
  }

  #line(row: readonly string[]): string {
    return row
      .map((text, column) => pad(cut(text, this.#widths![column]!), this.#widths![column]!))
      .join(' '.repeat(GAP))
      .trimEnd();
  }

  /** What is too wide in all is taken from the widest columns. */
  #fit(rows: readonly (readonly string[])[]): number[] {
    const widths = this.#columns.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]!))));
    let over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - this.#width;
    while (over-- > 0) {
      const shrinkable = widths.map((width, column) => (this.#columns[column]!.whole ? 0 : width));
      const widest = Math.max(...shrinkable);
      if (widest <= NARROWEST) break;
      widths[shrinkable.indexOf(widest)]!--;
    }
    return widths;
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'string') return plain(value);
  return plain(JSON.stringify(value));
}
