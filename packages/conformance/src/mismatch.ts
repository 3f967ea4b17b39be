/** What was answered is not what the contract says. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

/** @throws {Mismatch} unless the condition holds. */
export function demand(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Mismatch(message);
}

/** @throws {Mismatch} unless both are the same as JSON, whatever the order of their keys. */
export function demandEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  demand(got === wanted, `${what}: got ${shortened(got)}, not ${shortened(wanted)}`);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'nothing'
  );
}

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
