import { deepStrictEqual } from 'node:assert';
import type pg from 'pg';
import { once, restore } from './database.ts';
import { API_KEY, leadId } from './requests.ts';
import type { ServerProcess } from './servers.ts';

const BEGUN = Date.now();

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: object;
}

const NEW_LEAD = {
  name: 'Jane Smith',
  email: 'Jane.Smith@example.org',
  phone: '+1-555-0123',
  source: 'website',
  metadata: { company: 'Acme' },
};
/** What is asked of ours and of a peer: every operation, then requests that must be refused. */
const ASKED: readonly { readonly method: string; readonly path: string; readonly body?: object; readonly authorization?: string }[] = [
  { method: 'GET', path: `/${leadId(1)}` },
  { method: 'GET', path: '?limit=20' },
  { method: 'POST', path: '', body: NEW_LEAD },
  { method: 'POST', path: '', body: { name: 'Jane Smith', email: 'jane.smith@example.org' } },
  { method: 'PUT', path: `/${leadId(2)}`, body: { status: 'lost' } },
  { method: 'DELETE', path: `/${leadId(1, 'delete')}` },
];
const REFUSED: typeof ASKED = [
  { method: 'GET', path: `/${leadId(1)}`, authorization: '' },
  { method: 'GET', path: `/${leadId(1)}`, authorization: `${API_KEY.slice(0, -1)}1` },
  { method: 'GET', path: '/lead_unknown' },
  { method: 'GET', path: '?limit=1000' },
  { method: 'GET', path: '?unknown=1' },
  { method: 'POST', path: '', body: { ...NEW_LEAD, email: 'none' } },
  { method: 'POST', path: '', body: { ...NEW_LEAD, unknown: 1 } },
  { method: 'PUT', path: `/${leadId(1)}`, body: {} },
  { method: 'PUT', path: '/lead_unknown', body: { status: 'lost' } },
  { method: 'DELETE', path: '/lead_unknown' },
];

/** Asks a peer and our server the same. @throws where a peer does not answer as ours does: then it could be faster because it does less. */
export async function requireSameAnswers(
  peer: string,
  theirServer: ServerProcess,
  ourServer: ServerProcess,
  database: pg.ClientConfig,
): Promise<void> {
  for (const asked of [...ASKED, ...REFUSED]) {
    const replies: Reply[] = [];
    for (const server of [ourServer, theirServer]) {
      await once(database, (connection) => restore(connection, 1));
      replies.push(await ask(server, asked));
    }
    const [ours, theirs] = replies as [Reply, Reply];
    const told = ({ status, body }: Reply) => ({
      peer,
      asked,
      status,
      ...(REFUSED.includes(asked) ? codeOf(body) : withoutChanging(body)),
    });
    deepStrictEqual(told(theirs), told(ours));
    if (REFUSED.includes(asked)) continue;
    const missing = [...ours.headers.keys()].filter((header) => !theirs.headers.has(header));
    deepStrictEqual({ peer, asked, missing }, { peer, asked, missing: [] });
  }
}

async function ask({ origin }: ServerProcess, { method, path, body, authorization }: (typeof ASKED)[number]): Promise<Reply> {
  const response = await fetch(`${origin}/api/v1/leads${path}`, {
    method,
    headers: {
      ...(authorization !== '' && { Authorization: `Bearer ${authorization ?? API_KEY}` }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as object };
}

function codeOf(body: object): object {
  return { code: (body as { code?: string }).code };
}

/** Without what no two answers share: the moment of the change, and the id of a new lead. */
function withoutChanging(body: object): object {
  const isNew = (value: unknown) => typeof value === 'string' && (/^lead_[0-9]/.test(value) || Date.parse(value) >= BEGUN);
  return JSON.parse(JSON.stringify(body), (_, value: unknown) => (isNew(value) ? 'new' : value));
}
