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

/** One thing that is wrong with a request. */
export type ValidationIssue = z.infer<typeof ValidationIssueSchema>;

interface SchemaIssue {
  readonly path?: ReadonlyArray<PropertyKey | { key: PropertyKey }>;
  readonly message: string;
  readonly code?: string;
  readonly keys?: readonly string[];
}

/** What a schema finds wrong with a part of a request, or with anything where `part` is empty. */
export function issuesOf(part: string, error: unknown): ValidationIssue[] {
  const issues = (error as { issues?: readonly SchemaIssue[] } | null)?.issues ?? [];
  return issues.flatMap(({ path = [], message, code = 'invalid', keys }) => {
    const location = [...(part ? [part] : []), ...path.map((step) => String(typeof step === 'object' ? step.key : step))].join('.');
    // zod reports all unknown fields of an object as one issue; a caller looks for each by its name.
    return code === 'unrecognized_keys' && keys
      ? keys.map((key) => ({ location: location ? `${location}.${key}` : key, message: unknownField(part, key), code: 'unrecognized_key' }))
      : [{ location, message, code }];
  });
}

function unknownField(part: string, key: string): string {
  if (part === 'query') return 'Unknown parameter';
  return ['id', 'createdAt', 'updatedAt', 'workspaceId'].includes(key) ? 'Is set by the server and cannot be changed' : 'Unknown field';
}
