/** What the rounds of one kind of crash came to. */
export class Figures {
  rounds = 0;
  /** Processes killed, or asked to stop: those of the rounds, and servers killed while they started. */
  kills = 0;
  acknowledged = 0;
  /** Writes that may be done or not, because their answer never came or was a 503. */
  open = 0;
  /** What should not be; a line each, beginning with the round. */
  readonly problems: string[] = [];
  readonly #measured = new Map<string, number[]>();

  /** Adds a measurement. */
  measure(what: string, value: number | undefined): void {
    if (value === undefined) return;
    const values = this.#measured.get(what);
    if (values) values.push(value);
    else this.#measured.set(what, [value]);
  }

  /** Adds problems of the round under way. */
  blame(problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `round ${this.rounds}: ${problem}`));
  }

  /** A line of totals, then one for each measurement. */
  summary(): string[] {
    const totals = `${this.rounds} rounds, ${this.kills} kills, ${this.acknowledged} writes acknowledged, ${this.open} left open, problems: ${this.problems.length}`;
    const measured = [...this.#measured].map(
      ([what, values]) => `${what}: median ${percentile(values, 0.5)}, max ${percentile(values, 1)} (${values.length})`,
    );
    return [totals, ...measured];
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1]!);
}
