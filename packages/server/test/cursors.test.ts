import { OPERATIONS } from '@leads/contract';
import type * as z from 'zod';
import { expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { type OperationId, useCaller, useServer } from './support/server.ts';

/** Every list that is walked by cursor. */
const LISTS = OPERATIONS.filter(({ route }) => 'cursor' in ((route.query as z.ZodObject | undefined)?.shape ?? {})).map(
  ({ id }) => id as OperationId,
);

const MOMENT = '2024-01-16T15:46:00.000Z';
/** Positions of the shapes that lists have. */
const SHAPES: readonly (readonly unknown[])[] = [[MOMENT, 'id'], ['id'], [1, 1], [MOMENT, 1, 1]];
/** What can be no part of a position: PostgreSQL cannot hold it, in a column of one type or another. */
const IMPOSSIBLE = [
  '2024-02-31T00:00:00.000Z',
  '2023-02-29T00:00:00.000Z',
  '2024-13-01T00:00:00.000Z',
  '2024-01-16T24:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '+010000-01-01T00:00:00.000Z',
  'infinity',
  '\0',
  '\ud800',
  2 ** 15,
  -(2 ** 15) - 1,
  2 ** 31,
  2 ** 53,
  1e300,
  0.5,
  true,
  null,
  {},
  [],
];
const POSITIONS = SHAPES.flatMap((shape) => shape.flatMap((_, i) => IMPOSSIBLE.map((part) => shape.with(i, part))));
const encode = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');

onEachDatabase('cursors', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);

  it.each(LISTS)('%s: 400 for every cursor that PostgreSQL could not hold, and never a 500', async (operation) => {
    const { params } = await acme.enrolledLead();
    const job = await acme.job('leads.bulkArchive', { source: 'nobody' });
    const walk = async (position: unknown) =>
      (await acme.call(operation, { params: { ...params, jobId: job.id }, query: { cursor: encode(position) } })).status;
    const wrapped = (after: unknown) => ({ sort: 'createdAt desc', after, page: 1 });
    const wrap = operation === 'leads.list' ? wrapped : (after: unknown) => after;
    const [fitting, ...more] = (await Promise.all(SHAPES.map(async (shape) => ({ shape, status: await walk(wrap(shape)) })))).filter(
      ({ status }) => status === 200,
    );
    expect(more).toEqual([]);
    const statuses = await Promise.all(POSITIONS.map(async (position) => ({ position, status: await walk(wrap(position)) })));
    // An id is any text, and a number within bounds any number: what fits is a place in the list, though nothing is there.
    const fits = (position: readonly unknown[]) =>
      position.length === fitting!.shape.length &&
      position.every(
        (part, i) => part === fitting!.shape[i] || (fitting!.shape[i] === 'id' && isText(part)) || isNumberOf(operation, i, part),
      );
    for (const { position, status } of statuses) expect(status, JSON.stringify(position)).toBe(fits(position) ? 200 : 400);
  });
});

function isText(part: unknown): boolean {
  return typeof part === 'string' && part !== '\0' && part !== '\ud800';
}

/** The chain of an entry is a smallint, its number a bigint; the places of outcomes are integers. */
function isNumberOf(operation: OperationId, place: number, part: unknown): boolean {
  if (typeof part !== 'number') return false;
  const end = operation === 'auditLog.list' && place === 1 ? 2 ** 15 : operation === 'auditLog.list' && place === 2 ? 2 ** 53 : 2 ** 31;
  return (operation === 'auditLog.list' ? place > 0 : operation === 'jobs.listOutcomes') && Number.isInteger(part) && Math.abs(part) < end;
}
