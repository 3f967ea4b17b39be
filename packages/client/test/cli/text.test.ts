import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { csvLine } from '../../src/cli/csv.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { Table } from '../../src/cli/table.ts';
import { cut, duration, plain, plainLines, wrap } from '../../src/cli/text.ts';

const asIs = (_: string, text: string) => text;

it.each([
  ['a colour', 'a\u001b[31mb\u001b[0mc', 'abc'],
  ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
  ['a half sequence', 'a\u001b[', 'a ['],
  ['a C1 sequence', 'a\u009b31mb', 'a 31mb'],
  ['a change of direction', 'a\u202eb', 'a b'],
  ['lines', 'a\r\nb\tc', 'a b c'],
  ['what may hide in a name', 'a\u200b\u200e\ufeffb', 'a b'],
  ['a bell and a backspace', 'a\u0007\u0008b', 'a b'],
])('what a terminal would obey does not reach it: %s', (_, text, expected) => {
  expect(plain(text)).toBe(expected);
});

it('a text for programs keeps its lines and nothing else that a terminal would obey', () => {
  expect(plainLines('a\u001b[31m\r\nb\n')).toBe('a [31m\r\nb\n');
});

it.each([
  ['John', 4],
  ['山田', 4],
  ['한국', 4],
  ['e\u0301', 1],
  ['👩', 2],
  ['ｆｕｌｌ', 8],
  ['👩‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['1️⃣', 2],
  ['न्द', 1],
])('knows how wide %s is', (text, width) => {
  expect(stringWidth(text)).toBe(width);
});

it('keeps what holds one character together', () => {
  expect(plain('👩‍👩‍👧‍👦 می‌خواهم')).toBe('👩‍👩‍👧‍👦 می‌خواهم');
});

it('cuts between characters, never wider than asked', () => {
  expect(cut('山田太郎', 6)).toBe('山田…');
  expect(cut('山田太郎', 8)).toBe('山田太郎');
  expect(cut('John Doe', 5)).toBe('John…');
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 4)).toBe('👩‍👩‍👧‍👦…');
});

it('wraps between words', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('one two three', 9, '  ')).toEqual(['  one two', '  three']);
});

it('a table is never wider than the terminal, and never cuts what is to be copied', () => {
  const columns = [
    { name: 'id', value: (row: { id: string; name: string }) => row.id, whole: true },
    { name: 'name', value: (row: { id: string; name: string }) => row.name },
  ];
  const rows = [
    { id: 'lead_1234567890', name: '山'.repeat(60) },
    { id: 'lead_2', name: 'John\u001b[2J' },
  ];
  const lines = new Table(columns, 40, asIs).lines(rows);
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(40);
  expect(lines[1]).toMatch(/^lead_1234567890 {2}山+…$/);
  expect(lines[2]).toBe('lead_2           John');
});

it('CSV is quoted, and holds no formula', () => {
  expect(csvLine(['a"b', '=1+1', null, { a: 1 }, 'x\ny'])).toBe('"a""b",\'=1+1,,"{""a"":1}","x\ny"\r\n');
});

it('names what was probably meant, and nothing where nothing is near', () => {
  expect(nearest('stauts', ['source', 'status'])).toBe('status');
  expect(nearest('lst', ['list', 'login'])).toBe('list');
  expect(nearest('comp', ['completion', 'create'])).toBe('completion');
  expect(nearest('quux', ['list', 'login'])).toBeUndefined();
});

it('says durations as people do', () => {
  expect([7_000, 754_000, 3_723_000].map(duration)).toEqual(['0:07', '12:34', '1:02:03']);
});
