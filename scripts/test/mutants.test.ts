import { expect, it } from 'vitest';
import type { Change } from '../mutation/change.ts';
import { codeChanges, marked } from '../mutation/code-mutants.ts';
import { edited } from '../mutation/edited.ts';
import { sqlChanges } from '../mutation/sql-mutants.ts';

const each = (text: string, changes: readonly Change[]) => changes.map((change) => edited(text, [change]).replaceAll(/\s+/g, ' ').trim());

it('takes each condition, operand, member, default, statement and call out of code', () => {
  const text = 'function f(a = 1) { if (a < 2 && b) throw g(a); h(); return { a, b: [c] }; }';
  expect(each(text, codeChanges('f.ts', text))).toEqual([
    'function f(a) { if (a < 2 && b) throw g(a); h(); return { a, b: [c] }; }',
    'function f(a = 1) { if (false) throw g(a); h(); return { a, b: [c] }; }',
    'function f(a = 1) { if (b) throw g(a); h(); return { a, b: [c] }; }',
    'function f(a = 1) { if (a < 2) throw g(a); h(); return { a, b: [c] }; }',
    'function f(a = 1) { if (a <= 2 && b) throw g(a); h(); return { a, b: [c] }; }',
    'function f(a = 1) { if (a < 2 && b) throw (a); h(); return { a, b: [c] }; }',
    'function f(a = 1) { if (a < 2 && b) throw g(a); ; return { a, b: [c] }; }',
    'function f(a = 1) { if (a < 2 && b) throw g(a); h(); return { b: [c] }; }',
    'function f(a = 1) { if (a < 2 && b) throw g(a); h(); return { a, }; }',
    'function f(a = 1) { if (a < 2 && b) throw g(a); h(); return { a, b: [] }; }',
  ]);
});

it('takes each condition out of SQL in a template, and leaves its parameters in it', () => {
  const text = 'const sql = `select 1 from t where a = ${p(1)} and (b or c) order by d`;';
  expect(each(text, codeChanges('f.ts', text))).toEqual([
    'const sql = `select 1 from t where ((a = ${p(1)}) or true) and (b or c) order by d`;',
    'const sql = `select 1 from t where a = ${p(1)} and (((b or c)) or true) order by d`;',
    'const sql = `select 1 from t where a = ${p(1)} and (((b) and false) or c) order by d`;',
    'const sql = `select 1 from t where a = ${p(1)} and (b or ((c) and false)) order by d`;',
    'const sql = `select 1 from t where a = ${p(1)} and (b or c) `;',
    'const sql = `select 1 from t where a = ${(1)} and (b or c) order by d`;',
  ]);
});

it('takes each condition, branch, column and statement out of a function of the database', () => {
  const text = 'create function f() as $$ begin if a > 1 then update t set b = 2, c = 3 where d; end if; return; end $$;';
  expect(each(text, sqlChanges(text, []))).toEqual([
    'create function f() as $$ begin if false then update t set b = 2, c = 3 where d; end if; return; end $$;',
    'create function f() as $$ begin if true then update t set b = 2, c = 3 where d; end if; return; end $$;',
    'create function f() as $$ begin if a >= 1 then update t set b = 2, c = 3 where d; end if; return; end $$;',
    'create function f() as $$ begin if a > 1 then null; end if; return; end $$;',
    'create function f() as $$ begin if a > 1 then update t set c = 3 where d; end if; return; end $$;',
    'create function f() as $$ begin if a > 1 then update t set b = 2 where d; end if; return; end $$;',
    'create function f() as $$ begin if a > 1 then update t set b = 2, c = 3 where true; end if; return; end $$;',
    'create function f() as $$ begin if a > 1 then update t set b = 2, c = 3 where d; end if; null; end $$;',
  ]);
});

it('leaves locks, and the order in which rows are locked', () => {
  const text = 'create function f() as $$ begin perform pg_advisory_xact_lock(1); perform 1 from t order by a for update; end $$;';
  expect(sqlChanges(text, [])).toEqual([]);
});

it('takes each member out of what is a part of an object in several functions', () => {
  const text = "-- Members.\n'a', b,\n'c', d";
  expect(each(text, sqlChanges(text, []))).toEqual(["-- Members. 'c', d", "-- Members. 'a', b"]);
});

it('marks each block, arrow function and branch of a file', () => {
  const { text, blocks } = marked('f.ts', 'function f() { return a ? 1 : 2; } const g = () => 3;');
  const mark = (i: number) => `globalThis.reached("f.ts", ${i})`;
  expect(text).toBe(`function f() {${mark(0)}; return a ? (${mark(1)}, 1) : (${mark(2)}, 2); } const g = () => (${mark(3)}, 3);`);
  expect(blocks).toHaveLength(4);
});
