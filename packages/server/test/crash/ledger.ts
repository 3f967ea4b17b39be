import { isDeepStrictEqual } from 'node:util';
import type { Lead } from '@leads/contract';

/** What is known of a lead in one of the states it may be in; null stands for no lead. */
export type State = Partial<Lead> | null;

/**
 * What may become of a write: it was acknowledged, so it is done; it was not, so it `may` be done or not; or it was not
 * by a server that promises to answer whatever it does, so it is `not done`.
 */
export type Outcome = 'done' | 'may be' | 'not done';

interface Entry {
  readonly owner: number;
  /** Every state that the answers so far allow. One, unless a write was left unanswered. */
  states: State[];
}

/**
 * The exact model of a workspace: for every lead, by its e-mail address, the states it may be in after what the server
 * acknowledged and what it left open. A lead belongs to one writer, which makes its changes one after the other.
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  #version = 0;

  /** A number that no write had yet. */
  nextVersion(): number {
    return ++this.#version;
  }

  /** The leads of a writer whose state is certain. */
  leadsOf(owner: number): Lead[] {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.owner === owner && entry.states.length === 1 ? [entry.states[0] as Lead] : [],
    );
  }

  /** Notes what came of a write that would bring a lead to `state`. */
  note(owner: number, email: string, outcome: Outcome, state: State): void {
    if (outcome === 'not done') return;
    const entry = this.#entries.get(email) ?? { owner, states: [null] };
    entry.states = outcome === 'done' ? [state] : [...entry.states, state];
    if (isGone(entry)) this.#entries.delete(email);
    else this.#entries.set(email, entry);
  }

  /**
   * Compares with all leads that there really are, and takes what is found for certain from then on.
   * @returns what cannot be: a line for each lead that was lost, came back, or is in a state that no write left.
   */
  compare(leads: readonly Lead[]): string[] {
    const problems: string[] = [];
    const found = new Map<string, Lead>();
    for (const lead of leads) {
      if (found.has(lead.email)) problems.push(`twice: ${lead.email}`);
      found.set(lead.email, lead);
      if (!this.#entries.has(lead.email)) problems.push(`deleted or never made, and yet there: ${JSON.stringify(lead)}`);
    }
    for (const [email, entry] of this.#entries) {
      const lead = found.get(email) ?? null;
      if (!entry.states.some((state) => fits(lead, state))) {
        problems.push(`${lead ? 'wrong' : 'lost'}: ${email} is ${JSON.stringify(lead)} and may be ${JSON.stringify(entry.states)}`);
      }
      entry.states = [lead];
      if (isGone(entry)) this.#entries.delete(email);
    }
    return problems;
  }
}

function isGone({ states }: Entry): boolean {
  return states.length === 1 && states[0] === null;
}

/** Whether a lead is in a state, as far as that is known. */
export function fits(lead: Lead | null, state: State): boolean {
  if (lead === null || state === null) return lead === state;
  return Object.entries(state).every(([field, value]) => isDeepStrictEqual(lead[field as keyof Lead], value));
}
