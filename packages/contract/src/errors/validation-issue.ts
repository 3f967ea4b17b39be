import * as z from 'zod';

/** One thing that is wrong with a request. */
export const ValidationIssueSchema = z
  .strictObject({
    location: z
      .string()
      .meta({ description: 'Where it is: `body`, `query`, `path` or `headers`, then the field.', examples: ['body.email'] }),
    message: z.string().meta({ description: 'What is wrong, for people.', examples: ['Invalid email address'] }),
    code: z.string().meta({ description: 'What is wrong, for programs.', examples: ['invalid_format'] }),
  })
  .meta({ id: 'ValidationIssue', title: 'ValidationIssue', description: 'One thing that is wrong with a request.' });
