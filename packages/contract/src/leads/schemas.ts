import * as z from 'zod';
import { idField, idParameter, timestamp, timestampInput, WorkspaceIdSchema } from '../http/ids.ts';
import { optionalSwitchParameter, switchParameter } from '../http/boolean.ts';
import { emailAddress } from '../http/email.ts';
import { metadata } from '../http/metadata.ts';
import { CursorSchema, LimitSchema, PAGE_MAX, PaginationSchema } from '../http/pagination.ts';
import { optionalBody } from '../http/optional-body.ts';
import { pii } from '../http/personal-data.ts';
import { success, successWithMessage } from '../http/success.ts';
import { text } from '../http/text.ts';

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
/** The longest reason for an archive or a deletion, in characters. */
export const REASON_MAX_LENGTH = 500;
/** The longest span of `leads.stats`, in days. */
export const STATS_MAX_DAYS = 366;
/** How many sources `leads.stats` names; the rest are counted together. */
export const STATS_MAX_SOURCES = 100;
/** How many metadata keys an anonymization can keep. */
export const KEEP_METADATA_MAX_KEYS = 100;
/** How long a confirmation or plan token is valid, in seconds: 10 minutes. */
export const TOKEN_LIFETIME_SECONDS = 600;

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
  emailAddress()
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

/** The `source` of a lead. */
export const leadSource = text(1, LEAD_SOURCE_MAX_LENGTH).meta({
  description: 'Where the lead came from. Not for personal data.',
  examples: ['website'],
  minLength: 1,
  maxLength: LEAD_SOURCE_MAX_LENGTH,
});

/** The `metadata` of a lead. */
export const LeadMetadataSchema = metadata('LeadMetadata', LEAD_METADATA_MAX_BYTES, { company: 'Acme Corp', interest: 'enterprise plan' });

/** Why something is done, for the audit log. */
export const ReasonSchema = text(1, REASON_MAX_LENGTH).meta({
  description:
    'Why, for the audit log. Not for personal data: the name, e-mail address and phone number of the lead are replaced by `[redacted]` wherever they stand in it, in any case, spacing or notation.',
  examples: ['Asked to be forgotten, ticket 4711'],
  minLength: 1,
  maxLength: REASON_MAX_LENGTH,
});

/** The fields of a lead that a caller writes. */
const written = {
  name,
  email,
  phone: phone.nullable(),
  source: leadSource.nullable(),
  status: LeadStatusSchema,
  metadata: LeadMetadataSchema,
};

/** What stands in a new lead where a field is left out. The others are required. */
const DEFAULTS = { phone: null, source: null, status: 'new', metadata: {} } as const satisfies Partial<
  z.infer<z.ZodObject<typeof written>>
>;

/** The fields by whose exact value leads can be selected; of a list, by one of its values. */
const selectable = { status: LeadStatusSchema, source: leadSource };

/** The names of those fields. */
export const SELECTABLE_FIELDS = Object.keys(selectable) as readonly (keyof typeof selectable)[];

/** A lead: a person who may become a customer. */
export const LeadSchema = z
  .strictObject({
    id: idField('lead', 'lead'),
    ...written,
    createdAt: timestamp('When the lead was created.', '2024-01-15T10:30:00.000Z'),
    updatedAt: timestamp('When the lead was last changed.', '2024-01-15T10:30:00.000Z'),
    workspaceId: WorkspaceIdSchema,
  })
  .meta({ id: 'Lead', title: 'Lead', description: 'A person who may become a customer.' });

/** The body of `leads.create`. */
export const CreateLeadSchema = z
  .strictObject({ ...written, ...withDefaults(written, DEFAULTS) })
  .meta({ id: 'CreateLeadRequest', title: 'CreateLeadRequest', description: 'A new lead.' });

/** The body of `leads.update`: at least one field. */
export const UpdateLeadSchema = z
  .strictObject(written)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'Must contain at least one field to change')
  .meta({
    id: 'UpdateLeadRequest',
    title: 'UpdateLeadRequest',
    minProperties: 1,
    description:
      'The fields to change; what is left out stays. `null` clears a field that may be null. `metadata` is merged as a JSON Merge Patch ' +
      '(RFC 7396): key by key, at every level; an array is replaced; `null` removes the key.',
  });

/** The query parameter of whatever brings leads back. */
export const allowDuplicateEmail = switchParameter('Bring a lead in although another one has its e-mail address.');

/** The path of an operation on one lead. */
export const LeadPathSchema = z.strictObject({ leadId: idParameter('lead', 'lead_1234567890abcdef') });

/** What a list of leads can be sorted by. */
export const LeadSortBySchema = z.enum(['createdAt', 'updatedAt', 'name', 'email', 'status']);

/** What a list or an export of leads can be narrowed by. */
export const leadFilters = {
  ...selectedBy('parameter'),
  search: pii(
    text(1, LEAD_EMAIL_MAX_LENGTH)
      .optional()
      .meta({
        description: 'Only leads with this text anywhere in the name or in the e-mail address, in upper or lower case.',
        examples: ['john'],
        minLength: 1,
        maxLength: LEAD_EMAIL_MAX_LENGTH,
      }),
  ),
  email: pii(
    text(1, LEAD_EMAIL_MAX_LENGTH)
      .regex(/^\S*$/, 'Must not contain white space: a + must be sent as %2B, because a plain one stands for a space')
      .optional()
      .meta({
        description: 'Only leads with exactly this e-mail address, in upper or lower case.',
        examples: ['john.doe@example.com'],
        minLength: 1,
        maxLength: LEAD_EMAIL_MAX_LENGTH,
      }),
  ),
  createdAfter: timestampInput('Only leads created at this moment or later.', '2024-01-01T00:00:00Z').optional(),
  createdBefore: timestampInput('Only leads created before this moment.', '2024-02-01T00:00:00Z').optional(),
  archived: optionalSwitchParameter('Only leads that are archived, or only those that are not.').optional(),
};

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
    ...leadFilters,
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

/** The query of `leads.delete`. */
export const DeleteLeadQuerySchema = z
  .strictObject({
    force: switchParameter('Delete the lead although it is in an active campaign. Needs the scope `leads:force` too.'),
    backup: switchParameter('Keep a backup: it is made together with the deletion, or neither is.'),
    erase: switchParameter(
      'Delete the backups of the lead too, so that nothing of it is left; also where the lead itself is deleted already.',
    ),
    reason: ReasonSchema.optional(),
  })
  .refine((query) => !(query.backup && query.erase), { path: ['erase'], message: 'Must not be sent together with backup' });

/** The answer of `leads.delete`: as published, and the backup where one was asked for. */
export const DeleteLeadResponseSchema = successWithMessage(
  'DeleteLeadResponse',
  'Lead deleted successfully',
  z.strictObject({
    id: idField('lead', 'lead'),
    deletedAt: timestamp('When the lead, or what was left of it, was deleted.', '2024-01-16T15:45:00.000Z'),
    backupId: idField('backup', 'backup').optional().meta({ description: 'The backup; only with `backup=true`.' }),
  }),
);

const count = (description: string, example = 1) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** How much hangs on a lead, by kind. */
export const AttachedCountsSchema = z
  .strictObject({
    activities: count('How many activities it has.', 3),
    campaigns: count('How many campaigns it is in.', 1),
  })
  .meta({ id: 'AttachedCounts', title: 'AttachedCounts', description: 'How much hangs on a lead, by kind.' });

/** A campaign by which a deletion is held up. */
export const BlockingCampaignSchema = z
  .strictObject({
    id: idField('campaign', 'camp'),
    name: z.string().meta({ description: 'The name of the campaign.', examples: ['Spring offer'] }),
  })
  .meta({ id: 'BlockingCampaign', title: 'BlockingCampaign', description: 'An active campaign that the lead is in.' });

/** The answer of `leads.deletionPreview`. */
export const DeletionPreviewResponseSchema = success(
  'DeletionPreviewResponse',
  z.strictObject({
    lead: LeadSchema,
    etag: z
      .string()
      .meta({ description: 'The version of the lead, for `If-Match`.', examples: ['"5f0c3c2e-8d0b-4c5e-9a57-0f6d2b1c7e34"'] }),
    attached: AttachedCountsSchema,
    backups: count('How many backups of the lead there are. A delete keeps them, until they expire; with `erase=true` they go too.', 0),
    deletable: z
      .boolean()
      .meta({ description: 'Whether nothing stands in the way. If not, a delete needs `force=true`.', examples: [true] }),
    blockers: z.array(BlockingCampaignSchema).meta({ description: 'What stands in the way: the active campaigns that the lead is in.' }),
    confirmationToken: z.string().meta({
      description: 'Proof of what you have seen, for `X-Confirmation-Token`. It stops a delete when anything of it changed.',
      examples: ['eyJ2IjoxfQ.c2lnbmF0dXJl'],
    }),
    confirmationExpiresAt: timestamp('Until when the token is valid: 10 minutes.', '2024-01-16T15:55:00.000Z'),
  }),
);

/** The body of `leads.archive`. */
export const ArchiveLeadSchema = optionalBody(
  z.strictObject({
    reason: text(1, REASON_MAX_LENGTH)
      .optional()
      .meta({ description: 'Why, as `metadata.archived_reason`; null there when left out.', examples: ['No longer interested'] }),
  }),
).meta({ id: 'ArchiveLeadRequest', title: 'ArchiveLeadRequest', description: 'Why the lead is archived.' });

/** The metadata keys that an anonymization keeps besides those that say that the lead is archived. */
export const KeepMetadataSchema = z
  .array(text(1, 200))
  .max(KEEP_METADATA_MAX_KEYS)
  .meta({ description: 'The metadata keys that stay. Name only keys without personal data.', examples: [['segment']] });

/** The body of `leads.anonymize`. */
export const AnonymizeLeadSchema = optionalBody(
  z.strictObject({ keepMetadata: KeepMetadataSchema.optional(), reason: ReasonSchema.optional() }),
).meta({ id: 'AnonymizeLeadRequest', title: 'AnonymizeLeadRequest', description: 'What stays of the metadata, and why the rest goes.' });

/** The answer of `leads.anonymize`. */
export const AnonymizeLeadResponseSchema = successWithMessage(
  'AnonymizeLeadResponse',
  'Lead anonymized successfully',
  z.strictObject({
    lead: LeadSchema,
    removed: z
      .strictObject({
        activityTexts: count('How many activities lost their text and metadata.', 3),
        backups: count('How many backups of the lead were deleted.', 1),
      })
      .meta({ description: 'What was removed besides the fields of the lead.', examples: [{ activityTexts: 3, backups: 1 }] }),
  }),
);

const day = (description: string) => z.iso.date().meta({ description, examples: ['2024-01-15'] });

/** The query of `leads.stats`. */
export const LeadStatsQuerySchema = z
  .strictObject({
    from: day('The first day of `byDay`, in UTC; 29 days before `to` when left out.').optional(),
    to: day('The last day of `byDay`, in UTC; today when left out.').optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || spanDays(from, to) >= 1, {
    path: ['from'],
    message: 'Must not be after to',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || spanDays(from, to) <= STATS_MAX_DAYS, {
    path: ['from'],
    message: `Must not be more than ${STATS_MAX_DAYS - 1} days before to`,
  });

/** The answer of `leads.stats`. */
export const LeadStatsResponseSchema = success(
  'LeadStatsResponse',
  z.strictObject({
    total: count('How many leads the workspace has.', 2),
    byStatus: z
      .strictObject(
        Object.fromEntries(LeadStatusSchema.options.map((status) => [status, count(`How many leads are \`${status}\`.`)])) as Record<
          LeadStatus,
          z.ZodInt
        >,
      )
      .meta({ description: 'How many leads have each status.', examples: [] }),
    bySource: z
      .array(
        z.strictObject({
          source: leadSource.nullable().meta({ description: 'The source; null for leads without one.', examples: ['website'] }),
          count: count('How many leads came from there.'),
        }),
      )
      .meta({ description: `How many leads came from each source, most first: the first ${STATS_MAX_SOURCES}.` }),
    otherSources: count('How many leads came from all other sources.', 0),
    byDay: z
      .array(z.strictObject({ day: day('The day, in UTC.'), count: count('How many leads were created on it.') }))
      .meta({ description: 'How many leads were created on each day, first day first; days without any are left out.' }),
  }),
);

/** A lead as the API answers it. */
export type Lead = z.infer<typeof LeadSchema>;
/** Where a lead stands. */
export type LeadStatus = z.infer<typeof LeadStatusSchema>;

function spanDays(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}

function withDefaults<Shape extends z.ZodRawShape, Defaults extends { readonly [Name in keyof Shape]?: unknown }>(
  shape: Shape,
  defaults: Defaults,
): { [Name in keyof Defaults & keyof Shape]: z.ZodDefault<Shape[Name]> } {
  return Object.fromEntries(
    Object.entries(defaults).map(([field, value]) => [field, (shape[field] as unknown as z.ZodType).default(value)]),
  ) as never;
}

type Selectable = typeof selectable;
type ValueOf<Schema> = Schema extends z.ZodArray<infer Element> ? Element : Schema;

/** The filters by exact value: as query parameters, which come as text, or as members of a body. */
export function selectedBy(place: 'parameter' | 'body'): { [Name in keyof Selectable]: z.ZodOptional<ValueOf<Selectable[Name]>> } {
  return Object.fromEntries(
    Object.entries<z.ZodType>(selectable).map(([field, schema]) => {
      const value = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
      const read = place === 'parameter' && value instanceof z.ZodNumber ? z.coerce.number<number>().pipe(value) : value;
      return [field, read.optional().meta({ description: `Only leads with exactly this \`${field}\`.` })];
    }),
  ) as never;
}
