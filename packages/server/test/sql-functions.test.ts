import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase, run } from '../src/db/database.ts';
import * as functions from '../src/db/functions.ts';
import { PERSONAL_COLUMNS } from '../src/leads/lead-fields.ts';
import { onEachDatabase } from './support/databases.ts';

/** The names and types of a function's arguments, and of the columns of its rows, as the database has them. */
const SIGNATURES = `
  select proname as name, prorettype::regtype::text as answers, proretset as is_set,
    coalesce(array_agg(argument.name) filter (where argument.mode in ('i', 'v')), '{}') as args,
    coalesce(array_agg(argument.type::regtype::text) filter (where argument.mode in ('i', 'v')), '{}') as arg_types,
    coalesce(array_agg(argument.name) filter (where argument.mode = 't'), '{}') as columns,
    coalesce(array_agg(argument.type::regtype::text) filter (where argument.mode = 't'), '{}') as column_types
  from pg_proc
  left join lateral unnest(
    proargnames, coalesce(proallargtypes, proargtypes::oid[]), coalesce(proargmodes::text[], array_fill('i'::text, array[pronargs]))
  ) as argument (name, type, mode) on true
  where pronamespace = current_schema::regnamespace and obj_description(pg_proc.oid, 'pg_proc') like 'checksum %'
  group by pg_proc.oid, proname, prorettype, proretset`;

interface Signature {
  readonly name: string;
  readonly answers: string;
  readonly args: string[];
  readonly arg_types: string[];
  readonly columns: string[];
  readonly column_types: string[];
}

onEachDatabase('the functions of the database', (database) => {
  let db: Database;
  let signatures: Map<string, Signature>;

  beforeAll(async () => {
    db = openDatabase(database.connection, 1, () => {});
    signatures = new Map((await run<Signature>(db, SIGNATURES, [])).map((signature) => [signature.name, signature]));
  });
  afterAll(() => db.destroy());

  it('are those of the files, each in one definition', async () => {
    const files = readdirSync(new URL('../src/db/functions/', import.meta.url)).map((file) => file.replace('.sql', ''));
    const all = await run<{ name: string }>(
      db,
      `select proname as name from pg_proc
       where pronamespace = current_schema::regnamespace
         and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')`,
      [],
    );
    expect(all.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
  });

  it.each(Object.values(functions).map((described) => [described.name, described] as const))(
    '%s takes and answers what its callers believe',
    (name, { args, row }) => {
      const found = signatures.get(name)!;
      expect(Object.fromEntries(found.args.map((arg, i) => [arg, found.arg_types[i]]))).toEqual(
        Object.fromEntries(Object.entries(args).map(([arg, type]) => [`p_${arg}`, type])),
      );
      const columns =
        found.columns.length > 0 ? found.columns.map((column, i) => [column, found.column_types[i]]) : [[name, found.answers]];
      expect(Object.fromEntries(columns)).toEqual(row);
    },
  );

  it('take no row of a table, and the workspace by its name, so that a database can be distributed by it', () => {
    for (const { name, args, arg_types: types, answers } of signatures.values()) {
      expect(types, name).not.toContain('leads');
      if (answers !== 'trigger' && args.some((arg) => /_(id|ids|leads)$/.test(arg))) expect(args, name).toContain('p_workspace');
    }
  });

  it('compile no statement that only counts as dear because a way to run it is off', async () => {
    const rows = await run<{ name: string; settings: string[] }>(
      db,
      `select proname as name, proconfig as settings from pg_proc
       where pronamespace = current_schema::regnamespace and 'enable_seqscan=off' = any(proconfig)`,
      [],
    );
    expect(rows).not.toEqual([]);
    for (const { name, settings } of rows) expect(settings, name).toContain('jit=off');
  });

  it('leave no samples of personal data in the statistics of the planner', async () => {
    const rows = await run<{ name: string }>(
      db,
      `select attname as name from pg_attribute where attrelid = 'leads'::regclass and attstattarget = 0`,
      [],
    );
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining([...PERSONAL_COLUMNS]));
  });
});
