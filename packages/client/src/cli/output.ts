import { csvLine } from './csv.ts';
import type { Terminal } from './io.ts';
import { fieldLines } from './field-lines.ts';
import type { Style } from './style.ts';
import { type Column, Table } from './table.ts';
import { plainLines } from './text.ts';

/** How results are written. */
export type Format = 'human' | 'ndjson' | 'json' | 'csv';

/** Nobody reads the output any more. */
export class OutputClosed extends Error {}

/** The columns of a kind of item. */
export interface Columns<Item> {
  /** In a terminal. */
  readonly shown: readonly Column<Item>[];
  /** In a CSV file. */
  readonly csv: readonly string[];
}

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
  #closed = false;
  #held = '';
  #later: NodeJS.Immediate | undefined;
  #drained: Promise<void> | undefined;
  #resume: () => void = () => {};

  constructor(stdout: Terminal, format: Format, style: Style, stopsWhenClosed: boolean) {
    this.format = format;
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

  /** Writes one item; in a terminal as fields below each other. */
  async item<Item extends object>(columns: Columns<Item>, item: Item, fields: readonly (readonly [string, unknown])[]): Promise<void> {
    if (this.format === 'human') await this.write(fieldLines(fields, this.#style, this.#stdout.columns ?? WIDTH));
    else if (this.format === 'json') await this.#data(`${JSON.stringify(item, null, 2)}\n`);
    else await this.items(columns, [item]);
    await this.end();
  }

  /** What is printed for a program may have come to a terminal all the same. */
  #data(text: string): Promise<void> {
    return this.write(this.#stdout.isTTY ? plainLines(text) : text);
  }

  /** Writes items that come one by one, from wherever. */
  writer<Item extends object>(columns: Columns<Item>): { item(item: Item): Promise<void>; end(): Promise<void> } {
    let written = 0;
    switch (this.format) {
      case 'ndjson':
        return { item: (item) => this.#data(`${JSON.stringify(item)}\n`), end: async () => {} };
      case 'json':
        return {
          item: (item) => this.#data(`${written++ === 0 ? '[\n' : ',\n'}${JSON.stringify(item)}`),
          end: () => this.write(written === 0 ? '[]\n' : '\n]\n'),
        };
      case 'csv': {
        const row = (item: Item) => csvLine(columns.csv.map((name) => (item as Record<string, unknown>)[name]));
        const header = () => (written++ === 0 ? csvLine(columns.csv) : '');
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
