import type { ApiKey, Scope } from '../../api.generated.ts';
import { INPUTS } from '../../constants.generated.ts';
import { LeadsApiError } from '../../errors.ts';
import type { CallOptions, LeadsClient } from '../../types.ts';
import { columnsOf } from '../columns.ts';
import { resolveProfile } from '../connection.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** Who one is, as far as it can be told. */
interface Identity {
  readonly baseUrl: string;
  readonly answeredInMs: number;
  readonly workspaceId: string | null;
  readonly key: string | null;
  readonly scopes: readonly Scope[];
  /** Whether `scopes` has all that the key has. */
  readonly complete: boolean;
  readonly rateLimit: { readonly limit: number; readonly remaining: number; readonly resetsAt: string } | null;
}

/** `leads keys check` */
export const keysCheck: Command = {
  name: 'keys check',
  summary: 'who am I: server, key, scopes, rate limit',
  synonyms: ['whoami', 'me', 'ping', 'auth'],
  details: 'Reads only. The scopes are those that the server tells this key.',
  examples: [
    ['leads keys check', 'with the key of the profile'],
    ['leads keys check --json', 'for a script'],
  ],
  async run({ io, options, client, output }) {
    const { baseUrl, apiKey } = resolveProfile(io, options);
    const call = { signal: io.interruption.signal };
    const start = performance.now();
    const first = await probe('leads:read', () => client().leads.list({ limit: 1 }, call).withResponse());
    const answeredInMs = Math.round(performance.now() - start);
    const known = first.granted ? { scopes: first.granted, key: null, complete: true } : await scopesOf(client(), apiKey, call);
    const limit = (first.answer ?? null)?.rateLimit ?? null;
    const identity: Identity = {
      baseUrl,
      answeredInMs,
      workspaceId: first.answer?.data.leads[0]?.workspaceId ?? known.key?.workspaceId ?? null,
      key: known.key ? `${known.key.name} (${known.key.id})` : null,
      scopes: known.scopes,
      complete: known.complete,
      rateLimit: limit && { limit: limit.limit, remaining: limit.remaining, resetsAt: limit.resetsAt.toISOString() },
    };
    await output.item(columnsOf(identity), identity, [
      ['server', `${baseUrl}, answered in ${answeredInMs} ms`],
      ['workspace', identity.workspaceId],
      ['key', identity.key ?? 'accepted'],
      ['scopes', identity.scopes.join(', ') + (identity.complete ? '' : ', and maybe leads:force')],
      ['rate limit', limit ? `${limit.remaining} of ${limit.limit} requests left in the hour` : 'none'],
    ]);
    return EXIT.ok;
  },
};

/** A request that needs a scope: where the key lacks it, the refusal says which it has. */
async function probe<Answer>(scope: Scope, request: () => Promise<Answer>): Promise<{ answer?: Answer; granted?: Scope[]; scope: Scope }> {
  try {
    return { answer: await request(), scope };
  } catch (error) {
    if (error instanceof LeadsApiError && error.code === 'INSUFFICIENT_SCOPE')
      return { granted: error.details.grantedScopes as Scope[], scope };
    throw error;
  }
}

async function scopesOf(
  client: LeadsClient,
  apiKey: string,
  call: CallOptions,
): Promise<{ scopes: Scope[]; key: ApiKey | null; complete: boolean }> {
  const audit = await probe('audit:read', async () => client.auditLog.list({ limit: 1 }, call));
  if (audit.granted) return { scopes: audit.granted, key: null, complete: true };
  const keys = await probe('keys:manage', () => client.apiKeys.list({}, call).toArray({ max: Infinity }));
  if (keys.granted) return { scopes: keys.granted, key: null, complete: true };
  const mine = keys.answer!.filter(({ hint, revokedAt }) => revokedAt === null && apiKey.endsWith(hint));
  if (mine.length === 1) return { scopes: mine[0]!.scopes, key: mine[0]!, complete: true };
  return { scopes: INPUTS['apiKeys.create'].scopes.values.filter((scope) => scope !== 'leads:force'), key: null, complete: false };
}
