import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { endLine } from '../export-end.ts';
import type { Io } from './io.ts';

const BUFFER_BYTES = 1 << 20;
const LINE_END = Buffer.from('\n');

/** A new file of records, which only its owner can read. It has its name once it is whole; what is flushed is on the disk. */
export class BackupFile {
  readonly path: string;
  readonly #folder: string;
  readonly #handle: number;
  readonly #held = Buffer.allocUnsafe(BUFFER_BYTES);
  #heldBytes = 0;
  #lines = 0;
  #closed = false;

  /** Makes `leads-<time>.ndjson` in a folder, which it makes too. */
  constructor(folder: string, { now }: Io) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const time = now().toISOString().replaceAll(':', '-');
    this.#folder = folder;
    this.path = join(folder, `leads-${time}.ndjson`);
    this.#handle = openSync(this.#part, 'wx', 0o600);
  }

  get #part(): string {
    return `${this.path}.part`;
  }

  /** How many records it has. */
  get lines(): number {
    return this.#lines;
  }

  /** Adds a record. */
  add(line: Uint8Array): void {
    if (this.#heldBytes + line.length + 1 > BUFFER_BYTES) this.#write();
    if (line.length + 1 > BUFFER_BYTES) this.#writeAll(Buffer.concat([line, LINE_END]));
    else {
      this.#held.set(line, this.#heldBytes);
      this.#held.set(LINE_END, this.#heldBytes + line.length);
      this.#heldBytes += line.length + 1;
    }
    this.#lines++;
  }

  /** Puts everything so far on the disk. */
  flush(): void {
    this.#write();
    fsyncSync(this.#handle);
  }

  /** Adds how many records it has, as an export does; puts it on the disk and gives it its name. */
  finish(): void {
    this.#write();
    this.#writeAll(endLine(this.#lines));
    this.flush();
    closeSync(this.#handle);
    this.#closed = true;
    renameSync(this.#part, this.path);
    // Without it, a loss of power could take the name away.
    if (process.platform !== 'win32') {
      const folder = openSync(this.#folder, 'r');
      fsyncSync(folder);
      closeSync(folder);
    }
  }

  /** Takes it away before it is whole. */
  discard(): void {
    if (!this.#closed) closeSync(this.#handle);
    rmSync(this.#part, { force: true });
  }

  /** Takes it away although it is whole. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  #write(): void {
    this.#writeAll(this.#held.subarray(0, this.#heldBytes));
    this.#heldBytes = 0;
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#handle, bytes, at);
  }
}
