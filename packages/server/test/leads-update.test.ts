import { LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { Clock, locations, useCaller, useServer } from './support/server.ts';

onEachDatabase('leads.update', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const update = (leadId: string, body: unknown) => acme.call('leads.update', { params: { leadId }, body });
  const updatedMetadata = async (metadata: object, patch: object) => {
    const { id } = await acme.lead({ metadata });
    const { body } = await update(id, { metadata: patch });
    const read = await acme.call('leads.get', { params: { leadId: id } });
    expect(read.body.data).toEqual(body.data);
    return body.data.metadata;
  };

  it('200: changes what is sent, and updatedAt; leaves all else', async () => {
    const lead = await acme.lead({ phone: '1', source: 'web', metadata: { a: 1 } });
    for (const change of [
      { name: 'Bea' },
      { email: 'bea@example.com' },
      { phone: '2' },
      { source: 'fair' },
      { status: 'lost' },
      { metadata: { a: 2 } },
    ]) {
      clock.advance(1);
      const { body } = await update(lead.id, change);
      Object.assign(lead, change, { updatedAt: clock.now().toISOString() });
      expect(body).toEqual({ success: true, data: lead });
    }
  });

  it('200: null clears phone and source', async () => {
    const { id } = await acme.lead({ phone: '1', source: 'web' });
    expect((await update(id, { phone: null, source: null })).body.data).toMatchObject({ phone: null, source: null });
  });

  it('200: updatedAt never goes back, whatever the clock of the server says', async () => {
    const ahead = await acme.lead();
    clock.advance(-60);
    const { body } = await update(ahead.id, { status: 'lost' });
    clock.advance(60);
    expect(body.data.updatedAt).toBe(ahead.updatedAt);
  });

  describe('metadata', () => {
    it.each([
      ['adds and replaces keys, and leaves the others', { a: 1, b: 2 }, { b: 3, c: 4 }, { a: 1, b: 3, c: 4 }],
      [
        'merges objects at every level',
        { a: { b: { c: 1, d: 2 }, e: 3 } },
        { a: { b: { d: null, f: 4 } } },
        { a: { b: { c: 1, f: 4 }, e: 3 } },
      ],
      ['replaces arrays whole', { a: [1, 2, { b: 1 }] }, { a: [{ c: null }] }, { a: [{ c: null }] }],
      ['removes a key by null, also one that is not there', { a: 1, b: 2 }, { a: null, z: null }, { b: 2 }],
      ['an object takes the place of a value, without the nulls in it', { a: 1 }, { a: { b: null, c: 2 } }, { a: { c: 2 } }],
      ['a value takes the place of an object', { a: { b: 1 } }, { a: 'text' }, { a: 'text' }],
      ['an empty patch changes nothing', { a: { b: 1 } }, {}, { a: { b: 1 } }],
      ['an empty object does not clear', { a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
      [
        'odd keys are keys',
        { '': 1, 'a.b': 1, '{a}': 1, '0': 1 },
        { '': null, 'a.b': 2, '{a}': { $x: 1 } },
        { 'a.b': 2, '{a}': { $x: 1 }, '0': 1 },
      ],
    ])('200: %s', async (_, metadata, patch, expected) => {
      expect(await updatedMetadata(metadata, patch)).toEqual(expected);
    });

    it('200: __proto__ is a key like any other', async () => {
      const merged = await updatedMetadata(JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"b":2}}'));
      expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1,"b":2}}');
    });

    // Many small members make PostgreSQL's text of the metadata longer than its JSON: the bound is on the JSON.
    it.each([
      ['one long text', (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":"","b":1}'.length) })],
      [
        'many members',
        (bytes: number) => ({ a: Array.from({ length: 2000 }, () => 1), p: 'x'.repeat(bytes - '{"a":[],"p":"","b":1}'.length - 3999) }),
      ],
    ])('200: 16 KiB after the merge are within, one byte more is not, and then nothing changes: %s', async (_, upTo) => {
      expect(Buffer.byteLength(JSON.stringify({ ...upTo(LEAD_METADATA_MAX_BYTES), b: 1 }))).toBe(LEAD_METADATA_MAX_BYTES);
      const { id } = await acme.lead({ metadata: upTo(LEAD_METADATA_MAX_BYTES) });
      expect((await update(id, { metadata: { b: 1 } })).status).toBe(200);
      const before = await acme.call('leads.get', { params: { leadId: id } });
      const over = await update(id, { status: 'lost', metadata: { b: 12 } });
      expect([over.status, locations(over)]).toEqual([400, ['body.metadata']]);
      expect((await acme.call('leads.get', { params: { leadId: id } })).body).toEqual(before.body);
      expect((await update(id, { metadata: { b: null } })).status).toBe(200);
    });

    it('400 VALIDATION_ERROR: the patch itself is bound by size and depth', async () => {
      const { id } = await acme.lead();
      const deep = Array.from({ length: 8 }).reduce<object>((inner) => ({ inner }), {});
      for (const metadata of [{ a: 'x'.repeat(LEAD_METADATA_MAX_BYTES) }, deep, null, []]) {
        const answer = await update(id, { metadata });
        expect([answer.status, locations(answer)]).toEqual([400, ['body.metadata']]);
      }
    });
  });

  it.each([
    [{ name: null }, ['body.name']],
    [{ email: null }, ['body.email']],
    [{ status: null }, ['body.status']],
    [{}, ['body']],
    [
      { status: 'lost', id: 'lead_1', createdAt: '', workspaceId: 'ws_1', other: 1 },
      ['body.id', 'body.createdAt', 'body.workspaceId', 'body.other'],
    ],
  ])('400 VALIDATION_ERROR: %j is refused, and nothing changes', async (change, where) => {
    const lead = await acme.lead();
    const answer = await update(lead.id, change);
    expect([answer.status, locations(answer)]).toEqual([400, where]);
    expect((await acme.call('leads.get', { params: { leadId: lead.id } })).body.data).toEqual(lead);
  });

  it('404 LEAD_NOT_FOUND: whatever is changed', async () => {
    for (const change of [{ status: 'lost' }, { metadata: { a: 1 } }]) {
      const { status, body } = await update('lead_unknown', change);
      expect([status, body]).toEqual([
        404,
        {
          success: false,
          error: 'Lead not found',
          code: 'LEAD_NOT_FOUND',
          details: { leadId: 'lead_unknown', message: 'No lead found with this ID in your workspace' },
        },
      ]);
    }
  });
});
