/** Which differences between two documents break those who call the API. Redocly finds and rates them; see decision 30. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRule, type Rule } from './advice.ts';
import { comparable, type Document, ERRORS, type Json } from './comparable.ts';

/** One difference, with all operations that have it. */
export interface Change {
  readonly verdict: 'breaking' | 'addition';
  /** What kind of break it is; undefined for an addition. */
  readonly rule?: Rule;
  /** What became of what, in a sentence. */
  readonly message: string;
  /** Where in the operation. */
  readonly where: string;
  /** The operations, as `DELETE /api/v1/leads/{leadId}`. */
  readonly operations: readonly string[];
}

/** A change as Redocly reports it. */
interface Reported {
  readonly path: string;
  readonly typeName: string;
  readonly kind: 'added' | 'removed' | 'modified';
  readonly property?: string;
  readonly impact: 'major' | 'minor' | 'patch';
  readonly verdicts: readonly { readonly ruleId: string; readonly message: string }[];
  readonly base?: { readonly value: unknown };
  readonly revision?: { readonly value: unknown };
}

const CLI = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));

/**
 * The differences that matter to a caller, breaking ones first. None where only texts differ.
 * @param today decides whether an operation that was announced to end may be gone.
 */
export function compare(base: Document, revision: Document, today = new Date()): Change[] {
  const [before, after] = [comparable(base), comparable(revision)];
  const reported = diff(before, after);
  const newCodes = reported.filter((it) => it.kind === 'added' && codeOf(it.path)).map(({ path }) => operationOf(path));
  const found = reported
    .map((it) => ({ ...rate(it, newCodes, today), ...placeOf(it, it.kind === 'removed' ? before : after) }))
    .filter((it) => it.message !== '');
  const alike = Map.groupBy(found, ({ verdict, rule, message, where }) => JSON.stringify([verdict, rule, message, where]));
  return [...alike.values()]
    .map((group) => ({ ...group[0]!, operations: [...new Set(group.map(({ operation }) => operation))] }))
    .toSorted((a, b) => Number(b.verdict === 'breaking') - Number(a.verdict === 'breaking'));
}

function diff(before: Document, after: Document): Reported[] {
  const base = different(before, after);
  const revision = different(after, before);
  if (JSON.stringify(base) === JSON.stringify(revision)) return [];
  const directory = mkdtempSync(join(tmpdir(), 'leads-compat-'));
  try {
    writeFileSync(join(directory, 'base.json'), JSON.stringify(base));
    writeFileSync(join(directory, 'revision.json'), JSON.stringify(revision));
    writeFileSync(join(directory, 'redocly.yaml'), 'extends: [diff-recommended]\n');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [CLI, 'diff', 'base.json', 'revision.json', '--format=json', '--fail-on=none', '--output=report.json'],
      {
        cwd: directory,
        encoding: 'utf8',
        env: {
          ...process.env,
          REDOCLY_TELEMETRY: 'off',
          REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
          REDOCLY_SUPPRESS_NOTIFICATIONS: 'true',
        },
      },
    );
    try {
      return (JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as { changes: Reported[] }).changes;
    } catch (cause) {
      throw new Error(`The documents could not be compared. ${stderr || stdout}`, { cause });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A document without the paths that are the same in the other: most are, and a comparison takes its time. */
function different(document: Document, other: Document): Document {
  const paths = Object.entries(document.paths).filter(([path, it]) => JSON.stringify(it) !== JSON.stringify(other.paths[path]));
  return { ...document, paths: Object.fromEntries(paths) };
}

type Rating = Pick<Change, 'verdict' | 'rule' | 'message'>;
const UNSAID: Rating = { verdict: 'addition', message: '' };

/** Redocly's verdict, but for what `docs/guides/evolution.md` says otherwise and what only we know. */
function rate(change: Reported, newCodes: readonly string[], today: Date): Rating {
  const { typeName, kind, property, base, revision } = change;
  const code = codeOf(change.path);
  if (code && kind === 'added') return { verdict: 'addition', message: `\`${code}\` is new.` };
  if (code && kind === 'removed') {
    const message = `\`${code}\` is answered no more`;
    return newCodes.includes(operationOf(change.path))
      ? { verdict: 'breaking', rule: 'code-changed', message: `${message}, and another code is.` }
      : { verdict: 'addition', message: `${message}.` };
  }
  if (typeName === 'Response' && kind !== 'modified') {
    const status = Number(change.path.split('/').at(-1));
    // Their codes say it.
    if (status >= 400) return UNSAID;
    if (kind === 'added' && status < 300) return { verdict: 'breaking', rule: 'success-status-added', message: `Status ${status} is new.` };
  }
  if (kind === 'removed' && (typeName === 'Operation' || typeName === 'PathItem') && hasEnded(base!.value, today))
    return { verdict: 'addition', message: 'It has ended, as it was announced.' };
  if (property === 'default' && base?.value !== undefined && !change.path.includes('/responses/'))
    return {
      verdict: 'breaking',
      rule: 'default-changed',
      message: `What it is when left out changed from ${JSON.stringify(base.value)} to ${JSON.stringify(revision?.value) ?? 'nothing'}.`,
    };
  // For Redocly a parameter of a path may have any name; for clients that are generated it may not.
  if (typeName === 'PathItem' && property === 'key')
    return { verdict: 'breaking', rule: 'path-removed', message: `It became \`${String(revision!.value)}\`.` };
  // `old|new` takes all that the old one took; of other patterns nobody can say.
  if (property === 'pattern' && String(revision?.value).startsWith(`${String(base?.value)}|`))
    return { verdict: 'addition', message: 'It takes more.' };
  const message = change.verdicts.map((it) => it.message).join(' ');
  if (change.impact !== 'major')
    return { verdict: 'addition', message: `${property ? `\`${property}\` of ${typeName}` : typeName} ${kind}.` };
  const { ruleId } = change.verdicts[0]!;
  return { verdict: 'breaking', rule: isRule(ruleId) ? ruleId : 'schema-constraint-changed', message };
}

function hasEnded(gone: unknown, today: Date): boolean {
  const operations = typeof gone === 'object' && gone !== null && 'responses' in gone ? [gone as Json] : Object.values(gone as Json);
  return operations.every((operation) => {
    const sunset = (operation as Json)['x-sunset'];
    return typeof sunset === 'string' && new Date(sunset) <= today;
  });
}

/** The steps of a pointer such as `#/paths/~1api~1v1~1leads/get/responses`. */
function steps(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function operationOf(path: string): string {
  const [section, route, method] = steps(path);
  if (section !== 'paths') return 'all operations';
  return method ? `${method.toUpperCase()} ${route!}` : route!;
}

function placeOf({ path }: Reported, document: Document): { operation: string; where: string } {
  const [section, route, method, ...inside] = steps(path);
  if (section !== 'paths') return { operation: operationOf(path), where: steps(path).join(' ') };
  const parameter = inside[0] === 'parameters' ? document.paths[route!]?.[method!]?.parameters?.[Number(inside[1])] : undefined;
  return { operation: operationOf(path), where: readable(inside, parameter) };
}

/** `response 200 data.backupId` in place of the steps of a pointer. */
function readable([part, name, ...rest]: string[], parameter: { readonly name?: string } | undefined): string {
  if (part === undefined) return '';
  const field = rest
    .join('/')
    .replace(/^.*?\bschema\b\/?/, '')
    .split('/')
    .filter((step) => step !== 'properties')
    .join('.');
  if (part === 'parameters') return ['parameter', parameter?.name ?? name, field].filter(Boolean).join(' ');
  if (part === 'responses') return ['answer', name === ERRORS ? '' : name, field].filter(Boolean).join(' ');
  if (part === 'requestBody') return ['body', field].filter(Boolean).join(' ');
  return part;
}

/** The status and code that a pointer ends with, where it is to an error as a whole. */
function codeOf(path: string): string | undefined {
  const [, , , responses, status, , , , properties, code, ...rest] = steps(path);
  return responses === 'responses' && status === ERRORS && properties === 'properties' && rest.length === 0 ? code : undefined;
}
