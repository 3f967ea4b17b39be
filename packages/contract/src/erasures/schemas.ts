import * as z from 'zod';
import { idField, idParameter, timestamp } from '../http/ids.ts';
import { pii } from '../http/personal-data.ts';
import { success, successWithMessage } from '../http/success.ts';
import { text } from '../http/text.ts';
import { LEAD_EMAIL_MAX_LENGTH, LEAD_PHONE_MAX_LENGTH } from '../leads/schemas.ts';

/** How many leads one erasure takes, living or deleted. */
export const ERASURE_MAX_LEADS = 1_000;
/** How many digits a phone number needs by which a person is erased. */
export const ERASURE_PHONE_MIN_DIGITS = 5;

/** The body of `erasures.create`. */
export const CreateErasureSchema = z
  .strictObject({
    leadId: idParameter('lead', 'lead_1234567890abcdef')
      .optional()
      .meta({ description: 'The person of this lead, whether it is there or deleted.' }),
    email: pii(
      text(1, LEAD_EMAIL_MAX_LENGTH)
        .optional()
        .meta({
          description: 'Whoever has this e-mail address, in upper or lower case.',
          examples: ['john.doe@example.com'],
          minLength: 1,
          maxLength: LEAD_EMAIL_MAX_LENGTH,
        }),
    ),
    phone: pii(
      text(1, LEAD_PHONE_MAX_LENGTH)
        .refine(
          (phone) => (phone.match(/[0-9]/g) ?? []).length >= ERASURE_PHONE_MIN_DIGITS,
          `Must contain at least ${ERASURE_PHONE_MIN_DIGITS} digits`,
        )
        .optional()
        .meta({
          description: 'Whoever has this phone number, with all its digits in the same order, in any notation.',
          examples: ['+1-555-0123'],
          minLength: 1,
          maxLength: LEAD_PHONE_MAX_LENGTH,
        }),
    ),
    dryRun: z
      .boolean()
      .optional()
      .meta({ description: 'Change nothing, and answer with what would go and the token for doing it.', examples: [true] }),
    planToken: z
      .string()
      .min(1)
      .max(2000)
      .optional()
      .meta({
        description:
          'The token of the dry run. Where what there is of the person is not what it was then, nothing is done: 409 `PLAN_DRIFTED`.',
        examples: ['eyJ2IjoxfQ.c2lnbmF0dXJl'],
      }),
    force: z
      .boolean()
      .optional()
      .meta({ description: 'Erase leads that are in an active campaign too. Needs the scope `leads:force`.', examples: [false] }),
  })
  .superRefine(({ leadId, email, phone, dryRun, planToken }, ctx) => {
    const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message });
    if ([leadId, email, phone].filter((value) => value !== undefined).length !== 1)
      refuse('leadId', 'Exactly one of leadId, email and phone must be sent');
    if ((dryRun === true) === (planToken !== undefined))
      refuse('planToken', 'Send dryRun: true first, and then the planToken that it answered');
  })
  .meta({ id: 'CreateErasureRequest', title: 'CreateErasureRequest', description: 'Who is to be erased.' });

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

/** How much there is of a person, by kind. */
export const PersonCountsSchema = z
  .strictObject({
    leads: count('Leads that are there.', 1),
    activities: count('Activities of these leads.', 3),
    campaigns: count('Places of these leads in campaigns.', 1),
    backups: count('Backups, also of leads that are deleted.', 2),
    storedAnswers: count('Answers that are stored for an `Idempotency-Key`.', 1),
    jobOutcomes: count('Outcomes of jobs that name one of the leads. What stays of them is `erased` in the place of the id.', 1),
  })
  .meta({ id: 'PersonCounts', title: 'PersonCounts', description: 'How much there is of a person, by kind; no personal data.' });

/** What proves that a person was erased. */
export const ErasureSchema = z
  .strictObject({
    id: idField('erasure', 'erasure'),
    erasedAt: timestamp('When it was done.', '2024-01-16T15:45:00.000Z'),
    keyId: z.string().meta({ description: 'Who did it: the id of the API key.', examples: ['key_1234567890abcdef'] }),
    requestId: z
      .string()
      .meta({ description: 'The request that asked for it, as in `X-Request-Id`.', examples: ['req_01jq8z3v9k4n7w2x5y6b8c0d1e'] }),
    removed: PersonCountsSchema,
    suppressionLiftedAt: timestamp(
      'When the person was allowed in again; null: whoever has the e-mail address or phone number is kept away.',
      '2024-02-16T09:00:00.000Z',
    ).nullable(),
    outside: z.array(z.string()).meta({
      description: 'What lies outside of this API, for people: look there, too.',
      examples: [['Copies of the database that its operator makes']],
    }),
  })
  .meta({ id: 'Erasure', title: 'Erasure', description: 'What proves that a person was erased; no personal data.' });

/** What an erasure would do. */
export const ErasurePlanSchema = z
  .strictObject({
    dryRun: z.literal(true).meta({ description: 'Nothing was done.' }),
    found: PersonCountsSchema,
    blocked: count('How many of the leads are in an active campaign. Without `force` nothing is erased then: 409 `LEAD_IN_USE`.', 0),
    planToken: z.string().meta({ description: 'Proof of what was found, for doing it.', examples: ['eyJ2IjoxfQ.c2lnbmF0dXJl'] }),
    planExpiresAt: timestamp('Until when the token is valid: 10 minutes.', '2024-01-16T15:55:00.000Z'),
  })
  .meta({ id: 'ErasurePlan', title: 'ErasurePlan', description: 'What would be erased.' });

/** An erasure that was done. */
export const ErasureDoneSchema = z
  .strictObject({ dryRun: z.literal(false).meta({ description: 'It was done.' }), erasure: ErasureSchema })
  .meta({ id: 'ErasureDone', title: 'ErasureDone', description: 'What was erased.' });

/** The path of an operation on one erasure. */
export const ErasurePathSchema = z.strictObject({ erasureId: idParameter('erasure', 'erasure_1234567890abcdef') });

/** The answer of `erasures.create`. */
export const CreateErasureResponseSchema = success('CreateErasureResponse', z.union([ErasureDoneSchema, ErasurePlanSchema]));

/** The answer of `erasures.get`. */
export const ErasureResponseSchema = success('ErasureResponse', ErasureSchema);

/** The answer of `erasures.liftSuppression`. */
export const LiftSuppressionResponseSchema = successWithMessage(
  'LiftSuppressionResponse',
  'Suppression lifted successfully',
  z.strictObject({ id: idField('erasure', 'erasure'), liftedAt: timestamp('When it was lifted.', '2024-02-16T09:00:00.000Z') }),
);

/** How much there is of a person, by kind. */
export type PersonCounts = z.infer<typeof PersonCountsSchema>;
/** What proves that a person was erased. */
export type Erasure = z.infer<typeof ErasureSchema>;
