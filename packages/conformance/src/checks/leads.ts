import { randomUUID } from 'node:crypto';
import { LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import type { Check } from '../check.ts';
import type { Calls } from '../calls.ts';
import type { Answer } from '../exchange.ts';
import { demand, demandEqual } from '../mismatch.ts';
import { newEmail, newSource } from '../valid-calls.ts';

const get = (caller: Calls, leadId: string) => caller.call('leads.get', { params: { leadId } });

/** What a lead is, from its creation to its change. */
export const leadChecks: readonly Check[] = [
  {
    name: 'create: the answer, a read and a list show the same lead',
    async run({ caller }) {
      const source = newSource();
      const made = await caller.lead({ source, phone: '+1-555-0123', metadata: { company: 'Acme', nested: { list: [1, null] } } });
      demandEqual((await get(caller, made.id)).body.data, made, 'what is read');
      demandEqual((await caller.call('leads.list', { query: { source } })).body.data.leads, [made], 'what is listed');
    },
  },
  {
    name: 'create: no id is given twice',
    async run({ caller }) {
      const ids = new Set<string>();
      for (let n = 0; n < 20; n++) ids.add((await caller.lead()).id);
      demandEqual(ids.size, 20, 'different ids');
    },
  },
  {
    name: 'create: every wrong field is named, not only the first',
    stateless: true,
    async run({ caller }) {
      const { body } = await caller.call('leads.create', { body: { name: '', email: 'nobody', zip: 1 } });
      demandEqual(locations(body), ['body.email', 'body.name', 'body.zip'], 'the locations');
    },
  },
  {
    name: 'create: repeated with its Idempotency-Key makes one lead and answers the same',
    async run({ caller }) {
      const source = newSource();
      const call = { body: { name: 'Ann', email: 'ann@example.com', source }, headers: { 'idempotency-key': randomUUID() } };
      const first = await caller.call('leads.create', call);
      const second = await caller.call('leads.create', call);
      demandEqual([second.status, second.body], [first.status, first.body], 'the second answer');
      demandEqual(second.headers['idempotency-replayed'], 'true', 'Idempotency-Replayed of the second');
      demandEqual(first.headers['idempotency-replayed'], undefined, 'Idempotency-Replayed of the first');
      demandEqual((await caller.call('leads.list', { query: { source } })).body.data.pagination.total, 1, 'leads');
    },
  },
  {
    name: 'Idempotency-Key: belongs to its API key, its operation and its request, and remembers no refusal',
    async run({ caller }) {
      const [source, headers] = [newSource(), { 'idempotency-key': randomUUID() }];
      const create = (body: object, more: object = {}) =>
        caller.call('leads.create', { body: { email: 'ann@example.com', source, ...body }, headers: { ...headers, ...more } });
      demandEqual((await create({ name: '' })).status, 400, 'a refusal');
      const first = await create({ name: 'Ann' });
      demandEqual(first.status, 201, 'the same key after a refusal');
      demandEqual((await create({ name: 'Eve' })).status, 422, 'the same key for another content');
      const { status } = await caller.call('leads.delete', { params: { leadId: first.body.data.id }, headers });
      demandEqual(status, 422, 'the same key for another operation');
      const other = await create({ name: 'Ann' }, await caller.only(['leads:write']));
      demandEqual([other.status, other.body.data?.id === first.body.data.id], [201, false], 'the same key from another API key');
      demandEqual((await caller.call('leads.list', { query: { source } })).body.data.pagination.total, 2, 'leads');
    },
  },
  {
    name: 'update: metadata that merging makes too large is refused, and nothing is changed',
    async run({ caller }) {
      for (const half of ['x'.repeat(LEAD_METADATA_MAX_BYTES / 2), 'é'.repeat(LEAD_METADATA_MAX_BYTES / 4)]) {
        const made = await caller.lead({ metadata: { a: half } });
        const body = { name: 'Eve', metadata: { b: half } };
        demandEqual((await caller.call('leads.update', { params: { leadId: made.id }, body })).status, 400, 'the status');
        demandEqual((await get(caller, made.id)).body.data, made, 'the lead');
      }
    },
  },
  {
    name: 'update: If-Match takes any version for *',
    async run({ caller }) {
      const params = { leadId: (await caller.lead()).id };
      const { status } = await caller.call('leads.update', { params, body: { name: 'Eve' }, headers: { 'if-match': '*' } });
      demandEqual(status, 200, 'the status');
      demandEqual(
        (await caller.call('leads.update', { params: { leadId: 'lead_never' }, body: { name: 'Eve' }, headers: { 'if-match': '*' } }))
          .status,
        404,
        'of a lead that never was',
      );
    },
  },
  {
    name: 'create and update: moments are to the millisecond',
    async run({ caller }) {
      const moments: string[] = [];
      for (let n = 0; n < 4; n++) {
        const { id, createdAt } = await caller.lead();
        const { updatedAt } = (await caller.call('leads.update', { params: { leadId: id }, body: { name: 'Eve' } })).body.data;
        demand(updatedAt >= createdAt, 'updatedAt is before createdAt');
        moments.push(createdAt, updatedAt);
      }
      for (const each of [0, 1])
        demand(
          moments.some((at, n) => n % 2 === each && !at.endsWith('000Z')),
          'each moment is a whole second',
        );
    },
  },
  {
    name: 'update: what is left out stays, metadata is merged by key, null clears',
    async run({ caller }) {
      const made = await caller.lead({ phone: '1', source: 'web', metadata: { a: 1, b: { c: 1, d: 2 }, list: [1, 2] } });
      const body = { phone: null, metadata: { a: null, b: { c: 3 }, list: [3] } };
      const { data } = (await caller.call('leads.update', { params: { leadId: made.id }, body })).body;
      const expected = { ...made, phone: null, metadata: { b: { c: 3, d: 2 }, list: [3] }, updatedAt: data.updatedAt };
      demandEqual(data, expected, 'the answer');
      demandEqual((await get(caller, made.id)).body.data, expected, 'what is read');
    },
  },
  {
    name: 'update: what never changes is refused by name, and nothing is changed',
    async run({ caller }) {
      const made = await caller.lead();
      for (const field of ['id', 'createdAt', 'workspaceId', 'unknown']) {
        const answer = await caller.call('leads.update', { params: { leadId: made.id }, body: { name: 'Eve', [field]: made[field] ?? 1 } });
        demandEqual([answer.status, locations(answer.body)], [400, [`body.${field}`]], `the answer to ${field}`);
      }
      demandEqual((await get(caller, made.id)).body.data, made, 'the lead');
    },
  },
  {
    name: 'update: the ETag changes with the lead, and If-Match of an older one changes nothing',
    async run({ caller }) {
      const params = { leadId: (await caller.lead()).id };
      const { etag } = (await get(caller, params.leadId)).headers;
      const changed = await caller.call('leads.update', { params, body: { name: 'Eve' }, headers: { 'if-match': etag! } });
      demandEqual(changed.status, 200, 'with the present ETag');
      demand(changed.headers.etag !== etag, 'the ETag is still the same');
      const late = await caller.call('leads.update', { params, body: { name: 'Zoe' }, headers: { 'if-match': etag! } });
      demandEqual([late.status, (await get(caller, params.leadId)).body.data.name], [412, 'Eve'], 'with the older ETag');
    },
  },
  {
    name: 'archive: writes the published fields, and unarchive brings back what was',
    async run({ caller }) {
      const made = await caller.lead({ status: 'qualified', metadata: { company: 'Acme' } });
      const params = { leadId: made.id };
      const { data } = (await caller.call('leads.archive', { params, body: { reason: 'Not now' } })).body;
      demandEqual(
        [data.status, Object.keys(data.metadata).toSorted()],
        ['lost', ['archived', 'archived_at', 'archived_reason', 'company']],
        'the archived lead',
      );
      demandEqual([data.metadata.archived, data.metadata.archived_reason], [true, 'Not now'], 'the metadata');
      const back = (await caller.call('leads.unarchive', { params })).body.data;
      demandEqual({ ...back, updatedAt: made.updatedAt }, made, 'the unarchived lead');
    },
  },
  {
    name: 'campaigns: enrolling a lead again changes nothing, alone and among others',
    async run({ caller }) {
      const { params } = await caller.enrolledLead();
      const record = async () => (await caller.call('leads.exportOne', { params })).body.data;
      const before = await record();
      await caller.call('campaigns.enrollLead', { params });
      await caller.call('campaigns.enroll', { params, body: { leadIds: [params.leadId, (await caller.lead()).id] } });
      demandEqual(await record(), before, 'the record of the lead');
    },
  },
  {
    name: 'anonymize: the person is gone, and the numbers stay',
    async run({ caller }) {
      const marker = randomUUID();
      const source = newSource();
      const { lead, params } = await caller.enrolledLead({
        name: marker,
        email: `a${marker}@example.com`,
        phone: marker,
        source,
        metadata: { kept: 1, gone: marker },
      });
      await caller.call('activities.create', { params, body: { type: 'note', text: marker } });
      await caller.call('leads.anonymize', { params, body: { keepMetadata: ['kept'] } });
      const after = (await get(caller, lead.id)).body.data;
      demandEqual(
        [after.source, after.status, after.createdAt, after.metadata],
        [source, lead.status, lead.createdAt, { kept: 1 }],
        'what stays',
      );
      const activities = await caller.call('activities.list', { params });
      demand(!JSON.stringify([after, activities.body]).includes(marker), 'what was personal is still there');
    },
  },
  {
    name: 'export and import: deleted leads come back equal',
    async run({ caller }) {
      const source = newSource();
      const { lead, activity, params } = await caller.enrolledLead({ source, email: newEmail(), metadata: { a: [1, { b: null }] } });
      const exported = await caller.call('leads.export', { query: { source } });
      await caller.call('leads.delete', { params, query: 'force=true' });
      const imported = (await caller.call('leads.import', { query: { allowDuplicateEmail: 'true' }, body: exported.text })).body.data;
      demandEqual([imported.imported, imported.failed], [1, 0], 'what is imported');
      demandEqual((await get(caller, lead.id)).body.data, lead, 'the lead');
      demandEqual((await caller.call('activities.list', { params })).body.data.activities, [activity], 'its activities');
    },
  },
];

/** Where something is wrong, once for each field, however much is wrong with it. */
function locations(body: Answer['body']): string[] {
  const issues: { location: string }[] = body.details?.issues ?? [];
  return [...new Set(issues.map(({ location }) => location))].toSorted();
}
