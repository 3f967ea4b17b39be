import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { API_KEY } from './api-key.ts';
import type { Figures } from './figures.ts';
import type { Ledger, Outcome } from './ledger.ts';
import type { ServerProcess } from './server-process.ts';
import { Writer } from './writer.ts';

/** How many write at once, each over a connection of its own. */
const WRITERS = 8;
const MIN_MS = 300;
const MAX_MS = 900;

/** Writers at work. */
export interface Load {
  readonly writers: readonly Writer[];
  /** Tells them to stop, unless they did because they got no answer, waits for them, and adds what they saw to the figures. */
  end(figures: Figures): Promise<void>;
}

interface LoadOptions {
  readonly ifUnanswered?: Outcome;
  /** How many writers; 8 when left out. */
  readonly writers?: number;
  /** The number of the first writer, where others have those before it. */
  readonly firstOwner?: number;
}

/** Lets writers loose on a server. */
export function startLoad(
  server: ServerProcess,
  ledger: Ledger,
  { ifUnanswered, writers: count = WRITERS, firstOwner = 0 }: LoadOptions = {},
): Load {
  const writers = Array.from({ length: count }, (_, i) => new Writer(ledger, firstOwner + i, server.url, API_KEY, ifUnanswered));
  let stopped = false;
  const running = Promise.all(writers.map((writer) => writer.run(() => stopped)));
  return {
    writers,
    async end(figures) {
      stopped = true;
      await running;
      for (const { acknowledged, unavailable, unanswered, problems } of writers) {
        figures.acknowledged += acknowledged;
        figures.open += unavailable + (unanswered ? 1 : 0);
        figures.blame(problems);
      }
    },
  };
}

/** A random stretch of work, so that what follows hits any moment of it. */
export function aWhile(): Promise<void> {
  return pause(randomInt(MIN_MS, MAX_MS));
}
