import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { RATE_LIMIT_HEADERS } from '@leads/contract';
import { Calls } from './calls.ts';
import { checkAnswer, operationOf } from './check-answer.ts';
import { type Answer, exchange, type RawRequest } from './exchange.ts';
import { demand } from './mismatch.ts';

const JOB_DEADLINE_MS = 120_000;
const JOB_POLL_MS = 25;
/** How many leads one bulk deletion takes. */
const IDS_AT_ONCE = 1_000;
/** How many leads, and of each other kind how many, may be left from one check to the next. */
const LEADS_KEPT = 200;
const OTHERS_KEPT = 20;

/** Somebody with a key of the server under test, who remembers what was answered and what there is to clean up. */
export class Caller extends Calls {
  readonly url: string;
  protected readonly key: string;
  /** The documented answers that were given last, by name. */
  readonly answered = new Map<string, Answer>();
  readonly #agent: HttpAgent;
  readonly #made = { leads: new Set<string>(), campaigns: new Set<string>(), keys: new Set<string>(), backups: new Set<string>() };
  #limited: boolean | undefined;

  constructor(url: string, key: string) {
    super();
    this.url = url;
    this.key = key;
    this.#agent = new (url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true });
  }

  protected async exchange(request: RawRequest): Promise<Answer> {
    const answer = await exchange(this.url, request, this.#agent);
    this.#remember(request, answer);
    demand(answer.status !== 429, 'the rate limit is used up: run the server with a larger one, or none, for this');
    if (answer.status < 300) this.#limited ??= answer.headers[RATE_LIMIT_HEADERS[0].toLowerCase()] !== undefined;
    const name = checkAnswer(request, answer, { limited: this.#limited ?? false });
    if (name) this.answered.set(name, answer);
    return answer;
  }

  async jobDone(jobId: string): Promise<Answer> {
    const deadline = performance.now() + JOB_DEADLINE_MS;
    for (;;) {
      const answer = await this.call('jobs.get', { params: { jobId } });
      if (answer.status !== 200 || answer.body.data.finishedAt !== null) return answer;
      demand(performance.now() < deadline, `the job ${jobId} has not ended after ${JOB_DEADLINE_MS / 1000} s`);
      await wait(JOB_POLL_MS);
    }
  }

  /** Takes away what was made once there is much of it, so that a workspace never runs full. */
  async tidy(): Promise<void> {
    const { leads, campaigns, keys } = this.#made;
    if (leads.size > LEADS_KEPT || campaigns.size > OTHERS_KEPT || keys.size > OTHERS_KEPT) await this.#takeAway();
  }

  /** Takes away what was made and is still there, whatever the server makes of it. */
  async cleanUp(): Promise<void> {
    await this.#takeAway();
    this.#agent.destroy();
  }

  async #takeAway(): Promise<void> {
    const quietly = (request: Promise<unknown>) => request.catch(() => {});
    const { leads, campaigns, keys, backups } = this.#made;
    const all = [...leads];
    for (let at = 0; at < all.length; at += IDS_AT_ONCE) {
      const ids = all.slice(at, at + IDS_AT_ONCE);
      await quietly(this.call('leads.bulkDelete', { body: { ids, force: true, erase: true } }));
    }
    for (const backupId of backups) await quietly(this.call('backups.delete', { params: { backupId } }));
    for (const campaignId of campaigns) {
      await quietly(this.call('campaigns.update', { params: { campaignId }, body: { status: 'completed' } }));
      await quietly(this.call('campaigns.delete', { params: { campaignId } }));
    }
    for (const keyId of keys) await quietly(this.call('apiKeys.revoke', { params: { keyId } }));
    for (const made of Object.values(this.#made)) made.clear();
    this.forgetKeys();
  }

  #remember(request: RawRequest, { status, body }: Answer): void {
    const data = body?.data;
    if (status >= 300 || !data) return;
    const operation = operationOf(request)?.id;
    if (operation === 'leads.create') this.#made.leads.add(data.id);
    if (operation === 'leads.import') {
      // A dry run makes no ids for what is new.
      for (const { leadId, outcome } of data.outcomes ?? []) if (outcome === 'imported' && leadId) this.#made.leads.add(leadId);
    }
    if (operation === 'campaigns.create') this.#made.campaigns.add(data.id);
    if (operation === 'apiKeys.create' || operation === 'apiKeys.rotate') this.#made.keys.add((data.apiKey ?? data).id);
    if (operation === 'backups.create') this.#made.backups.add(data.id);
    if (data.backupId) this.#made.backups.add(data.backupId);
  }
}
