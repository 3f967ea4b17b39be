import { type Lead, LeadSchema, personalDataFields } from '@leads/contract';
import type * as z from 'zod';
import { fold, foldPhone } from './fold.ts';

/** How a field of a lead is kept. */
export interface LeadField {
  readonly column: string;
  readonly type: 'text' | 'text[]' | 'double precision' | 'boolean' | 'jsonb' | 'timestamptz';
  /** A further column with the folded text: what is compared and searched. */
  readonly folded?: string;
  /** How it is folded where it is no text of words. */
  readonly fold?: (text: string) => string | null;
  /** What an anonymization puts in the place of personal data that may not be null, as SQL. */
  readonly anonymized?: string;
}

/**
 * Where each field of a lead is kept, said once: columns, statements, records, redaction, CSV and the planner's statistics follow
 * from it. Which fields are personal, and which may be null, the contract says.
 */
export const LEAD_FIELDS = {
  id: { column: 'id', type: 'text' },
  name: { column: 'name', type: 'text', folded: 'name_lower', anonymized: `'Anonymized'` },
  email: { column: 'email', type: 'text', folded: 'email_lower', anonymized: `id || '@anonymized.invalid'` },
  phone: { column: 'phone', type: 'text', folded: 'phone_digits', fold: foldPhone },
  source: { column: 'source', type: 'text' },
  status: { column: 'status', type: 'text' },
  metadata: { column: 'metadata', type: 'jsonb', anonymized: 'kept_metadata(metadata, p_keep)' },
  createdAt: { column: 'created_at', type: 'timestamptz' },
  updatedAt: { column: 'updated_at', type: 'timestamptz' },
  workspaceId: { column: 'workspace_id', type: 'text' },
} as const satisfies Record<keyof Lead, LeadField>;

type FieldName = keyof typeof LEAD_FIELDS;

/** A lead as `SHOWN_COLUMNS` reads it. */
export type ShownRow = { readonly [Name in FieldName as (typeof LEAD_FIELDS)[Name]['column']]: Lead[Name] };
/** A lead as `LEAD_COLUMNS` reads it. */
export type LeadRow = ShownRow & { readonly version: string };

const FIELDS = Object.entries(LEAD_FIELDS) as readonly (readonly [FieldName, LeadField])[];
const PERSONAL = new Set(personalDataFields(LeadSchema));

/** The columns that make up a lead of the API. */
export const SHOWN_COLUMNS = FIELDS.map(([, { column }]) => column as keyof ShownRow);
/** The same as SQL, and the version. */
export const LEAD_COLUMNS = [...SHOWN_COLUMNS, 'version'].join(', ');

const PLACES = FIELDS.map(([name], i) => ({ name, column: SHOWN_COLUMNS[i]! }));

/** The lead of a row. */
export function toLead(row: ShownRow): Lead {
  const lead: Record<string, unknown> = {};
  for (const { name, column } of PLACES) lead[name] = row[column];
  return lead as Lead;
}

/** A column that is written, and its value. */
export interface ColumnValue {
  readonly column: string;
  /** As the driver takes it. */
  readonly value: unknown;
}

/** The columns of some fields of a lead, with what is kept in them. */
export function columnsOf(fields: { readonly [Name in FieldName]?: Lead[Name] | undefined }): ColumnValue[] {
  const columns: ColumnValue[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const field: LeadField | undefined = LEAD_FIELDS[name as FieldName];
    if (!field) throw new Error(`A lead has no field ${name}`);
    const { column, type, folded, fold: foldAs = fold } = field;
    if (value === undefined) continue;
    columns.push({ column, value: type === 'jsonb' ? JSON.stringify(value) : value });
    if (folded !== undefined) columns.push({ column: folded, value: value === null ? null : foldAs(value as string) });
  }
  return columns;
}

/** Fields of a lead by their columns, with what is kept in them, and other columns beside them: JSON, as the database's functions take it. */
export function rowOf({ metadata, ...fields }: Parameters<typeof columnsOf>[0], others: Readonly<Record<string, unknown>> = {}): string {
  const row: Record<string, unknown> = { metadata, ...others };
  for (const { column, value } of columnsOf(fields)) row[column] = value;
  return JSON.stringify(row);
}

/** What the SQL functions take from here, by the names that stand in their files after a colon. */
export const LEAD_SQL = {
  /** The fields of the lead, as arguments of `jsonb_build_object`. */
  lead_members: FIELDS.map(([name, { column, type }]) => {
    const place = `leads.${column}`;
    return `'${name}', ${type === 'timestamptz' ? `iso_time(${place})` : place}`;
  }).join(', '),
  lead_columns: storedColumns()
    .map(({ column }) => column)
    .join(', '),
  lead_column_types: storedColumns()
    .map(({ column, type }) => `${column} ${type}`)
    .join(', '),
  /** The columns of a record `given`. */
  lead_values: storedColumns()
    .map(({ column }) => `given.${column}`)
    .join(', '),
  /** The personal data of the lead that is text, folded, as an array. */
  personal_texts: personalTexts(),
  /** The same of the lead in a backup. */
  backed_up_texts: backedUpTexts(),
  /** What an anonymization sets. */
  anonymized: FIELDS.flatMap(anonymizedColumns).join(', '),
};

/** The columns with personal data, of which the planner must keep no samples. */
export const PERSONAL_COLUMNS = FIELDS.filter(([name]) => PERSONAL.has(name)).flatMap(([, { column, folded }]) =>
  folded === undefined ? [column] : [column, folded],
);

function storedColumns(): { column: string; type: LeadField['type'] }[] {
  return FIELDS.flatMap(([, { column, type, folded }]) => [{ column, type }, ...(folded === undefined ? [] : [{ column: folded, type }])]);
}

function personalTexts(): string {
  const personal = FIELDS.filter(([name]) => PERSONAL.has(name)).map(([, field]) => field);
  const texts = personal
    .filter(({ type }) => type === 'text')
    .map(({ column, folded, fold: foldAs }) => (folded === undefined || foldAs ? `lower(leads.${column})` : `leads.${folded}`));
  const lists = personal.filter(({ type }) => type === 'text[]').map(({ column }) => `lower(leads.${column}::text)::text[]`);
  return [`array[${texts.join(', ')}]`, ...lists].join(' || ');
}

function backedUpTexts(): string {
  const texts = FIELDS.filter(([name, { type }]) => PERSONAL.has(name) && (type === 'text' || type === 'text[]')).map(
    ([name, { type }]) => {
      const place = `content -> 'lead' -> '${name}'`;
      return type === 'text' ? `array[${place} #>> '{}']` : `array(select jsonb_array_elements_text(${place}))`;
    },
  );
  return `array(select regexp_replace(lower(normalize(text)), '\\s+', ' ', 'g') from unnest(${texts.join(' || ')}) as text)`;
}

function anonymizedColumns([name, { column, folded, anonymized }]: readonly [FieldName, LeadField]): string[] {
  if (!PERSONAL.has(name)) return [];
  if (anonymized === undefined && !(LeadSchema.shape[name] as z.ZodType).safeParse(null).success)
    throw new Error(`lead-fields.ts: ${name} is personal and may not be null, so it must say what is in its place once it is anonymized`);
  const value = anonymized ?? 'null';
  return [`${column} = ${value}`, ...(folded === undefined ? [] : [`${folded} = lower(${value})`])];
}
