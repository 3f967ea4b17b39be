import { type Database, run } from './database.ts';

/** What the driver takes for a type of PostgreSQL. */
interface SqlTypes {
  text: string;
  'text[]': readonly (string | null)[];
  boolean: boolean;
  integer: number;
  /** As text: it may be more than a number holds exactly. */
  bigint: string;
  uuid: string;
  bytea: Buffer;
  jsonb: unknown;
  /** As JSON. */
  'jsonb[]': readonly string[];
  'timestamp with time zone': Date;
  void: unknown;
}

type SqlType = keyof SqlTypes;
type Types = Readonly<Record<string, SqlType>>;
type Values<Named extends Types> = { readonly [Name in keyof Named]: SqlTypes[Named[Name]] | null };

/** What the driver gives: a moment as the API writes it, all else as it is taken. */
type Results<Named extends Types> = {
  readonly [Name in keyof Named]: (Named[Name] extends 'timestamp with time zone' ? string : SqlTypes[Named[Name]]) | null;
};

/** SQL in the place of a value. */
export class Sql {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A function of the database: its file is `functions/<name>.sql`. */
export interface SqlFunction<Arguments extends Types, Row extends Types> {
  readonly name: string;
  readonly args: Arguments;
  /** The columns of its rows; the one column of a function that answers a value has the function's name. */
  readonly row: Row;
  /** Calls it, and answers its rows; `send` is `runShort` where that is over soon. */
  call(db: Database, args: Values<Arguments>, send?: typeof run): Promise<Results<Row>[]>;
  /** A call of it, to stand in another statement; `parameter` takes a value and answers its place there. */
  expression(args: { readonly [Name in keyof Arguments]: Values<Arguments>[Name] | Sql }, parameter: (value: unknown) => string): string;
}

/** Describes a function, with its arguments by their names without `p_`, and the columns of its rows. A test compares it with the database. */
export function sqlFunction<const Arguments extends Types, const Row extends Types>(
  name: string,
  args: Arguments,
  row: Row,
): SqlFunction<Arguments, Row> {
  const names = Object.keys(args);
  const text = `select * from ${name}(${names.map((arg, i) => `p_${arg} => ${typed(`$${i + 1}`, args[arg]!)}`).join(', ')})`;
  return {
    name,
    args,
    row,
    call: (db, values, send = run) =>
      send(
        db,
        text,
        names.map((arg) => sent(values[arg], args[arg]!)),
      ),
    expression: (values, parameter) => {
      const given = names.map((arg) => {
        const value = values[arg];
        return `p_${arg} => ${value instanceof Sql ? value.text : typed(parameter(sent(value, args[arg]!)), args[arg]!)}`;
      });
      return `${name}(${given.join(', ')})`;
    },
  };
}

/** A parameter as SQL. */
function typed(parameter: string, type: SqlType): string {
  return type === 'jsonb[]' ? `array(select jsonb_array_elements(${parameter}::jsonb))` : `${parameter}::${type}`;
}

/** A value as it is sent. A list of JSON is sent as one: in an array each `"` and `\` is escaped once more, which took most of the time. */
function sent(value: unknown, type: SqlType): unknown {
  return type === 'jsonb[]' && value !== null ? `[${(value as SqlTypes['jsonb[]']).join(',')}]` : value;
}
