import { parseSync } from 'vite';
import type { Change } from './change.ts';
import { sqlChanges } from './sql-mutants.ts';

/** A node of the syntax tree (ESTree), as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const TESTS = new Set(['IfStatement', 'ConditionalExpression', 'ForStatement', 'WhileStatement']);
const COMPARISONS = new Set(['===', '!==', '<', '<=', '>', '>=', 'in', 'instanceof']);
const SWAPPED: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
/** What begins so, or has this in it, is SQL; a message for people begins with a capital. */
const SQL =
  /^[\s(]*(?:select|with|insert|update|delete|and|when|from|\$\{UNPREPARED\})\b|\bwhere\b|jsonb_build_object|[a-z_]+ (?:=|<|>|>=|@>|<=) \$\{/;

/**
 * What can be taken out of a file of TypeScript: conditions and operands of conditions, members of objects and arrays, statements,
 * cases, defaults, calls around a value and after one; and what can be taken out of the SQL in it.
 */
export function codeChanges(file: string, text: string): Change[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const changes: Change[] = [];
  const put = (start: number, end: number, by: string, what: string) => changes.push({ start, end, text: by, what });
  const source = ({ start, end }: Node) => text.slice(start, end);
  visit(program as unknown as Node, undefined);
  return changes;

  function visit(node: Node, parent: Node | undefined): void {
    if (node.type.startsWith('TS') && !['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(node.type)) return;
    if (node.type === 'ImportDeclaration') return;
    change(node, parent);
    for (const child of childrenOf(node)) visit(child, node);
  }

  function change(node: Node, parent: Node | undefined): void {
    const { type, start, end } = node;
    if (isTest(node, parent) || (isDecision(node) && parent?.type !== 'LogicalExpression' && !isNot(parent))) {
      put(start, end, 'false', `never: ${source(node)}`);
      if (type !== 'LogicalExpression' && !['ForStatement', 'WhileStatement'].includes(parent!.type))
        put(start, end, 'true', `always: ${source(node)}`);
    }
    const swapped = SWAPPED[node['operator'] as string];
    if (type === 'BinaryExpression' && swapped) {
      const at = text.indexOf(node['operator'] as string, (node['left'] as Node).end);
      put(at, at + (node['operator'] as string).length, swapped, `${source(node)} with ${swapped}`);
    }
    if (type === 'LogicalExpression' && !(parent?.type === type && parent['operator'] === node['operator'])) withoutOperands(node);
    if (type === 'ObjectExpression') withoutMembers(node['properties'] as Node[]);
    if (type === 'ArrayExpression') withoutMembers((node['elements'] as (Node | null)[]).filter((element) => element !== null));
    if (type === 'AssignmentPattern') {
      const { end: to } = node['left'] as Node;
      put(to, end, '', `no default: ${source(node)}`);
    }
    if (type === 'ExpressionStatement' && parent?.type !== 'IfStatement') put(start, end, ';', `without: ${source(node)}`);
    if (type === 'SwitchCase' && (node['consequent'] as Node[]).length > 0) put(start, end, '', `without: ${source(node)}`);
    if ((type === 'CallExpression' || type === 'NewExpression') && parent?.type !== 'ExpressionStatement') unwrapped(node);
    if (type === 'TemplateLiteral') inSql(node, node['expressions'] as Node[], node['quasis'] as Node[]);
    if (type === 'Literal' && typeof node['value'] === 'string') inSql(node, [], []);
  }

  function withoutOperands(node: Node): void {
    const operands = operandsOf(node, node['operator'] as string);
    for (const [i, operand] of operands.entries()) {
      const [from, to] = i === 0 ? [operand.start, operands[1]!.start] : [operands[i - 1]!.end, operand.end];
      put(from, to, '', `without: ${source(operand)}`);
    }
  }

  function withoutMembers(members: readonly Node[]): void {
    for (const member of members) {
      const comma = /^\s*,/.exec(text.slice(member.end))?.[0].length ?? 0;
      put(member.start, member.end + comma, '', `without: ${source(member)}`);
    }
  }

  function unwrapped(node: Node): void {
    const { callee, arguments: given } = node as Node & { callee: Node; arguments: Node[] };
    if (callee.type === 'Identifier' && given.length === 1)
      put(node.start, node.end, `(${source(given[0]!)})`, `not within: ${source(callee)}`);
    if (
      callee.type === 'MemberExpression' &&
      !callee['computed'] &&
      // An array in a text reads the same.
      !/\.join\(', ?'\)$/.test(source(node)) &&
      !['Object', 'JSON', 'Array', 'Math'].includes(source(callee['object'] as Node))
    )
      put((callee['object'] as Node).end, node.end, '', `without: ${text.slice((callee['object'] as Node).end, node.end)}`);
  }

  function inSql(node: Node, expressions: readonly Node[], quasis: readonly Node[]): void {
    const sql = text.slice(node.start + 1, node.end - 1);
    if (!SQL.test(sql) || /^[A-Z]/.test(sql)) return;
    const parts = expressions.map((_, i) => ({
      start: partStart(quasis[i]!) - node.start - 1,
      end: partEnd(quasis[i + 1]!) - node.start - 1,
    }));
    for (const { start, end, text: by, what } of sqlChanges(sql, parts))
      put(node.start + 1 + start, node.start + 1 + end, by, `SQL: ${what}`);
  }

  /** Where `${` stands after a part of a template. */
  function partStart(quasi: Node): number {
    return text.startsWith('${', quasi.end) ? quasi.end : quasi.end - 2;
  }

  function partEnd(quasi: Node): number {
    return text[quasi.start] === '}' ? quasi.start + 1 : quasi.start;
  }
}

function isTest(node: Node, parent: Node | undefined): boolean {
  return parent !== undefined && TESTS.has(parent.type) && parent['test'] === node;
}

/** Whether the value of an expression is surely true or false. */
function isDecision(node: Node): boolean {
  return (node.type === 'BinaryExpression' && COMPARISONS.has(node['operator'] as string)) || isNot(node);
}

function isNot(node: Node | undefined): boolean {
  return node?.type === 'UnaryExpression' && node['operator'] === '!';
}

function operandsOf(node: Node, operator: string): Node[] {
  if (node.type !== 'LogicalExpression' || node['operator'] !== operator) return [node];
  return [...operandsOf(node['left'] as Node, operator), ...operandsOf(node['right'] as Node, operator)];
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((child): child is Node => typeof (child as Node | null)?.type === 'string');
}

/**
 * The same file, with a call of `globalThis.reached` in each block, arrow function and branch, and where each of these begins and
 * ends, by its number.
 */
export function marked(file: string, text: string): { text: string; blocks: { start: number; end: number }[] } {
  const blocks: { start: number; end: number }[] = [];
  const inserts: { at: number; text: string }[] = [];
  const mark = ({ start, end }: Node) => `globalThis.reached(${JSON.stringify(file)}, ${blocks.push({ start, end }) - 1})`;
  const around = (node: Node, before: string, after: string) =>
    inserts.push({ at: node.start, text: before }, { at: node.end, text: after });
  const visit = (node: Node, parent: Node | undefined): void => {
    if (node.type === 'BlockStatement') inserts.push({ at: node.start + 1, text: `${mark(node)};` });
    else if (parent && isBranch(node, parent))
      if (node.type.endsWith('Statement')) around(node, `{${mark(node)};`, '}');
      else around(node, `(${mark(node)}, `, ')');
    for (const child of childrenOf(node)) if (!node.type.startsWith('TSType')) visit(child, node);
  };
  const { program } = parseSync(file, text);
  visit(program as unknown as Node, undefined);
  const sorted = inserts.map((insert, i) => ({ ...insert, i })).toSorted((a, b) => b.at - a.at || b.i - a.i);
  let result = text;
  for (const { at, text: inserted } of sorted) result = result.slice(0, at) + inserted + result.slice(at);
  return { text: result, blocks };
}

function isBranch(node: Node, parent: Node): boolean {
  if (parent.type === 'ArrowFunctionExpression') return parent['body'] === node;
  return ['IfStatement', 'ConditionalExpression'].includes(parent.type) && parent['test'] !== node;
}
