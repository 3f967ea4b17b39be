import { expect, it } from 'vitest';
import { statementsOf } from './statements.ts';

it('statements end at a semicolon, unless it stands in a text or a comment', () => {
  const sql = `-- First; the table.
create table a (b text default 'it''s; fine');
do $$ begin perform 1; end $$;
do $own$ begin perform $$;$$; end $own$; select '$$'; select 1 -- the last; one
`;
  expect(statementsOf(sql).map((statement) => statement.trim())).toEqual([
    `-- First; the table.\ncreate table a (b text default 'it''s; fine');`,
    'do $$ begin perform 1; end $$;',
    'do $own$ begin perform $$;$$; end $own$;',
    `select '$$';`,
    'select 1 -- the last; one',
  ]);
});

it('what is only a comment is no statement', () => {
  expect(statementsOf('-- Nothing; at all.\n\n;')).toEqual([]);
});
