import type * as z from 'zod';
import { codesOf } from '../errors/envelope.ts';
import { issuesOf } from '../errors/validation-issue.ts';
import { bodyOf, type Example } from '../http/operation.ts';
import type { Operation } from '../operations.ts';
import { TAGS } from './document.ts';

/**
 * Looks for what the compiler cannot see in an operation, and would make a document that is wrong.
 * @throws {Error} that names the operation, what is wrong with it, and what to do.
 */
export function checkOperation(operation: Operation): void {
  const { id, route, metadata } = operation;
  tagOf(operation);
  const parameters = route.path.match(/(?<=:)\w+/g) ?? [];
  const described = Object.keys((route.pathParams as z.ZodObject | undefined)?.shape ?? {});
  if (parameters.toSorted().join() !== described.toSorted().join()) {
    throw wrong(
      id,
      `its path has the parameters [${[...parameters].join(', ')}], and its pathParams describe [${described.join(', ')}]. Make pathParams describe those of the path.`,
    );
  }
  const body = bodyOf(route);
  if (body && !metadata.requestExamples)
    throw wrong(id, 'its body has no example. Add one to examples.ts, and name it as requestExamples in its metadata.');
  if (body) checkExamples(id, 'requestExamples', metadata.requestExamples!, () => body);

  const successes = Object.entries(route.responses).filter(([, schema]) => codesOf(schema).length === 0);
  if (successes.length === 0) throw wrong(id, 'it has no answer of a success. Add one to its responses.');
  const first = Number(successes[0]![0]);
  const examples = Object.values(metadata.successExamples);
  for (const [status] of successes) {
    if (!examples.some((example) => (example.status ?? first) === Number(status))) {
      throw wrong(
        id,
        `its answer ${status} has no example. Add one with status: ${status} to examples.ts, and to successExamples in its metadata.`,
      );
    }
  }
  checkExamples(id, 'successExamples', metadata.successExamples, ({ status = first }, name) => {
    const schema = successes.find(([each]) => Number(each) === status)?.[1];
    if (!schema)
      throw wrong(id, `its example ${name} is one of an answer ${status}, which it does not have. Correct the status of the example.`);
    return schema as z.ZodType;
  });
}

/** The heading under which an operation stands. */
export function tagOf({ id }: Operation): string {
  const resource = id.split('.')[0]!;
  const tag = (TAGS as Partial<Record<string, { name: string }>>)[resource];
  if (!tag) throw wrong(id, `its resource ${resource} has no heading. Add it to TAGS in openapi/document.ts.`);
  return tag.name;
}

function checkExamples(
  id: string,
  where: string,
  examples: Readonly<Record<string, Example>>,
  schemaOf: (example: Example, name: string) => z.ZodType,
): void {
  for (const [name, example] of Object.entries(examples)) {
    const { error } = schemaOf(example, name).safeParse(example.value);
    if (!error) continue;
    const issues = issuesOf('', error).map(({ location, message }) => `${location || 'the whole'}: ${message}`);
    throw wrong(id, `its example ${name} in ${where} is refused by its schema (${issues.join('; ')}). Correct it in examples.ts.`);
  }
}

function wrong(id: string, what: string): Error {
  return new Error(`${id}: ${what}`);
}
