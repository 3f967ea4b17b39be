import type { BulkOutcome, Job } from '../api.generated.ts';
import { LeadsApiError } from '../errors.ts';
import { OUTCOME_ERRORS } from '../leads/outcomes.ts';
import type { Context } from './command.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { count } from './text.ts';

/** What came of one lead. */
export interface Outcome {
  readonly leadId: string;
  readonly outcome: string;
  readonly code?: string;
  readonly error?: string;
  readonly backupId?: string;
}

/** An outcome of the API, with a text for people where there is something to say. */
export function toOutcome(outcome: BulkOutcome): Outcome {
  return outcome.code ? { ...outcome, error: OUTCOME_ERRORS[outcome.code] } : outcome;
}

/**
 * What came of one lead: a refusal that is about it is its own, any other failure ends the command; so does every one where the lead
 * is alone.
 */
export async function outcomeOf(leadId: string, isAlone: boolean, work: Promise<Omit<Outcome, 'leadId'>>): Promise<Outcome> {
  try {
    return { leadId, ...(await work) };
  } catch (error) {
    if (isAlone || !(error instanceof LeadsApiError) || ![400, 404, 409, 412].includes(error.status)) throw error;
    return { leadId, outcome: error.code === 'LEAD_NOT_FOUND' ? 'skipped' : 'failed', code: error.code, error: error.message };
  }
}

/** Counts what came of leads. */
export class Tally {
  succeeded = 0;
  skipped = 0;
  failed = 0;
  cancelled = 0;
  #last: Outcome | null = null;

  get done(): number {
    return this.succeeded + this.skipped + this.failed + this.cancelled;
  }

  add(outcome: Outcome): void {
    this.#last = outcome;
    if (outcome.outcome === 'cancelled') this.cancelled++;
    else if (outcome.code === undefined) this.succeeded++;
    else if (outcome.outcome === 'skipped') this.skipped++;
    else this.failed++;
  }

  /** How the command ends; one lead alone says by itself why. */
  get exitCode(): ExitCode {
    if (this.skipped + this.failed === 0) return this.cancelled > 0 && this.succeeded === 0 ? EXIT.failure : EXIT.ok;
    if (this.done > 1) return EXIT.someFailed;
    const code = this.#last!.code!;
    return exitCodeOf(code.endsWith('NOT_FOUND') ? 404 : code === 'VALIDATION_ERROR' ? 400 : 409);
  }

  /** What was done, on stderr: `12 deleted, 1 not there, 2 failed`. */
  report({ say, style }: Context, past: string): void {
    const { succeeded, skipped, failed, cancelled } = this;
    const parts = [
      style(succeeded > 0 ? 'green' : 'dim', `${count(succeeded)} ${past}`),
      ...(skipped > 0 ? [style('yellow', `${count(skipped)} not there`)] : []),
      ...(cancelled > 0 ? [`${count(cancelled)} not confirmed`] : []),
      ...(failed > 0 ? [style('red', `${count(failed)} failed, left as they are`)] : []),
    ];
    say(`${parts.join(', ')}.`);
  }
}

/** What a job did. */
export function tallyOf({ succeeded, skipped, failed }: Job): Tally {
  return Object.assign(new Tally(), { succeeded, skipped, failed });
}
