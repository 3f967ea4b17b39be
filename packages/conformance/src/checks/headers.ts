import { type OperationId, OPERATIONS } from '@leads/contract';
import type { Check } from '../check.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { VALID_CALLS } from '../valid-calls.ts';

const operationsWith = (header: 'ETag' | 'Location') =>
  OPERATIONS.filter(({ metadata }) => metadata.successHeaders?.includes(header)).map(({ id }) => id as OperationId);

/** The headers of a success say the same as what is read afterwards. */
export const headerChecks: readonly Check[] = [
  ...operationsWith('ETag').map((operation): Check => ({
    name: `${operation}: ETag is that of the lead from then on, and If-Match takes it`,
    async run({ caller }) {
      const call = await VALID_CALLS[operation](caller);
      const { headers, body } = await caller.call(operation, call);
      demand(/^"[^"]+"$/.test(headers.etag ?? ''), `the ETag is ${headers.etag}`);
      const params = { leadId: call.params?.['leadId'] ?? body.data.lead?.id ?? body.data.id };
      demandEqual((await caller.call('leads.get', { params })).headers.etag, headers.etag, 'the ETag of a read');
      if (body.data.etag !== undefined) demandEqual(body.data.etag, headers.etag, 'the ETag in the body');
      const change = { params, body: { status: 'qualified' }, headers: { 'if-match': headers.etag! } };
      demandEqual((await caller.call('leads.update', change)).status, 200, 'a change of this version');
      const again = await caller.call('leads.update', change);
      const { etag } = (await caller.call('leads.get', { params })).headers;
      demandEqual([again.status, again.body.details], [412, { leadId: params.leadId, etag }], 'a change of the version before');
    },
  })),
  ...operationsWith('Location').map((operation): Check => ({
    name: `${operation}: Location leads to what was made`,
    async run({ caller }) {
      const { headers, body } = await caller.call(operation, await VALID_CALLS[operation](caller));
      const { pathname } = new URL(headers.location!, caller.url);
      const found = await caller.send({ method: 'GET', path: pathname });
      const { data = {} } = found.body;
      demandEqual([found.status, data.backup ?? data], [200, body.data.lead ?? body.data], 'what is there');
    },
  })),
];
