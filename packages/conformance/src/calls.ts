import { type OperationId, type OperationMetadata, OPERATIONS, type Scope } from '@leads/contract';
import type { Answer, RawRequest } from './exchange.ts';

/** The operations that do something to what a filter selects. */
export type BulkOperation = 'leads.bulkDelete' | 'leads.bulkArchive' | 'leads.bulkAnonymize';

/** One call of an operation, by the contract's names. */
export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>> | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is where the operation takes text. */
  readonly body?: unknown;
}

/** A new key of the workspace. */
export interface ApiKey {
  readonly id: string;
  readonly key: string;
}

/** Somebody with a key. Every answer is checked against the contract before it is returned. */
export abstract class Calls {
  /** The address of the server. */
  abstract readonly url: string;

  /** Sends a request as it is written. */
  protected abstract exchange(request: RawRequest): Promise<Answer>;
  protected abstract readonly key: string;
  /** Waits until a job has ended, and answers it. */
  protected abstract jobDone(jobId: string): Promise<Answer>;

  /** Calls an operation. */
  call(operation: OperationId, call: Call = {}): Promise<Answer> {
    return this.send(requestOf(operation, call));
  }

  /** Sends any request with the key, unless it has another. */
  send(request: RawRequest): Promise<Answer> {
    return this.exchange({ ...request, headers: { authorization: `Bearer ${this.key}`, ...request.headers } });
  }

  /** Sends any request without the key. */
  sendWithoutKey(request: RawRequest): Promise<Answer> {
    return this.exchange(request);
  }

  /** Creates a lead that is as small as it can be but for `fields`. */
  async lead(fields: object = {}) {
    return (await this.call('leads.create', { body: { name: 'Ann', email: 'ann@example.com', ...fields } })).body.data;
  }

  /** Creates a campaign that is active, unless `fields` say otherwise. */
  async campaign(fields: object = {}) {
    return (await this.call('campaigns.create', { body: { name: 'Spring offer', status: 'active', ...fields } })).body.data;
  }

  /** Creates a lead that is in an active campaign and has an activity. */
  async enrolledLead(fields: object = {}) {
    const [lead, campaign] = [await this.lead(fields), await this.campaign()];
    const params = { leadId: lead.id as string, campaignId: campaign.id as string };
    await this.call('campaigns.enrollLead', { params });
    const { body } = await this.call('activities.create', { params, body: { type: 'note', text: 'Met at the fair' } });
    return { lead, campaign, activity: body.data, params };
  }

  /** Creates another key of the workspace. */
  async apiKey(scopes: readonly Scope[]): Promise<ApiKey> {
    return (await this.call('apiKeys.create', { body: { name: 'Another', scopes } })).body.data;
  }

  /** A key of exactly these scopes: a workspace has room for a hundred keys only, so each is made once. */
  keyOf(scopes: readonly Scope[]): Promise<ApiKey> {
    const known = KEYS.get(this) ?? new Map<string, Promise<ApiKey>>();
    KEYS.set(this, known);
    const made = known.get(scopes.join()) ?? this.apiKey(scopes);
    known.set(scopes.join(), made);
    return made;
  }

  /** Those that were made are gone. */
  protected forgetKeys(): void {
    KEYS.delete(this);
  }

  /** The headers of a request with a key of exactly these scopes. */
  async only(scopes: readonly Scope[]): Promise<{ authorization: string }> {
    return { authorization: `Bearer ${(await this.keyOf(scopes)).key}` };
  }

  /** Asks for what a filter selects, does it as a job, and answers the job when it has ended. */
  async job(operation: BulkOperation, filter: object, options: object = {}) {
    const { planToken } = (await this.call(operation, { body: { filter, dryRun: true } })).body.data;
    const { body } = await this.call(operation, { body: { filter, planToken, ...options } });
    return (await this.jobDone(body.data.id)).body.data;
  }
}

/** The keys of exactly some scopes that each caller made. */
const KEYS = new WeakMap<Calls, Map<string, Promise<ApiKey>>>();

/** The request of an operation, without a key. */
export function requestOf(operation: OperationId, { params = {}, query = '', headers = {}, body }: Call = {}): RawRequest {
  const { route, metadata } = OPERATIONS.find(({ id }) => id === operation)!;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = typeof query === 'string' ? query : new URLSearchParams(query as Record<string, string>).toString();
  const { bodyMediaType = 'application/json' }: OperationMetadata = metadata;
  const sent = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    method: route.method,
    path: search ? `${path}?${search}` : path,
    headers: { ...(sent && { 'content-type': bodyMediaType, 'content-length': String(sent.length) }), ...headers },
    ...(sent && { body: sent }),
  };
}
