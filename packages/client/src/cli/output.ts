import { csvLine } from './csv.ts';
import type { Terminal } from './io.ts';
import { fieldLines } from './field-lines.ts';
import type { Style } from './style.ts';
import type { Columns } from './columns.ts';
import { Table } from './table.ts';
import { plainLines } from './text.ts';

/** How results are written. */
export type Format = 'human' | 'ndjson' | 'json' | 'csv';

/** Nobody reads the output any more. */
export class OutputClosed extends Error {}

const WIDTH = 80;
const WRITE_AT = 65_536;
/** As many items say how wide the columns are. */
const TABLE_HEAD = 100;

/** Standard output, in one of its formats. */
export class Output {
  readonly format: Format;
  readonly #stdout: Terminal;
  readonly #style: Style;
  readonly #stopsWhenClosed: boolean;
  readonly #picked: readonly string[] | null;
  #closed = false;
  #held = '';
  #later: NodeJS.Immediate | undefined;
  #drained: Promise<void> | undefined;
  #resume: () => void = () => {};

  /** Of the fields of an item, `picked` are written; null: all. */
  constructor(stdout: Terminal, format: Format, style: Style, stopsWhenClosed: boolean, picked: readonly string[] | null = null) {
    this.format = format;
    this.#picked = picked;
    this.#stdout = stdout;
    this.#style = style;
    this.#stopsWhenClosed = stopsWhenClosed;
    stdout.on('drain', () => this.#resume());
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      this.#closed = true;
      this.#resume();
    });
  }

  /**
   * Writes text, and waits where the reader is slower. What comes in one go is written in one.
   * @throws {OutputClosed} where nobody reads, unless the command goes on all the same.
   */
  async write(text: string): Promise<void> {
    this.#held += text;
    if (this.#held.length >= WRITE_AT) this.#writeHeld();
    else this.#later ??= setImmediate(() => this.#writeHeld());
    await this.#drained;
    if (this.#closed && this.#stopsWhenClosed) throw new OutputClosed();
  }

  /** Waits until everything is written. */
  async end(): Promise<void> {
    this.#writeHeld();
    if (!this.#closed) await new Promise<void>((resolve) => this.#stdout.write('', () => resolve()));
  }

  #writeHeld(): void {
    clearImmediate(this.#later);
    const text = this.#held;
    [this.#held, this.#later] = ['', undefined];
    if (text === '' || this.#closed || this.#stdout.write(text)) return;
    this.#drained = new Promise((resolve) => {
      this.#resume = () => {
        this.#drained = undefined;
        resolve();
      };
      // It may be known by now that nobody reads.
      if (this.#closed) this.#resume();
    });
  }

  /** Writes items as they come: a table, lines of JSON, an array or CSV. */
  async items<Item extends object>(columns: Columns<Item>, items: AsyncIterable<Item> | Iterable<Item>): Promise<number> {
    const write = this.writer(columns);
    let written = 0;
    for await (const item of items) {
      await write.item(item);
      written++;
    }
    await write.end();
    await this.end();
    return written;
  }

  /** Writes one item; in a terminal as fields below each other, those of the columns when left out. */
  async item<Item extends object>(columns: Columns<Item>, item: Item, fields?: readonly (readonly [string, unknown])[]): Promise<void> {
    const { fields: names } = this.#pick(columns);
    if (this.format === 'human') {
      const shown = fields ?? names.map((name) => [name, (item as Record<string, unknown>)[name]] as const);
      await this.write(fieldLines(shown, this.#style, this.#stdout.columns ?? WIDTH));
    } else if (this.format === 'json') await this.#data(`${JSON.stringify(this.#part(item), null, 2)}\n`);
    else await this.items(columns, [item]);
    await this.end();
  }

  /** What is printed for a program may have come to a terminal all the same. */
  #data(text: string): Promise<void> {
    return this.write(this.#stdout.isTTY ? plainLines(text) : text);
  }

  #pick<Item>(columns: Columns<Item>): Columns<Item> {
    if (!this.#picked) return columns;
    return { fields: this.#picked, shown: this.#picked.map((name) => columns.shown.find((column) => column.name === name) ?? { name }) };
  }

  #part(item: object): object {
    return this.#picked ? Object.fromEntries(this.#picked.map((name) => [name, (item as Record<string, unknown>)[name]])) : item;
  }

  /** Writes items that come one by one, from wherever. */
  writer<Item extends object>(all: Columns<Item>): { item(item: Item): Promise<void>; end(): Promise<void> } {
    const columns = this.#pick(all);
    let written = 0;
    switch (this.format) {
      case 'ndjson':
        return { item: (item) => this.#data(`${JSON.stringify(this.#part(item))}\n`), end: async () => {} };
      case 'json':
        return {
          item: (item) => this.#data(`${written++ === 0 ? '[\n' : ',\n'}${JSON.stringify(this.#part(item))}`),
          end: () => this.write(written === 0 ? '[]\n' : '\n]\n'),
        };
      case 'csv': {
        const row = (item: Item) => csvLine(columns.fields.map((name) => (item as Record<string, unknown>)[name]));
        const header = () => (written++ === 0 ? csvLine(columns.fields) : '');
        return { item: (item) => this.#data(header() + row(item)), end: () => this.write(header()) };
      }
      case 'human': {
        const table = new Table(columns.shown, this.#stdout.columns ?? WIDTH, this.#style);
        let held: Item[] = [];
        const flush = async () => {
          if (held.length > 0) await this.write(`${table.lines(held).join('\n')}\n`);
          held = [];
        };
        return {
          item: async (item) => {
            if (held.push(item) === TABLE_HEAD) await flush();
          },
          end: flush,
        };
      }
    }
  }
}
