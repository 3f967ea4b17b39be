import {
  ExportEndSchema,
  ImportedActivitySchema,
  ImportedRecordSchema,
  issuesOf,
  LEAD_METADATA_MAX_BYTES,
  type LeadRecord,
  ACTIVITIES_MAX_PER_LEAD,
} from '@leads/contract';
import type { Breathe } from '../breather.ts';
import { type ImportedLine, type ImportOutcome, readJson, refusedLine, UnreadableImport } from './imported-line.ts';

/** From so many characters on, a line is looked through before it is read. */
const LONG_LINE = 65_536;
/** How many values a record can have besides those in metadata: its activities, their fields, its campaigns. */
const MAX_OUTER_VALUES = 4_000;
const MAX_DEPTH = 12;

/**
 * The lines of an import as NDJSON, read one by one. Nothing in a line makes reading it take long: `breathe` is called in between.
 * @throws {UnreadableImport} where the last line of an export says that others are missing.
 */
export async function* readNdjson(text: string, breathe: Breathe): AsyncGenerator<ImportedLine | ImportOutcome> {
  let sinceEnd = 0;
  for (const { line, content } of linesOf(text)) {
    await breathe();
    if (content.trim() === '') continue;
    const leads = exportEnd(content);
    if (leads === undefined) {
      sinceEnd++;
      yield await readLine(line, content, breathe);
    } else {
      if (leads !== sinceEnd) throw incomplete(line, leads, sinceEnd);
      sinceEnd = 0;
    }
  }
}

function incomplete(line: number, expected: number, found: number): UnreadableImport {
  return new UnreadableImport(
    `Line ${line} says that the export has ${expected} leads, and there are ${found}: it is not complete. ` +
      'Export again; or take this line away, to import what is there',
  );
}

function* linesOf(text: string): Generator<{ line: number; content: string }> {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    yield { line, content: text.slice(start, end) };
    start = end + 1;
    line++;
  }
  yield { line, content: text.slice(start) };
}

function exportEnd(content: string): number | undefined {
  if (content.length > 100 || !content.includes('"export"')) return undefined;
  return ExportEndSchema.safeParse(readJson(content)?.value).data?.export.leads;
}

async function readLine(line: number, content: string, breathe: Breathe): Promise<ImportedLine | ImportOutcome> {
  if (content.length > LONG_LINE && !(await isQuicklyRead(content, breathe)))
    return refusedLine(line, null, [
      { location: '', message: 'Has more values than a lead with everything on it can have', code: 'too_big' },
    ]);
  const read = readJson(content);
  if (!read) return { line, leadId: null, outcome: 'failed', code: 'INVALID_JSON' };
  const { value } = read;
  await breathe();
  const given = value as { lead?: { id?: unknown } } | null;
  const id = given?.lead?.id;
  const leadId = typeof id === 'string' ? id.slice(0, 64) : null;
  const { record, issues } = await validated(value, breathe);
  issues.push(...read.issues);
  return record && issues.length === 0 ? { line, record, length: content.length } : refusedLine(line, leadId, issues);
}

/** A record, its activities each for itself: all of them at once would take long. */
async function validated(value: unknown, breathe: Breathe) {
  const given = (value as { activities?: unknown } | null)?.activities;
  const isApart = Array.isArray(given) && given.length <= ACTIVITIES_MAX_PER_LEAD;
  const { data, error } = ImportedRecordSchema.safeParse(isApart ? { ...(value as object), activities: [] } : value);
  const issues = error ? issuesOf('', error) : [];
  const activities = [];
  for (const [i, activity] of isApart ? (given as unknown[]).entries() : []) {
    await breathe();
    const read = ImportedActivitySchema.safeParse(activity);
    if (read.success) activities.push(read.data);
    else issues.push(...issuesOf(`activities.${i}`, read.error));
  }
  if (!data || issues.length > 0) return { issues };
  const record: LeadRecord = isApart ? { ...data, activities } : data;
  return { record, issues };
}

const [QUOTE, COMMA, COLON, OPEN_ARRAY, BACKSLASH, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [34, 44, 58, 91, 92, 93, 123, 125];
const SLICE = 1_048_576;

/** Whether a text has no more values beside each other, nor deeper, than a record can have: reading a million keys takes seconds. */
async function isQuicklyRead(text: string, breathe: Breathe): Promise<boolean> {
  let [depth, isString, outer, inner] = [0, false, 0, 0];
  for (let start = 0, i = 0; start < text.length; start += SLICE) {
    await breathe();
    for (const end = Math.min(start + SLICE, text.length); i < end; i++) {
      const code = text.charCodeAt(i);
      if (isString) {
        if (code === BACKSLASH) i++;
        else if (code === QUOTE) isString = false;
      } else if (code === QUOTE) isString = true;
      else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
        if (++depth > MAX_DEPTH) return false;
      } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
        if (--depth <= 2) inner = 0;
      } else if (code === COMMA || code === COLON) {
        if (depth > 2 ? ++inner > LEAD_METADATA_MAX_BYTES : ++outer > MAX_OUTER_VALUES) return false;
      }
    }
  }
  return true;
}
