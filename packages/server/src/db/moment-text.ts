import pg from 'pg';

const TIMESTAMPTZ: number = pg.types.builtins.TIMESTAMPTZ;
const parseMoment = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;

/** A moment of PostgreSQL as the API writes it, in UTC with milliseconds: most are only sent on, and to make a date of each takes long. */
export function momentText(text: string): string {
  // 2026-01-31 12:00:00.123456+00, where zeros at the end of a fraction are left out.
  if (!text.endsWith('+00') || text[10] !== ' ') return parseMoment(text).toISOString();
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0').slice(0, 3)}Z`;
}

/** How the driver reads columns: as it does by itself, but for moments. */
export const COLUMN_TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((type: number, format?: 'text') =>
    type === TIMESTAMPTZ ? momentText : pg.types.getTypeParser(type, format)) as pg.CustomTypesConfig['getTypeParser'],
};
