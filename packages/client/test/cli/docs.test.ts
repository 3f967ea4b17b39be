import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT_MEANINGS } from '../../src/cli/exit-codes.ts';
import { wordsOf } from './support/words.ts';

const GUIDE = readFileSync(new URL('../../../../docs/guides/command-line.md', import.meta.url), 'utf8');
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The calls of `leads` in the samples of a page. */
function callsIn(page: string): string[] {
  const samples = [...page.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, sample]) => sample!.split('\n'));
  return samples
    .flatMap((line) => line.replace(/\s+#.*$/, '').split(' | '))
    .flatMap((part) => /^(?:npx )?(leads .*)$/.exec(part)?.[1] ?? []);
}

const examples = COMMANDS.flatMap((command) =>
  command.examples.flatMap(([line]) => line.split(' | ').filter((part) => part.startsWith('leads '))),
);

it.each([...callsIn(GUIDE), ...callsIn(README), ...examples])('%s is a call that the command line takes', (call) => {
  expect(() => readArguments(wordsOf(call), COMMANDS)).not.toThrow();
});

describe('the guide', () => {
  it('has every exit code', () => {
    for (const [code] of EXIT_MEANINGS) expect(GUIDE).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });

  it('has more than ten samples, and so has the help', () => {
    expect(callsIn(GUIDE).length).toBeGreaterThan(10);
    expect(examples.length).toBeGreaterThan(COMMANDS.length);
  });
});
