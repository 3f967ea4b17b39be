import { escapeHtml } from './html.ts';

/** A column of a table that can be drawn: its heading, and the number of each row as it is written. */
interface Series {
  readonly heading: string;
  readonly values: readonly { readonly text: string; readonly value: number }[];
}

const TABLE = /^\|.+\|\n\|[-: |]+\|\n(?:\|.+\|\n?)+/gm;
const BAR = 14;
const GAP = 3;
const LABEL = 22;
const ROW_GAP = 14;

/** Markdown with a chart before each table that compares requests a second, or times of several columns. */
export function withCharts(markdown: string): string {
  return markdown.replace(TABLE, (table) => {
    const [heading, , ...rows] = table.trim().split('\n').map(cellsOf);
    const series = seriesOf(heading!, rows);
    return series.length === 0 ? table : `${chart(labelsOf(heading!, rows), series)}\n\n${table}`;
  });
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What the bars of a row are of: its columns before the first of numbers. A number that comes first, as that of a round, is told by its heading. */
function labelsOf(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const firstNumbers = headings.findIndex((_, at) => rows.every((row) => /^[\d.,]+( ms)?$/.test(row[at]!)));
  return rows.map((row) => (firstNumbers === 0 ? `${headings[0]} ${row[0]}` : row.slice(0, firstNumbers).join(', ')));
}

function seriesOf(headings: readonly string[], rows: readonly (readonly string[])[]): Series[] {
  const columns = headings.map((heading, at) => ({
    heading: heading.replaceAll('`', ''),
    values: rows.map((row) => ({ text: row[at]!, value: Number(row[at]!.replaceAll(',', '').replace(/ ms$/, '')) })),
  }));
  const rates = columns.filter(({ heading }) => heading.endsWith('requests/s'));
  const times = columns.filter(({ values }) => values.every(({ text }) => /^[\d.,]+ ms$/.test(text)));
  if (rates.length > 0) return rates;
  return times.length > 1 ? times : [];
}

/** Bars, one group below the other. Widths are in percent, so that text keeps its size on every screen. */
function chart(labels: readonly string[], series: readonly Series[]): string {
  const most = Math.max(...series.flatMap(({ values }) => values.map(({ value }) => value)));
  const rowHeight = LABEL + series.length * (BAR + GAP) + ROW_GAP;
  const rows = labels.map((label, row) => {
    const top = row * rowHeight;
    const bars = series.map(({ values }, at) => {
      const { text, value } = values[row]!;
      const width = Math.max(0.5, (value / most) * 80).toFixed(1);
      const y = top + LABEL + at * (BAR + GAP);
      return `<rect class="series-${at + 1}" y="${y}" width="${width}%" height="${BAR}" rx="3"/><text class="value" x="${width}%" dx="8" y="${y + BAR - 3}">${escapeHtml(text)}</text>`;
    });
    return `<text class="label" y="${top + LABEL - 7}">${escapeHtml(label.replaceAll('`', ''))}</text>${bars.join('')}`;
  });
  const legend = series.map(({ heading }, at) => `<span class="series-${at + 1}">${escapeHtml(heading)}</span>`).join('');
  const about = escapeHtml(`${series.map(({ heading }) => heading).join(' and ')}, as in the table below`);
  return `<figure class="chart"><figcaption>${legend}</figcaption><svg width="100%" height="${labels.length * rowHeight - ROW_GAP}" role="img" aria-label="${about}">${rows.join('')}</svg></figure>`;
}
