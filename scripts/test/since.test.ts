import { expect, it } from 'vitest';
import { described, sinceAt } from '../since.ts';

it('a release gives its version to what is new, and what was there keeps its own', () => {
  const before = { operations: { 'leads.get': '1.0.0', 'leads.gone': '1.0.0' } };
  expect(sinceAt('1.1.0', { operations: ['leads.get', 'leads.new'], commands: ['get'] }, before)).toEqual({
    operations: { 'leads.get': '1.0.0', 'leads.new': '1.1.0' },
    commands: { get: '1.1.0' },
  });
});

it('operations, errors, commands, settings and routes of the mock have one', () => {
  for (const [kind, names] of Object.entries(described())) expect(names.length, kind).toBeGreaterThan(5);
});
