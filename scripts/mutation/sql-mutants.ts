import type { Change } from './change.ts';

interface Token {
  /** In small letters; `${}` for what a template puts in. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** How many brackets and `case` stand open around it. */
  readonly depth: number;
}

const TOKEN =
  /--[^\n]*|'(?:[^']|'')*'|\$\{|\$\$|(?:[\w.:]|\$(?!\{))*[a-z_](?:[\w.]|\$(?!\{))*|\d+|<>|<=|>=|->>|->|#>>|\|\||&&|=>|:=|::|@>|[<>=()[\],;~+\-*/%?]/giu;
/** What ends a condition. */
const AFTER_CONDITION = new Set(
  'group order limit for union returning having offset then on left join cross from loop where into window ; , else'.split(' '),
);
const STATEMENTS = new Set(['perform', 'update', 'delete', 'insert', 'return', 'select', 'with', 'continue', 'exit']);
/** What only waits. */
const LOCKS = /pg_advisory|lock_leads|for (?:no key )?update|for (?:key )?share/;
const SWAPPED: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/**
 * What can be taken out of SQL: conditions, branches, columns that are set, members of objects, orders, statements. Of a
 * template `parts` are the places where something is put in; a condition of it stays as far as it names a parameter.
 */
export function sqlChanges(sql: string, parts: readonly { readonly start: number; readonly end: number }[]): Change[] {
  const tokens = tokensOf(sql, parts);
  const changes: Change[] = [];
  const put = (start: number, end: number, text: string, what: string) => changes.push({ start, end, text, what });
  const source = (from: number, to: number) => sql.slice(tokens[from]!.start, tokens[to - 1]!.end);
  const body = tokens.findIndex(({ text }) => text === '$$');

  for (const [i, { text, start, end, depth }] of tokens.entries()) {
    const next = tokens[i + 1]?.text;
    if (text === 'where' || text === 'having' || (text === 'on' && isJoin(i))) condition(i + 1, endOfCondition(i + 1), 'removed');
    if (text === 'and' && i === 0 && next) condition(1, endOfCondition(1), 'removed');
    if (text === 'when' || ((text === 'if' || text === 'elsif') && i > body && tokens[i - 1]!.text !== 'end'))
      condition(i + 1, endOfCondition(i + 1), 'decided');
    if (SWAPPED[text]) put(start, end, SWAPPED[text], `${text} is ${SWAPPED[text]}`);
    if (text === 'else' && tokens[i - 1] && isInCase(i)) put(start, tokens[groupEnd(i + 1, depth)]!.start, '', 'no else');
    // A fragment may be members of an object, without the object.
    if (i === 0 && text.startsWith("'")) list(0, 2);
    if (text === 'jsonb_build_object') list(i + 2, 2);
    if (text === 'jsonb_build_array' || (text === 'array' && next === '[')) list(i + 2, 1);
    if (text === 'greatest') list(i + 2, 1);
    if (text === 'coalesce') list(i + 2, 1, true);
    if (text === 'set' && i > body) list(i + 1, 1);
    if (text === 'by' && tokens[i - 1]?.text === 'order') order(i);
    if (text === 'limit') put(start, tokens[i + 1]!.end, '', 'no limit');
    if (text === 'distinct' && next !== 'from') put(start, end, '', 'not distinct');
    if (text === 'on' && next === 'conflict' && tokens[i + 2]?.text === 'do') put(start, tokens[i + 3]!.end, '', 'a conflict fails');
    if (text === 'left' && next === 'join') put(start, end, '', 'an inner join');
    if (text === 'union') put(start, tokens[unionEnd(i)]?.start ?? sql.length, '', 'without the second part');
    if (i > body && body !== -1 && isStatement(i)) put(start, tokens[statementEnd(i)]!.start, 'null', 'statement removed');
  }
  return changes;

  function isJoin(at: number): boolean {
    if (tokens[at + 1]?.text === 'conflict') return false;
    for (let i = at - 1; i >= 0 && tokens[i]!.depth >= tokens[at]!.depth; i--)
      if (tokens[i]!.depth === tokens[at]!.depth && ['join', 'where', 'trigger', ';'].includes(tokens[i]!.text))
        return tokens[i]!.text === 'join';
    return false;
  }

  function isInCase(at: number): boolean {
    for (let i = at - 1; i >= 0; i--) if (tokens[i]!.depth < tokens[at]!.depth) return tokens[i]!.text === 'case';
    return false;
  }

  /** The first token from `from` on that is out of the group. */
  function groupEnd(from: number, depth: number): number {
    let i = from;
    while (i < tokens.length && tokens[i]!.depth >= depth) i++;
    return i;
  }

  function endOfCondition(from: number): number {
    const { depth } = tokens[from]!;
    for (let i = from; i < tokens.length; i++) {
      const { text, depth: own } = tokens[i]!;
      if (own < depth || (own === depth && (AFTER_CONDITION.has(text) || text === '$$'))) return i;
      // Conditions, and then an order: nothing else stands between them.
      if (own === depth && text === '${}' && tokens[i - 1]!.text === '${}' && /\s/.test(sql.slice(tokens[i - 1]!.end, tokens[i]!.start)))
        return i;
    }
    return tokens.length;
  }

  function condition(from: number, to: number, how: 'removed' | 'decided'): void {
    if (from >= to || tokens[from]!.text === 'true') return;
    if (how === 'decided') put(tokens[from]!.start, tokens[to - 1]!.end, neutral(from, to, false), `never: ${source(from, to)}`);
    const isWhole = operands(from, to);
    if (isWhole) put(tokens[from]!.start, tokens[to - 1]!.end, neutral(from, to, true), `always: ${source(from, to)}`);
  }

  /** Takes out each operand of `and` and `or`; whether there are none. */
  function operands(from: number, to: number): boolean {
    for (const word of ['or', 'and'] as const) {
      const cuts = [from - 1, ...cutsAt(word, from, to), to];
      if (cuts.length === 2) continue;
      for (let k = 1; k < cuts.length; k++) {
        const [first, last] = [cuts[k - 1]! + 1, cuts[k]!];
        put(tokens[first]!.start, tokens[last - 1]!.end, neutral(first, last, word === 'and'), `without: ${source(first, last)}`);
        operands(first, last);
      }
      return false;
    }
    if (tokens[from]!.text === 'not') return operands(from + 1, to);
    if (tokens[from]!.text === '(' && tokens[to - 1]!.text === ')' && !['select', 'with'].includes(tokens[from + 1]!.text))
      return operands(from + 1, to - 1);
    return true;
  }

  function cutsAt(word: 'or' | 'and', from: number, to: number): number[] {
    const cuts: number[] = [];
    let isBetween = false;
    for (let i = from; i < to; i++) {
      if (tokens[i]!.depth !== tokens[from]!.depth) continue;
      if (tokens[i]!.text === 'between') isBetween = true;
      else if (tokens[i]!.text === 'and' && isBetween) isBetween = false;
      else if (tokens[i]!.text === word) cuts.push(i);
    }
    return cuts;
  }

  function neutral(from: number, to: number, value: boolean): string {
    return parts.length === 0 ? String(value) : `((${source(from, to)}) ${value ? 'or true' : 'and false'})`;
  }

  /** Takes out each member of a list between commas, `size` at a time; or the last one only. */
  function list(from: number, size: number, lastOnly = false): void {
    const { depth } = tokens[from] ?? { depth: 0 };
    const end = tokens.findIndex(
      ({ text, depth: own }, i) => i > from && (own < depth || (own === depth && (text === 'where' || text === 'from' || text === ';'))),
    );
    const last = end === -1 ? tokens.length : end;
    const commas = [from - 1, ...range(from, last).filter((i) => tokens[i]!.depth === depth && tokens[i]!.text === ','), last];
    if (commas.length <= size + 1) return;
    for (let k = lastOnly ? commas.length - 2 : 0; k + size < commas.length; k += size) {
      const [first, after] = [commas[k]! + 1, commas[k + size]!];
      const what = `without: ${source(first, after)}`;
      if (k === 0) put(tokens[first]!.start, tokens[after + 1]!.start, '', what);
      else put(tokens[commas[k]!]!.start, tokens[after - 1]!.end, '', what);
    }
  }

  function order(by: number): void {
    const { depth } = tokens[by]!;
    const end = tokens.findIndex(
      ({ text, depth: own }, i) => i > by && (own < depth || (own === depth && ['limit', 'for', 'on', ';', 'loop'].includes(text))),
    );
    const last = end === -1 ? tokens.length : end;
    // In which order rows are locked, no answer tells.
    if (tokens[last]?.text === 'for') return;
    const commas = [by, ...range(by + 1, last).filter((i) => tokens[i]!.depth === depth && tokens[i]!.text === ','), last];
    if (commas.length === 2) put(tokens[by - 1]!.start, tokens[last - 1]!.end, '', 'no order');
    else list(by + 1, 1);
  }

  function unionEnd(at: number): number {
    const { depth } = tokens[at]!;
    const end = tokens.findIndex(({ text, depth: own }, i) => i > at && (own < depth || (own === depth && ['union', ';'].includes(text))));
    return end === -1 ? tokens.length : end;
  }

  function isStatement(i: number): boolean {
    const { text, depth } = tokens[i]!;
    if (depth > 0 || !['begin', ';', 'then', 'else', 'loop'].includes(tokens[i - 1]!.text)) return false;
    if (text === 'perform' && LOCKS.test(source(i, statementEnd(i)))) return false;
    return STATEMENTS.has(text) || tokens[i + 1]?.text === ':=';
  }

  function statementEnd(from: number): number {
    return from + tokens.slice(from).findIndex(({ text, depth }) => text === ';' && depth === 0);
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function tokensOf(sql: string, parts: readonly { readonly start: number; readonly end: number }[]): Token[] {
  const tokens: Token[] = [];
  const open: string[] = [];
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(sql); match; match = pattern.exec(sql)) {
    let text = match[0].toLowerCase();
    if (text.startsWith('--')) continue;
    const part = parts.find(({ start }) => start === match.index);
    if (part) {
      text = '${}';
      pattern.lastIndex = part.end;
    }
    if (text === ')' || text === ']' || (text === 'end' && open.at(-1) === 'case')) open.pop();
    tokens.push({ text, start: match.index, end: pattern.lastIndex, depth: open.length });
    if (text === '(' || text === '[' || text === 'case') open.push(text);
  }
  return tokens;
}
