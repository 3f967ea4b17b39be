import { type ErrorCode, ERRORS } from '@leads/contract';
import * as z from 'zod';
import { Refusal } from './refusal.ts';

const LATENCY_MAX_MS = 60_000;
const latency = z.int().min(0).max(LATENCY_MAX_MS);
const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** Something that goes wrong, or slowly. */
export const FaultSchema = z
  .strictObject({
    operation: z.string().optional().meta({ description: 'The only operation that it strikes, such as `leads.delete`; else all.' }),
    error: z
      .enum(ERROR_CODES)
      .optional()
      .meta({ description: 'The code to answer, as the reference shows it. Strikes only the operations that document it.' }),
    connection: z
      .enum(['drop', 'cut'])
      .optional()
      .meta({ description: '`drop`: closed without an answer; `cut`: in the middle of the body, with nothing done.' }),
    latencyMs: z
      .union([latency, z.tuple([latency, latency])])
      .optional()
      .meta({ description: 'How long every answer waits, in milliseconds, or the least and the most.' }),
    rate: z.number().gt(0).max(1).default(1).meta({ description: 'The share of the requests that it strikes.' }),
    times: z.int().min(1).optional().meta({ description: 'How many requests it strikes; else all that come.' }),
  })
  .refine((fault) => fault.error !== undefined || fault.connection !== undefined || fault.latencyMs !== undefined, {
    message: 'Must have error, connection or latencyMs',
  })
  .refine((fault) => fault.error === undefined || fault.connection === undefined, { message: 'Must have error or connection, not both' });

/** A fault as it is asked for. */
export type Fault = z.input<typeof FaultSchema>;

/** What strikes one request. */
export interface Strike {
  readonly waitMs: number;
  readonly error?: ErrorCode | undefined;
  readonly connection?: 'drop' | 'cut' | undefined;
}

/** The faults that are set. Which requests one with a `rate` strikes is the same in every run. */
export class Faults {
  #faults: { fault: z.infer<typeof FaultSchema>; left: number }[] = [];
  #random = 1;
  readonly #operations: () => readonly string[];

  /** `operations`: those that there are, by their ids. */
  constructor(operations: () => readonly string[]) {
    this.#operations = operations;
  }

  get all(): Fault[] {
    return this.#faults.map(({ fault, left }) => ({ ...fault, ...(Number.isFinite(left) && { times: left }) }));
  }

  /** @throws {z.ZodError} for what is no fault, and {@link Refusal} for one of an operation that there is not. */
  add(fault: Fault): void {
    const parsed = FaultSchema.parse(fault);
    if (parsed.operation !== undefined && !this.#operations().includes(parsed.operation)) {
      const message = `There is no operation ${JSON.stringify(parsed.operation)}`;
      throw new Refusal('VALIDATION_ERROR', { issues: [{ location: 'body.operation', message, code: 'invalid_value' }] });
    }
    this.#faults.push({ fault: parsed, left: parsed.times ?? Infinity });
  }

  clear(): void {
    this.#faults = [];
    this.#random = 1;
  }

  /** What strikes the next request for an operation that documents these codes: all waits, and the first error or broken connection. */
  next(operation: string, documented: ReadonlySet<string>): Strike {
    let strike: Strike = { waitMs: 0 };
    for (const entry of this.#faults) {
      const { operation: only, error, connection, latencyMs = 0, rate } = entry.fault;
      const breaks = error !== undefined || connection !== undefined;
      if (only !== undefined && only !== operation) continue;
      if (error !== undefined && !documented.has(error)) continue;
      if (breaks && (strike.error ?? strike.connection) !== undefined) continue;
      if (rate < 1 && this.#next() >= rate) continue;
      const [least, most] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
      const waitMs = strike.waitMs + least + (most > least ? this.#next() * (most - least) : 0);
      strike = { ...strike, waitMs, ...(breaks && { error, connection }) };
      entry.left--;
    }
    this.#faults = this.#faults.filter(({ left }) => left > 0);
    return strike;
  }

  /** From 0 to 1: the minimal standard generator, which needs no more than one number of state. */
  #next(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }
}
