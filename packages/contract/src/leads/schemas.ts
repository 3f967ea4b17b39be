import * as z from 'zod';
import { idField, idParameter, timestamp, timestampInput, WorkspaceIdSchema } from '../http/ids.ts';
import { CursorSchema, LimitSchema, PAGE_MAX, PaginationSchema } from '../http/pagination.ts';
import { pii } from '../http/personal-data.ts';
import { success, successWithMessage } from '../http/success.ts';
import { isStorableText, text } from '../http/text.ts';

/** The longest `name`, in characters. */
export const LEAD_NAME_MAX_LENGTH = 200;
/** The longest `email`, in characters (RFC 5321: a path of 256 octets with its angle brackets). */
export const LEAD_EMAIL_MAX_LENGTH = 254;
/** The longest `phone`, in characters. */
export const LEAD_PHONE_MAX_LENGTH = 50;
/** The longest `source`, in characters. */
export const LEAD_SOURCE_MAX_LENGTH = 100;
/** The largest `metadata`, in bytes of its JSON without white space, in UTF-8. */
export const LEAD_METADATA_MAX_BYTES = 16_384;
/** How deep objects and arrays may nest in `metadata`; the metadata itself is the first level. */
export const LEAD_METADATA_MAX_DEPTH = 8;

/** Where a lead stands on its way to a customer. */
export const LeadStatusSchema = z.enum(['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up']).meta({
  id: 'LeadStatus',
  title: 'LeadStatus',
  description: 'Where the lead stands on its way to a customer.',
  examples: ['new'],
});

const name = pii(
  text(1, LEAD_NAME_MAX_LENGTH)
    .regex(/\S/, 'Must contain a visible character')
    .meta({
      description: 'The name of the person.',
      examples: ['John Doe'],
      minLength: 1,
      maxLength: LEAD_NAME_MAX_LENGTH,
    }),
);

const email = pii(
  z
    .email()
    .max(LEAD_EMAIL_MAX_LENGTH)
    .meta({ description: 'The e-mail address, kept as it was sent.', examples: ['john.doe@example.com'] }),
);

const phone = pii(
  text(1, LEAD_PHONE_MAX_LENGTH).meta({
    description: 'The phone number, in any notation.',
    examples: ['+1-555-0123'],
    minLength: 1,
    maxLength: LEAD_PHONE_MAX_LENGTH,
  }),
);

const source = text(1, LEAD_SOURCE_MAX_LENGTH).meta({
  description: 'Where the lead came from. Not for personal data.',
  examples: ['website'],
  minLength: 1,
  maxLength: LEAD_SOURCE_MAX_LENGTH,
});

/**
 * Any JSON object of at most 16 KiB and 8 levels. A custom check and not a record, because a record is copied key by
 * key, and loses a key named `__proto__` on the way.
 */
export const LeadMetadataSchema = pii(
  z
    .custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'Invalid input: expected object',
    )
    .check((ctx) => {
      const message = metadataProblem(ctx.value);
      if (message) ctx.issues.push({ code: 'custom', message, input: ctx.value });
    })
    .meta({
      id: 'LeadMetadata',
      title: 'LeadMetadata',
      type: 'object',
      additionalProperties: true,
      description:
        'Any JSON object: at most 16 KiB as JSON, objects and arrays nested at most 8 deep. It may hold personal data, and is treated as such.',
      examples: [{ company: 'Acme Corp', interest: 'enterprise plan' }],
    }),
);

/** A lead: a person who may become a customer. */
export const LeadSchema = z
  .strictObject({
    id: idField('lead', 'lead'),
    name,
    email,
    phone: phone.nullable(),
    source: source.nullable(),
    status: LeadStatusSchema,
    metadata: LeadMetadataSchema,
    createdAt: timestamp('When the lead was created.', '2024-01-15T10:30:00.000Z'),
    updatedAt: timestamp('When the lead was last changed.', '2024-01-15T10:30:00.000Z'),
    workspaceId: WorkspaceIdSchema,
  })
  .meta({ id: 'Lead', title: 'Lead', description: 'A person who may become a customer.' });

/** The body of `leads.create`. */
export const CreateLeadSchema = z
  .strictObject({
    name,
    email,
    phone: phone.nullable().optional(),
    source: source.nullable().optional(),
    status: LeadStatusSchema.optional().meta({ description: 'Where the lead stands; `new` when left out.' }),
    metadata: LeadMetadataSchema.optional(),
  })
  .meta({ id: 'CreateLeadRequest', title: 'CreateLeadRequest', description: 'A new lead.' });

/** The body of `leads.update`: at least one field. */
export const UpdateLeadSchema = z
  .strictObject({
    name: name.optional(),
    email: email.optional(),
    phone: phone.nullable().optional(),
    source: source.nullable().optional(),
    status: LeadStatusSchema.optional(),
    metadata: LeadMetadataSchema.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'Must contain at least one field to change')
  .meta({
    id: 'UpdateLeadRequest',
    title: 'UpdateLeadRequest',
    minProperties: 1,
    description:
      'The fields to change; what is left out stays. `null` clears `phone` and `source`. `metadata` is merged as a JSON Merge Patch ' +
      '(RFC 7396): key by key, at every level; an array is replaced; `null` removes the key.',
  });

/** The path of an operation on one lead. */
export const LeadPathSchema = z.strictObject({ leadId: idParameter('lead', 'lead_1234567890abcdef') });

/** What a list of leads can be sorted by. */
export const LeadSortBySchema = z.enum(['createdAt', 'updatedAt', 'name', 'email', 'status']);

/** The query of `leads.list`. */
export const ListLeadsQuerySchema = z
  .strictObject({
    page: z.coerce
      .number<number>()
      .int()
      .min(1)
      .max(PAGE_MAX)
      .optional()
      .meta({ description: 'The number of the page, from 1 (the default). Not together with `cursor`.', examples: [1] }),
    limit: LimitSchema,
    status: LeadStatusSchema.optional().meta({ description: 'Only leads with this status.' }),
    source: source.optional().meta({ description: 'Only leads from exactly this source.' }),
    search: text(1, LEAD_EMAIL_MAX_LENGTH)
      .optional()
      .meta({
        description: 'Only leads with this text anywhere in the name or in the e-mail address, in upper or lower case.',
        examples: ['john'],
        minLength: 1,
        maxLength: LEAD_EMAIL_MAX_LENGTH,
      }),
    email: text(1, LEAD_EMAIL_MAX_LENGTH)
      .optional()
      .meta({
        description: 'Only leads with exactly this e-mail address, in upper or lower case.',
        examples: ['john.doe@example.com'],
        minLength: 1,
        maxLength: LEAD_EMAIL_MAX_LENGTH,
      }),
    createdAfter: timestampInput('Only leads created at this moment or later.', '2024-01-01T00:00:00Z').optional(),
    createdBefore: timestampInput('Only leads created before this moment.', '2024-02-01T00:00:00Z').optional(),
    sortBy: LeadSortBySchema.default('createdAt').meta({
      description:
        'What to sort by. Names and e-mail addresses sort without regard to upper and lower case. Equals sort by id; leads of one status by `createdAt` first.',
    }),
    sortOrder: z.enum(['asc', 'desc']).default('desc').meta({ description: 'Ascending or descending.' }),
    cursor: CursorSchema.optional(),
  })
  .refine((query) => query.page === undefined || query.cursor === undefined, {
    path: ['cursor'],
    message: 'Must not be sent together with page',
  });

/** The answer of `leads.create`, `leads.get` and `leads.update`. */
export const LeadResponseSchema = success('LeadResponse', LeadSchema);

/** The answer of `leads.list`. */
export const ListLeadsResponseSchema = success(
  'ListLeadsResponse',
  z.strictObject({ leads: z.array(LeadSchema).meta({ description: 'The leads of this page.' }), pagination: PaginationSchema }),
);

/** The answer of `leads.delete`, exactly as published. */
export const DeleteLeadResponseSchema = successWithMessage(
  'DeleteLeadResponse',
  'Lead deleted successfully',
  z.strictObject({
    id: idField('lead', 'lead'),
    deletedAt: timestamp('When the lead was deleted.', '2024-01-16T15:45:00.000Z'),
  }),
);

/** A lead as the API answers it. */
export type Lead = z.infer<typeof LeadSchema>;
/** Where a lead stands. */
export type LeadStatus = z.infer<typeof LeadStatusSchema>;

/** Whether the JSON of a metadata object is within its bound, in bytes. */
export function isMetadataWithinSize(metadata: object): boolean {
  return new TextEncoder().encode(JSON.stringify(metadata)).byteLength <= LEAD_METADATA_MAX_BYTES;
}

/** The text for a metadata object that is over its bound. */
export const METADATA_TOO_LARGE_MESSAGE = `Must be at most ${LEAD_METADATA_MAX_BYTES} bytes as JSON`;

function metadataProblem(metadata: object): string | undefined {
  return contentProblem(metadata, 1) ?? (isMetadataWithinSize(metadata) ? undefined : METADATA_TOO_LARGE_MESSAGE);
}

function contentProblem(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : 'Must not contain NUL or unpaired surrogates';
  // JSON.parse reads 1e999 as Infinity, which JSON cannot write back.
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'Must not contain numbers beyond ±1.8e308';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > LEAD_METADATA_MAX_DEPTH) return `Must not nest deeper than ${LEAD_METADATA_MAX_DEPTH} levels`;
  for (const [key, item] of Object.entries(value)) {
    const problem = contentProblem(key, depth) ?? contentProblem(item, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}
