import { expect, it } from 'vitest';
import { readArguments, UsageError } from './arguments.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const read = (line: string) => readArguments(line.split(' ').filter(Boolean), NOW);

it('creates a key of the default workspace with every scope but keys:manage and leads:force, that never expires', () => {
  expect(read('create')).toEqual({
    action: 'create',
    json: false,
    workspace: 'default',
    name: 'Command line',
    scopes: ['leads:read', 'leads:write', 'leads:delete', 'audit:read'],
    expiresAt: null,
  });
});

it.each([
  ['90d', '2026-04-01T00:00:00.000Z'],
  ['12h', '2026-01-01T12:00:00.000Z'],
  ['2027-01-31T00:00:00Z', '2027-01-31T00:00:00.000Z'],
  ['2027-01-31T00:00:00+02:00', '2027-01-30T22:00:00.000Z'],
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
])('reads --expires %s', (text, moment) => {
  expect(read(`create --expires ${text}`)).toMatchObject({ expiresAt: moment });
});

it('reads the overlap of a rotation: a day when left out', () => {
  expect(read('rotate key_1')).toMatchObject({ keyId: 'key_1', overlapSeconds: 86_400 });
  expect(read('rotate key_1 --overlap 30m')).toMatchObject({ overlapSeconds: 1_800 });
});

it('explains itself when it is asked for nothing or for help', () => {
  expect(read('')).toMatchObject({ action: 'help' });
  expect(read('create --help')).toMatchObject({ action: 'help' });
});

it.each([
  ['destroy', 'Unknown command: destroy'],
  ['revoke', 'needs the id of a key'],
  ['create key_1', 'Unexpected: key_1'],
  ['revoke key_1 key_2', 'Unexpected: key_2'],
  ['create --scopes leads:read,leads:all', 'unknown: leads:all'],
  ['create --scopes ,', '--scopes must be'],
  ['create --expires 2020-01-01T00:00:00Z', 'must be in the future'],
  ['create --expires 2027-02-30', '--expires must be'],
  ['create --expires 2027-02-30T00:00:00Z', '--expires must be'],
  ['create --expires 2027-01-31T00:00:00', 'with its zone'],
  ['create --expires soon', '--expires must be'],
  ['rotate key_1 --overlap 31d', 'at most 30d'],
  ['rotate key_1 --overlap 1w', '--overlap must be'],
  ['list --everything', "Unknown option '--everything'"],
])('refuses "%s": %s', (line, message) => {
  expect(() => read(line)).toThrow(UsageError);
  expect(() => read(line)).toThrow(message);
});
