import type { Lead, OperationId } from '@leads/contract';
import fc from 'fast-check';
import type { ChangingId } from '../contract-types.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { compareTouched } from './compare.ts';
import type { World } from './world.ts';

/** What is done to the server and to the model alike, and compared at once. */
export class Command implements fc.AsyncCommand<World, null> {
  readonly #operation: string;
  readonly #values: unknown;
  readonly #perform: (world: World) => Promise<unknown>;

  constructor(operation: string, values: unknown, perform: (world: World) => Promise<unknown>) {
    this.#operation = operation;
    this.#values = values;
    this.#perform = perform;
  }

  check(): boolean {
    return true;
  }

  async run(world: World): Promise<void> {
    await this.#perform(world);
    await compareTouched(world);
  }

  toString(): string {
    return `${this.#operation}(${JSON.stringify(this.#values).slice(1, -1)})`;
  }
}

/** A command for each operation of some that change something. */
export type Commands<Id extends ChangingId> = Readonly<Record<Id, fc.Arbitrary<Command>>>;

/** The operations of a resource that change something. */
export type ChangingOf<Resource extends string> = Extract<ChangingId, `${Resource}.${string}`>;

/** Which of several things is meant: that of this number, however many there are. */
export const number = fc.nat(11);
export const numbers = fc.uniqueArray(number, { minLength: 1, maxLength: 5 });
/** An If-Match that does not hold, one that always does, or none. */
export const guard = fc.constantFrom(undefined, undefined, '*', '"another"');
/** Metadata of few keys, so that changes meet. */
export const metadata = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(fc.constantFrom(1, 'é 👩‍👩‍👧', true), fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(3))),
  { maxKeys: 3 },
);

/** A command of an operation, with any such values. */
export const step = <Values extends unknown[]>(
  operation: ChangingId,
  values: fc.Arbitrary<Values>,
  perform: (world: World, ...all: Values) => Promise<unknown>,
) => values.map((all) => new Command(operation, all, (world) => perform(world, ...all)));

/** A command about one lead, of all that there ever were. */
export const about = <Values extends unknown[]>(
  operation: ChangingId,
  values: fc.Arbitrary<Values>,
  perform: (world: World, leadId: string, ...all: Values) => Promise<unknown>,
) =>
  step(operation, fc.tuple(number, values), async (world, which, all) => {
    const leadId = world.pickLead(which);
    if (leadId !== undefined) await perform(world, leadId, ...all);
  });

/** Changes a lead, unless it is not there or another version: then that is what must be said, and nothing is answered. */
export async function change(
  world: World,
  operation: OperationId,
  leadId: string,
  body: object | undefined,
  ifMatch: string | undefined,
): Promise<Lead | undefined> {
  const call = { params: { leadId }, ...(body && { body }), headers: { ...(ifMatch && { 'if-match': ifMatch }) } };
  const { status, body: answer, text } = await world.call(operation, call);
  world.touched.add(leadId);
  if (!world.leads.has(leadId)) demandEqual(status, 404, 'changing a lead that is not there');
  else if (ifMatch === '"another"') demandEqual([status, answer.details?.leadId], [412, leadId], 'changing another version');
  else {
    demand(status === 200, `refused: ${text.slice(0, 300)}`);
    return answer.data;
  }
  return undefined;
}
