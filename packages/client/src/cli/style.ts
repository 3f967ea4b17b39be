import { styleText } from 'node:util';
import type { Io, Terminal } from './io.ts';

/** What is said with colour. */
type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Writes in colour, or not. */
export type Style = (tone: Tone, text: string) => string;

/** How to write to a terminal: in colour, unless somebody does not want it. */
export function styleFor(terminal: Terminal, { env }: Io, noColor: boolean): Style {
  const colours = terminal.isTTY === true && !noColor && !env.NO_COLOR && env.TERM !== 'dumb';
  return (tone, text) => (colours ? styleText(tone, text, { validateStream: false }) : text);
}
