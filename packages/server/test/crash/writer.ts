import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { errorSchema, type Lead, LeadStatusSchema } from '@leads/contract';
import { type Answer, type Exchange, HttpConnection } from './http-connection.ts';
import { fits, type Ledger, type Outcome, type State } from './ledger.ts';

/** How many leads a writer keeps; above, it deletes as many as it creates, so that they stay quick to compare. */
const LEADS_PER_WRITER = 40;
const STATUSES = LeadStatusSchema.options;
const SOURCES = [null, 'website', 'fair', 'referral'];
const Unavailable = errorSchema('SERVICE_UNAVAILABLE');

/** Creates, updates and deletes leads over one connection, one request after the other, and notes what came of each. */
export class Writer {
  /** How many writes were acknowledged. */
  acknowledged = 0;
  /** How many were refused with a well-formed 503. */
  unavailable = 0;
  /** How long the slowest of those took, in milliseconds. */
  slowestUnavailableMs = 0;
  /** The requests that were answered. */
  readonly answered: string[] = [];
  /** The request that got no answer; it is the last one. */
  unanswered: Exchange | undefined;
  /** What should not have been answered as it was. */
  readonly problems: string[] = [];

  readonly #ledger: Ledger;
  readonly #owner: number;
  readonly #connection: HttpConnection;
  readonly #ifUnanswered: Outcome;
  readonly #leads: Lead[];

  constructor(ledger: Ledger, owner: number, url: string, apiKey: string, ifUnanswered: Outcome = 'may be') {
    this.#ledger = ledger;
    this.#owner = owner;
    this.#connection = new HttpConnection(url, apiKey);
    this.#ifUnanswered = ifUnanswered;
    this.#leads = ledger.leadsOf(owner);
  }

  /** Writes until told to stop, or until a request gets no answer. */
  async run(stopped: () => boolean): Promise<void> {
    while (!stopped() && !this.unanswered) {
      const before = this.unavailable;
      const dice = randomInt(10);
      if (this.#leads.length === 0 || dice < (this.#leads.length < LEADS_PER_WRITER ? 5 : 3)) await this.create();
      else if (dice < 7) await this.#update();
      else await this.#delete();
      // What is refused costs the server next to nothing: without a pace, the refusals would take the machine from the database.
      if (this.unavailable > before) await pause(20);
    }
    this.#connection.close();
  }

  /** Creates a lead; its body waits for `beforeBody`, where there is one. */
  async create(beforeBody?: () => Promise<void>): Promise<void> {
    const version = this.#ledger.nextVersion();
    const body = { ...fieldsOf(version), email: `writer${this.#owner}-${version}@example.com` };
    const lead = this.#note(body.email, await this.#connection.send('POST', '/api/v1/leads', body, beforeBody), 201, body);
    if (lead) this.#leads.push(lead as Lead);
  }

  async #update(): Promise<void> {
    const lead = this.#take();
    const body = fieldsOf(this.#ledger.nextVersion());
    const { updatedAt: _, ...rest } = lead;
    const changed = this.#note(lead.email, await this.#connection.send('PUT', `/api/v1/leads/${lead.id}`, body), 200, { ...rest, ...body });
    if (changed) this.#leads.push(changed as Lead);
  }

  async #delete(): Promise<void> {
    const lead = this.#take();
    this.#note(lead.email, await this.#connection.send('DELETE', `/api/v1/leads/${lead.id}`), 200, null);
  }

  /** Takes one of the leads; it comes back once its state is certain again. */
  #take(): Lead {
    const [lead] = this.#leads.splice(randomInt(this.#leads.length), 1);
    return lead!;
  }

  /** Notes a write that would bring a lead to `expected`, and returns the lead of the answer if it was acknowledged. */
  #note(email: string, exchange: Exchange, success: number, expected: State): State {
    const { requestId, answer } = exchange;
    if (!answer) {
      this.unanswered = exchange;
      this.#ledger.note(this.#owner, email, this.#ifUnanswered, expected);
      return null;
    }
    this.answered.push(requestId);
    if (answer.status !== success) {
      this.#noteRefusal(answer);
      // The commit may have been done before the connection that would have told of it broke.
      this.#ledger.note(this.#owner, email, 'may be', expected);
      return null;
    }
    this.acknowledged++;
    const state: State = expected && answer.body.data;
    if (!fits(state as Lead | null, expected))
      this.problems.push(`asked for ${JSON.stringify(expected)}, answered ${JSON.stringify(state)}`);
    this.#ledger.note(this.#owner, email, 'done', state);
    return state;
  }

  #noteRefusal(answer: Answer): void {
    const problem = problemOfUnavailable(answer);
    if (problem) this.problems.push(problem);
    this.unavailable++;
    this.slowestUnavailableMs = Math.max(this.slowestUnavailableMs, answer.ms);
  }
}

/** What is wrong with an answer that should be 503 `SERVICE_UNAVAILABLE` in the envelope, with `Retry-After`. */
export function problemOfUnavailable({ status, headers, body }: Answer): string | undefined {
  const isRight =
    status === 503 &&
    Unavailable.safeParse(body).success &&
    headers['retry-after'] === String(body.details.retryAfter) &&
    headers['x-request-id'] === body.details.requestId;
  return isRight ? undefined : `answered ${status} ${JSON.stringify(headers)} ${JSON.stringify(body)}`;
}

/** Fields that all differ from one version to the next, so that a half-done write shows; now and then too large for a row of its own. */
function fieldsOf(version: number) {
  return {
    name: `Lead ${version}`,
    phone: version % 3 === 0 ? null : `+1-555-${version}`,
    source: SOURCES[version % SOURCES.length]!,
    status: STATUSES[version % STATUSES.length]!,
    metadata: { version, text: randomBytes(version % 10 === 0 ? 4_000 : 20).toString('base64') },
  };
}
