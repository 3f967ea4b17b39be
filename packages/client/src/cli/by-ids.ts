import type { CallOptions } from '../types.ts';
import { forEachGroup, type PacedSend } from '../leads/many.ts';
import { OUTCOMES } from './columns.ts';
import type { Context } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Ids } from './ids.ts';
import { type Outcome, Tally } from './outcomes.ts';
import { counted } from './text.ts';

/** What is done with leads that are named. */
export interface IdsAction {
  /** `Deleting`. */
  readonly doing: string;
  /** `deleted`. */
  readonly past: string;
  /** How many leads go into one request. */
  readonly size: number;
  readonly work: (ids: string[], send: PacedSend) => Promise<readonly Outcome[]>;
  /** How many requests are on their way at once, where the options do not say. */
  readonly concurrency?: number;
  /** Says how it is undone, where it can be. */
  readonly undo?: () => void;
}

/** Does it, group by group, and writes what came of each lead: in a terminal only what failed. */
export async function byIds(context: Context, ids: Ids, { doing, past, size, work, concurrency, undo }: IdsAction): Promise<ExitCode> {
  const { output, progress, say, io, options } = context;
  const { signal } = io.interruption;
  // What is under way is not ended by Ctrl-C: it would leave open what came of it.
  const send: PacedSend = (request) => context.send()(({ signal: _, ...options }: CallOptions) => request(options));
  const writer = output.writer(OUTCOMES);
  const tally = new Tally();
  progress.start(doing);
  try {
    await forEachGroup(
      untilAborted(ids.read(), signal),
      size,
      { ...(concurrency !== undefined && { concurrency }), ...options.many },
      async (group) => {
        for (const outcome of await work(group, send)) {
          tally.add(outcome);
          if (output.format !== 'human' || outcome.code !== undefined) await writer.item(outcome);
        }
        progress.update(tally.done, ids.total, tally.failed + tally.skipped);
      },
    );
  } catch (error) {
    progress.clear();
    await writer.end();
    await output.end();
    if (tally.done > 0 || ids.total !== 1) {
      say(`Stopped after ${counted(tally.done, 'lead')}${ids.total === null ? '' : ` of ${ids.total.toLocaleString('en')}`}:`);
      tally.report(context, past);
      if (tally.succeeded > 0) undo?.();
      say('To go on, run the same command again: what is done already is not done twice.');
    }
    throw error;
  }
  progress.clear();
  await writer.end();
  await output.end();
  tally.report(context, past);
  if (tally.succeeded > 0) undo?.();
  return tally.exitCode;
}

async function* untilAborted(ids: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<string> {
  for await (const id of ids) {
    signal.throwIfAborted();
    yield id;
  }
}
