import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { dayOf, momentOf } from '../../src/cli/moments.ts';
import { readInputs } from '../../src/cli/inputs.ts';
import { Options } from '../../src/cli/options.ts';
import { BULK_FILTERS, INPUTS, type Inputs } from '../../src/constants.generated.ts';

const MODULE = fileURLToPath(new URL('../../src/cli/moments.ts', import.meta.url));

it.each([
  ['2024-01-31', '2024-01-31T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2024-01-31T12:00Z', '2024-01-31T12:00:00.000Z'],
  ['2024-01-31 12:00:30Z', '2024-01-31T12:00:30.000Z'],
  ['2024-01-31t12:00:30.5z', '2024-01-31T12:00:30.500Z'],
  ['2024-01-31T00:30:00+01:00', '2024-01-30T23:30:00.000Z'],
])('%s is %s, whatever the zone of the machine is', (text, moment) => {
  expect(momentOf('--created-before', text)).toBe(moment);
  for (const TZ of ['UTC', 'Europe/Berlin', 'America/Los_Angeles']) {
    const program = `import { momentOf } from ${JSON.stringify(MODULE)}; console.log(momentOf('x', process.argv[1]))`;
    const there = execFileSync(process.execPath, ['--input-type=module', '-e', program, text], { env: { TZ }, encoding: 'utf8' });
    expect([TZ, there.trim()]).toEqual([TZ, moment]);
  }
});

it.each(['2024-01-31 12:00', '2024-01-31T12:00', '2024-01-31T12:00:00.000'])(
  '%s has no zone, and is refused with how to write one',
  (text) => {
    expect(() => momentOf('--from', text)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining('--from has a time without a zone'),
        next: expect.stringContaining(`${text.replace(' ', 'T')}Z for UTC`),
      }),
    );
  },
);

it.each([
  '2023-02-29',
  '2023-02-30',
  '2024-04-31',
  '2024-13-01',
  '2024-00-10',
  '2024-01-00',
  '2024-01-31T24:00Z',
  '2024-01-31T12:60Z',
  '2024-01-31T12:00:60Z',
  '2024-01-31T12:00+25:00',
])('there is no %s', (text) => {
  expect(() => momentOf('--to', text)).toThrow(
    expect.objectContaining({ exitCode: 2, message: `--to: there is no such day or time as “${text}”.` }),
  );
  if (!text.includes('T')) expect(() => dayOf('--to', text)).toThrow('there is no such day');
});

it.each(['yesterday', '31.01.2024', '2024-1-31', '2024-01-31T', '2024-01-31Z', ''])('“%s” is no moment', (text) => {
  expect(() => momentOf('--to', text)).toThrow('must be a day such as 2024-01-31');
});

/** Every input of the contract that is a moment or a day. */
const dates = Object.entries<Inputs>({ ...INPUTS, 'a bulk operation': BULK_FILTERS }).flatMap(([operation, inputs]) =>
  Object.entries(inputs).flatMap(([name, input]) =>
    input.type === 'moment' || input.type === 'day' ? [[operation, name, input] as const] : [],
  ),
);

it.each(dates)('%s takes no impossible day as %s', (_, name, input) => {
  const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  expect(() => readInputs(new Options({ [option]: '2023-02-30' }), { [name]: input })).toThrow(`--${option}: there is no such day`);
});

it('no command reads a date by itself: what its help calls WHEN or DAY is an input of the contract', () => {
  const known = new Set(dates.map(([, name]) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)));
  const asked = COMMANDS.flatMap(({ options = {} }) =>
    Object.entries(options).flatMap(([name, { placeholder }]) => (placeholder === 'WHEN' || placeholder === 'DAY' ? [name] : [])),
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});
