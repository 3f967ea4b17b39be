import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../../packages/server/test/support/browser.ts';

/** A panel of a dashboard, and what it shows. */
export interface Graph {
  readonly title: string;
  /** Where it stands in a grid of 24 columns, as Grafana has it. */
  readonly place: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  /** A unit of Grafana: `s`, `bytes`, `percentunit`, `reqps`, `short`. */
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly values: readonly (readonly [seconds: number, value: number])[] }[];
}

const WIDTH = 1_440;
const COLUMNS = 24;
const ROW_HEIGHT = 26;
const GAP = 8;
const COLOURS = ['#1a7f5a', '#3b6fd4', '#c2571a', '#8250c8', '#b3261e', '#6b7280', '#0e8a9e', '#a16207', '#be185d', '#475569'];
const STYLE = `
  body { margin: 0; position: relative; font: 12px system-ui, sans-serif; background: #f4f5f7; color: #1f2933; }
  section { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #d9dde3; border-radius: 4px; padding: 6px 8px; overflow: hidden; }
  section.row { background: none; border: 0; padding: 0 8px; line-height: 18px; font-size: 15px; font-weight: 600; }
  h2 { margin: 0 0 2px; font-size: 12px; font-weight: 600; }
  p { margin: 0; height: 16px; overflow: hidden; white-space: nowrap; }
  p span { margin-right: 10px; }
  p i { display: inline-block; width: 10px; height: 3px; margin-right: 4px; vertical-align: middle; }`;

/** Draws panels as Grafana does, by the library that it draws with, into a PNG file. */
export async function draw(graphs: readonly Graph[], file: string): Promise<void> {
  const height = Math.max(...graphs.map(({ place: { y, h } }) => y + h)) * ROW_HEIGHT + GAP;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height } });
    await page.setContent(`<style>${STYLE}</style>`);
    await page.addStyleTag({ path: fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')) });
    await page.addScriptTag({ path: fileURLToPath(import.meta.resolve('uplot/dist/uPlot.iife.min.js')) });
    await page.addScriptTag({ path: fileURLToPath(new URL('draw-graphs.page.js', import.meta.url)) });
    const drawing = { graphs, colours: COLOURS, unit: { x: (WIDTH - GAP) / COLUMNS, y: ROW_HEIGHT, gap: GAP } };
    await page.evaluate(`drawAll(${JSON.stringify(drawing)})`);
    await page.screenshot({ path: file, animations: 'disabled' });
  } finally {
    await browser.close();
  }
}
