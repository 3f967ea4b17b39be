import type { Caller } from './caller.ts';

/** What a check works with. */
export interface Context {
  readonly caller: Caller;
  /** Somebody of another workspace; undefined where only one key was given. */
  readonly other: Caller | undefined;
  /** Makes the random requests of a run repeatable. */
  readonly seed: number;
  /** What several checks of a run work with: made by the first, taken away in the end. */
  readonly once: <Made>(make: (caller: Caller) => Promise<Made>) => Promise<Made>;
}

/** One thing that every implementation of the contract does. */
export interface Check {
  /** What it guarantees. */
  readonly name: string;
  /** It also holds where nothing is kept between two requests. */
  readonly stateless?: boolean;
  /** Why it cannot be checked from the outside. */
  readonly skip?: string;
  /** It needs a key of another workspace. */
  readonly needsOther?: boolean;
  /** It changes counts of the whole workspace by so much that another such check at the same time would mistake it for a defect. */
  readonly countsAll?: boolean;
  /** About how many requests it makes, where they are many. */
  readonly requests?: number;
  /** @throws {Mismatch} where the guarantee does not hold. */
  run(context: Context): Promise<void>;
}
