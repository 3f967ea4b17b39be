import * as z from 'zod';

/** What a lead that was not brought in met, by the code of its outcome: another lead, or an erasure. */
export const keptAwayBy = {
  existingLeadId: z
    .string()
    .optional()
    .meta({ description: 'The lead that has this e-mail address; only with `EMAIL_EXISTS`.', examples: ['lead_1234567890abcdef'] }),
  erasureId: z
    .string()
    .optional()
    .meta({ description: 'The erasure that keeps the person away; only with `SUPPRESSED`.', examples: ['erasure_1234567890abcdef'] }),
};
