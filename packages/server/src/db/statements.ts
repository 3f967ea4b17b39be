/** What a semicolon means nothing in: text in dollars, text in quotes, comments. */
const OPAQUE = /\$(\w*)\$[^]*?\$\1\$|'(?:[^']|'')*'|--.*/g;

/** The statements of an SQL file, one by one: sent together, Citus cannot hand them on to its machines. */
export function statementsOf(sql: string): string[] {
  const visible = sql.replace(OPAQUE, (text) => ' '.repeat(text.length));
  const statements: string[] = [];
  for (let start = 0; start < sql.length;) {
    const end = visible.indexOf(';', start);
    const next = end === -1 ? sql.length : end + 1;
    if (visible.slice(start, next).replace(';', '').trim() !== '') statements.push(sql.slice(start, next));
    start = next;
  }
  return statements;
}
