import stringWidth from 'string-width';

// Control characters, and what turns the direction of a line: a terminal would obey them, whoever wrote them into a lead.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const SEQUENCE = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text that a terminal shows and does not obey: on one line, without control characters. */
export function plain(text: string): string {
  return text.replace(SEQUENCE, '').replace(CONTROL, ' ').trim();
}

/** A text of several lines that a terminal shows and does not obey. */
export function plainLines(text: string): string {
  return text.replace(CONTROL, (found) => (/^\r?\n$/.test(found) ? found : ' '));
}

/** A text cut to a width, with `…` where something is missing. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let [kept, used] = ['', 0];
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A text filled up with spaces to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** A text in lines of a width, which end between words and begin with `indent`. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (stringWidth(line) + stringWidth(word) > width && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

/** A number as people read it: `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** A number with its noun: `1 lead`, `12,345 leads`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A duration as people read it: `0:07`, `12:34`, `1:02:03`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}` : `${m}:${String(s).padStart(2, '0')}`;
}
