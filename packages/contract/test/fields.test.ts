import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  ActivitySchema,
  AnonymizeLeadSchema,
  ApiKeySchema,
  ApiKeyWithSecretSchema,
  ArchiveLeadSchema,
  AttachedCountsSchema,
  AuditEntrySchema,
  BackupSchema,
  BlockingCampaignSchema,
  BulkAnonymizeSchema,
  BulkArchiveSchema,
  BulkDeleteSchema,
  BulkFilterSchema,
  BulkOutcomeSchema,
  BulkOutcomesSchema,
  BulkPlanSchema,
  CampaignLeadsSchema,
  CampaignSchema,
  CreateActivitySchema,
  CreateApiKeySchema,
  CreateCampaignSchema,
  CreateLeadSchema,
  CursorPaginationSchema,
  DeletionReceiptSchema,
  EnrollmentSchema,
  type ErrorDefinition,
  ERRORS,
  ImportOutcomeSchema,
  JobSchema,
  LeadRecordSchema,
  LeadSchema,
  ListLeadsQuerySchema,
  OPERATIONS,
  PaginationSchema,
  personalDataFields,
  RotateApiKeySchema,
  UpdateCampaignSchema,
  UpdateLeadSchema,
  ValidationIssueSchema,
} from '../src/index.ts';

const operationSchemas = OPERATIONS.flatMap(({ id, route }) =>
  Object.entries({ path: route.pathParams, query: route.query, headers: route.headers }).flatMap(([part, schema]) =>
    schema instanceof z.ZodObject ? [[`${id}.${part}`, schema] as const] : [],
  ),
);

const OBJECTS: Record<string, z.ZodType> = {
  ...Object.fromEntries(operationSchemas),
  Lead: LeadSchema,
  CreateLead: CreateLeadSchema,
  UpdateLead: UpdateLeadSchema,
  ArchiveLead: ArchiveLeadSchema,
  AnonymizeLead: AnonymizeLeadSchema,
  ApiKey: ApiKeySchema,
  ApiKeyWithSecret: ApiKeyWithSecretSchema,
  CreateApiKey: CreateApiKeySchema,
  RotateApiKey: RotateApiKeySchema,
  Pagination: PaginationSchema,
  CursorPagination: CursorPaginationSchema,
  ValidationIssue: ValidationIssueSchema,
  Activity: ActivitySchema,
  CreateActivity: CreateActivitySchema,
  Campaign: CampaignSchema,
  CreateCampaign: CreateCampaignSchema,
  UpdateCampaign: UpdateCampaignSchema,
  CampaignLeads: CampaignLeadsSchema,
  Enrollment: EnrollmentSchema,
  Backup: BackupSchema,
  LeadRecord: LeadRecordSchema,
  Job: JobSchema,
  BulkOutcome: BulkOutcomeSchema,
  BulkOutcomes: BulkOutcomesSchema,
  BulkPlan: BulkPlanSchema,
  BulkFilter: BulkFilterSchema,
  BulkDelete: BulkDeleteSchema,
  BulkArchive: BulkArchiveSchema,
  BulkAnonymize: BulkAnonymizeSchema,
  AuditEntry: AuditEntrySchema,
  DeletionReceipt: DeletionReceiptSchema,
  ImportOutcome: ImportOutcomeSchema,
  AttachedCounts: AttachedCountsSchema,
  BlockingCampaign: BlockingCampaignSchema,
  ...Object.fromEntries(
    Object.entries(ERRORS as Record<string, ErrorDefinition>).flatMap(([code, { details }]) =>
      details ? [[`${code}.details`, details]] : [],
    ),
  ),
};

const FIELDS = Object.entries(OBJECTS).flatMap(([name, schema]) =>
  // A body that may be left out stands within that.
  Object.entries((schema instanceof z.ZodPrefault ? (schema.unwrap() as z.ZodObject) : (schema as z.ZodObject)).shape).map(
    ([field, type]) => [`${name}.${field}`, type as z.ZodType] as const,
  ),
);

describe('every field', () => {
  it.each(FIELDS)('%s says what it is, and gives an example that it accepts', (_, field) => {
    const json = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' });
    const written = json.$ref ? { ...json.$defs![json.$ref.slice('#/$defs/'.length)]!, ...json } : json;
    const described = [written, ...(written.anyOf ?? [])];
    expect(described.some(({ description }) => description)).toBe(true);
    // The values of an enumeration, a constant and a switch are examples of themselves.
    if (described.some(({ enum: values, const: value, type }) => values || value !== undefined || type === 'boolean' || type === 'array'))
      return;
    // The fields of an object are looked at on their own.
    if (described.some(({ properties }) => properties)) return;
    const examples = described.flatMap((schema) => schema.examples ?? []);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(field.safeParse(example).error).toBeUndefined();
  });
});

describe('personal data', () => {
  it('is marked: all that can name or reach a person, and nothing else', () => {
    expect(personalDataFields(LeadSchema)).toEqual(['name', 'email', 'phone', 'metadata']);
    expect(personalDataFields(CreateLeadSchema)).toEqual(['name', 'email', 'phone', 'metadata']);
    expect(personalDataFields(UpdateLeadSchema)).toEqual(['name', 'email', 'phone', 'metadata']);
    expect(personalDataFields(ApiKeySchema)).toEqual([]);
    expect(personalDataFields(ActivitySchema)).toEqual(['text', 'metadata']);
    expect(personalDataFields(CreateActivitySchema)).toEqual(['text', 'metadata']);
    for (const schema of [CampaignSchema, BackupSchema, JobSchema, AuditEntrySchema, DeletionReceiptSchema])
      expect(personalDataFields(schema)).toEqual([]);
  });
});

describe('time that a hostile input takes', () => {
  const LONG = 60_000;
  it.each([
    [
      'e-mail address',
      LeadSchema.shape.email,
      [
        'a'.repeat(LONG),
        'a.'.repeat(LONG / 2),
        `a@${'a-'.repeat(LONG / 2)}`,
        `a@${'a.'.repeat(LONG / 2)}`,
        'a@'.repeat(LONG / 2),
        `a@${'a'.repeat(LONG)}!`,
      ],
    ],
    ['name', LeadSchema.shape.name, [' '.repeat(LONG), `${' '.repeat(LONG)}\0`, '👩'.repeat(LONG / 2)]],
    ['moment', ListLeadsQuerySchema.shape.createdAfter, ['2'.repeat(LONG), `2024-01-01T00:00:00.${'9'.repeat(LONG)}x`]],
    ['id', LeadSchema.shape.id, [`lead_${'a'.repeat(LONG)}!`, 'lead_'.repeat(LONG / 5)]],
    [
      'metadata',
      LeadSchema.shape.metadata,
      [JSON.parse('{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)), { a: Array.from({ length: LONG / 2 }, () => '\ud800') }],
    ],
  ])('%s: is next to nothing', (_, schema, inputs) => {
    for (const input of inputs) {
      const start = performance.now();
      expect(schema.safeParse(input).success).toBe(false);
      // A regular expression that backtracks takes minutes here; what does not takes less than a millisecond.
      expect(performance.now() - start).toBeLessThan(200);
    }
  });
});
