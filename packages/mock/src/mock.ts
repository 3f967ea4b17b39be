import type { Fault } from './faults.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Seed } from './seed.ts';

/** Where the answers come from: the server's own core and its state, the examples of the document, or its schemas. */
export type Mode = 'stateful' | 'examples' | 'generated';

/** Where a mock listens, and what it answers. */
export interface MockOptions {
  /** The port; 0, the default, takes any that is free. */
  readonly port?: number;
  /** The address to listen on; 127.0.0.1 by default, so that only this machine reaches it. */
  readonly host?: string;
  /** The OpenAPI document; that of the contract by default. */
  readonly document?: object;
  /** `stateful` by default. */
  readonly mode?: Mode;
  /** What each workspace begins with, 25 leads by default. In the mode `generated`, the same seed makes the same data. */
  readonly seed?: Seed;
  /** The faults that are set from the start. */
  readonly faults?: readonly Fault[];
}

/** A request that was answered, without anything personal in it. */
export interface LoggedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** Such as `leads.delete`; null where the path or the method fits none. */
  readonly operation: string | null;
  /** Null where the connection was broken. */
  readonly status: number | null;
  readonly answeredBy: 'state' | 'document' | 'fault';
  readonly milliseconds: number;
}

/** What is in a mock. */
export interface MockState {
  readonly mode: Mode;
  readonly now: string;
  readonly faults: readonly Fault[];
  /** How many rows each table has; empty but in the mode `stateful`. */
  readonly rows: Readonly<Record<string, number>>;
}

/** A mock that listens. What takes a moment is done when its promise resolves. */
export interface Mock {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /**
   * Everything as at the start, or filled from another seed from now on; no faults but those of the start, the real time. Requests
   * under way are answered before, later ones after. @throws {Refusal} for a seed that is none.
   */
  reset(seed?: Seed): Promise<void>;
  /** Sets one more fault. @throws {z.ZodError} for what is none, {@link Refusal} for an operation that there is not. */
  fault(fault: Fault): void;
  clearFaults(): void;
  /** Resets, and sets up a situation. */
  scenario(name: ScenarioName): Promise<void>;
  /** Keeps every workspace as it is now under a name; not the faults, nor the time. In the mode `stateful` only. */
  snapshot(name: string): Promise<void>;
  /** Puts every workspace back as it was kept. @throws {Refusal} where nothing was kept under that name. */
  restore(name: string): Promise<void>;
  /**
   * Answers by another OpenAPI document from now on; state, faults and time stay. Where it rejects, because that is none,
   * nothing has changed.
   */
  reload(document: object): Promise<void>;
  /** Sets the time, which then goes on; null for the real one. */
  setClock(now: Date | null): void;
  state(): Promise<MockState>;
  /** The last 1,000 requests, oldest first; those that control the mock are not among them. */
  requests(): readonly LoggedRequest[];
  /** Ends every connection and frees the port. Calling it again does nothing. */
  close(): Promise<void>;
}
