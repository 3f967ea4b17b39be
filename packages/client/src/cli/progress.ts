import type { Io } from './io.ts';
import type { Style } from './style.ts';
import { count, cut, duration } from './text.ts';

const REDRAW_EVERY_MS = 100;
const BAR_WIDTH = 20;
const CLEAR_LINE = '\r\u001b[K';

/** How far something is, on one line of stderr, where that is a terminal. What waits is told in a pipe too. */
export class Progress {
  readonly #io: Io;
  readonly #style: Style;
  #label = '';
  #startedAt = 0;
  #startedWith = 0;
  #drawnAt = 0;
  #drawn = false;
  #line = '';
  #waitTold = 0;

  constructor(io: Io, style: Style) {
    this.#io = io;
    this.#style = style;
  }

  /** Begins something new. */
  start(label: string, doneAlready = 0): void {
    this.#label = label;
    this.#startedAt = this.#io.now().getTime();
    this.#startedWith = doneAlready;
    this.#drawnAt = 0;
  }

  /** Says how much of it is done; `total` is null where that is not known. */
  update(done: number, total: number | null, failed = 0): void {
    const now = this.#io.now().getTime();
    const isEnd = done === total;
    if (!this.#io.stderr.isTTY || (now - this.#drawnAt < REDRAW_EVERY_MS && !isEnd)) return;
    this.#drawnAt = now;
    const seconds = (now - this.#startedAt) / 1000;
    const rate = seconds > 0 ? (done - this.#startedWith) / seconds : 0;
    const share = total ? done / total : 0;
    const filled = Math.round(share * BAR_WIDTH);
    const bar =
      total === null ? '' : `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} % `;
    const amount = total === null ? count(done) : `${count(done)}/${count(total)}`;
    const left = total === null || rate === 0 || isEnd ? '' : `  ${duration(((total - done) / rate) * 1000)} left`;
    const failures = failed > 0 ? `  ${count(failed)} failed` : '';
    this.#draw(`${this.#label} ${bar}${amount}${rate >= 1 ? `  ${count(Math.round(rate))}/s` : ''}${left}${failures}`);
  }

  /** Says until when it waits, and why. */
  wait(why: string, until: Date): void {
    const seconds = Math.ceil((until.getTime() - this.#io.now().getTime()) / 1000);
    const text = `${why}: goes on at ${until.toISOString().slice(11, 19)} UTC, in ${duration(seconds * 1000)}`;
    if (this.#io.stderr.isTTY) this.#draw(this.#style('yellow', text));
    // Several requests wait at once; that is told once.
    else if (until.getTime() > this.#waitTold) this.#io.stderr.write(`${text}\n`);
    this.#waitTold = until.getTime();
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#drawn) this.#io.stderr.write(CLEAR_LINE);
    this.#drawn = false;
  }

  /** Takes the line away while something else is written. */
  around(write: () => void): void {
    const drawn = this.#drawn;
    this.clear();
    write();
    if (drawn) this.#draw(this.#line);
  }

  #draw(line: string): void {
    this.#line = line;
    this.#drawn = true;
    this.#io.stderr.write(`${CLEAR_LINE}${cut(line, (this.#io.stderr.columns ?? 80) - 1)}`);
  }
}
