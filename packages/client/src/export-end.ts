import { LeadsConnectionError } from './errors.ts';

/** An end line is far shorter. */
const END_MAX_BYTES = 100;
const LINE_END = 10;

/** How many leads an export has, where a line is its last one; undefined of any other line. */
export function exportEnd(line: Uint8Array): number | undefined {
  if (line.length > END_MAX_BYTES) return undefined;
  const [, leads] = /^\s*\{"export":\{"leads":(\d+)\}\}\s*$/.exec(new TextDecoder().decode(line)) ?? [];
  return leads === undefined ? undefined : Number(leads);
}

/** The last line of an export. */
export function endLine(leads: number): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ export: { leads } })}\n`);
}

/**
 * Hands an export as NDJSON on as it comes. At its end it fails with a `LeadsConnectionError` unless the last line says that there
 * are as many leads as came: whatever lies between may have ended the answer as if it were whole.
 */
export function wholeExport(): TransformStream<Uint8Array, Uint8Array> {
  let lines = 0;
  let last = new Uint8Array();
  return new TransformStream({
    transform(chunk, controller) {
      for (let at = chunk.indexOf(LINE_END); at !== -1; at = chunk.indexOf(LINE_END, at + 1)) lines++;
      const end = chunk.subarray(-END_MAX_BYTES);
      const joined = new Uint8Array(last.length + end.length);
      joined.set(last);
      joined.set(end, last.length);
      last = joined.slice(-END_MAX_BYTES);
      controller.enqueue(chunk);
    },
    flush() {
      const line = last.subarray(last.lastIndexOf(LINE_END, -2) + 1);
      const leads = last.at(-1) === LINE_END ? exportEnd(line) : undefined;
      if (leads === undefined || leads !== lines - 1) {
        const expected = leads === undefined ? 'its last line is missing' : `${lines - 1} of ${leads} leads came`;
        throw new LeadsConnectionError(`The export is not complete: ${expected}`);
      }
    },
  });
}
