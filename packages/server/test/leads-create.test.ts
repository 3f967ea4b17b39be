import { BODY_MAX_BYTES, LEAD_METADATA_MAX_BYTES } from '@leads/contract';
import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { Clock, locations, requestOf, useCaller, useServer } from './support/server.ts';

const ANN = { name: 'Ann', email: 'ann@example.com' };

onEachDatabase('leads.create', (database) => {
  const clock = new Clock();
  const server = useServer(database, { now: clock.now });
  const acme = useCaller(server);
  const create = (fields: object) => acme.call('leads.create', { body: { ...ANN, ...fields } });
  const createRaw = (body: string | Buffer) =>
    acme.send({ ...requestOf('leads.create'), headers: { 'content-type': 'application/json' }, body });

  it('201: fills in what is left out, and the lead reads back the same', async () => {
    const { status, body, headers } = await acme.call('leads.create', { body: ANN });
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(['success', 'data']);
    const time = clock.now().toISOString();
    expect(body.data).toEqual({
      ...ANN,
      id: body.data.id,
      phone: null,
      source: null,
      status: 'new',
      metadata: {},
      createdAt: time,
      updatedAt: time,
      workspaceId: acme.workspaceId,
    });
    expect(headers.location).toBe(`/api/v1/leads/${body.data.id}`);
    const read = await acme.send({ method: 'GET', path: headers.location! });
    expect(read.body.data).toEqual(body.data);
  });

  it('201: keeps every field exactly as it was sent', async () => {
    const lead = {
      name: '  Ānn “O’Neil” 👩‍💻 ',
      email: 'Ann.O’Neil@Example.com'.replace('’', "'"),
      phone: '☎ 1',
      source: 'Wébsite',
      status: 'follow_up',
      metadata: { a: [1, null, { b: '' }], n: null, '': 0, big: 1e300 },
    };
    const { body } = await create(lead);
    expect(body.data).toMatchObject(lead);
    expect((await acme.call('leads.get', { params: { leadId: body.data.id } })).body.data).toEqual(body.data);
  });

  it('201: null means none for phone and source', async () => {
    expect((await create({ phone: null, source: null })).body.data).toMatchObject({ phone: null, source: null });
  });

  describe('bounds', () => {
    it.each([
      ['name', 'a'],
      ['name', 'a'.repeat(200)],
      ['name', '👩'.repeat(200)],
      ['phone', '1'.repeat(50)],
      ['source', '👩'.repeat(100)],
      ['email', 'u@example.xn--p1ai'],
      ['email', 'info@münchen.de'],
      ['email', 'a&b@x.com'],
      ['email', 'ÄÖ@x.de'],
      ['email', "o'neil+{a}~!#$%*/=?^_`|-@sub.example-1.co.uk"],
      ['email', '用户@例子.公司'],
      ['email', 'a..b@docomo.example'],
      ['email', `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(3)}cccccc`],
    ])('201: %s %s is within', async (field, value) => {
      const { status, body } = await create({ [field]: value });
      expect([status, body.data?.[field]]).toEqual([201, value]);
    });

    it.each([
      ['name', ''],
      ['name', '   '],
      ['name', 'a'.repeat(201)],
      ['name', '👩'.repeat(201)],
      ['name', null],
      ['name', 1],
      ['email', ''],
      ['email', null],
      ['email', 'ann@example'],
      ['email', 'ann@@example.com'],
      ['email', 'ann@example.com\n'],
      ['email', 'Ann <ann@example.com>'],
      ['email', 'ann​@example.com'],
      ['email', 'ann\u00a0@example.com'],
      ['email', 'ann@exam\u3000ple.com'],
      ['email', 'ann＠example.com'],
      ['email', 'ann@-example.com'],
      ['email', 'ann@example..com'],
      ['email', 'ann@.example.com'],
      ['email', 'ann@example.com.'],
      ['email', '@example.com'],
      ['email', '"a b"@example.com'],
      ['email', `ann@${'b'.repeat(64)}.com`],
      ['email', 'ann\ud83d@example.com'],
      ['email', `${'a'.repeat(243)}@example.com`],
      ['phone', ''],
      ['phone', '1'.repeat(51)],
      ['source', ''],
      ['source', 'a'.repeat(101)],
      ['status', 'NEW'],
      ['status', null],
      ['metadata', null],
      ['metadata', []],
      ['metadata', 'text'],
    ])('400 VALIDATION_ERROR: %s %j is refused', async (field, value) => {
      const answer = await create({ [field]: value });
      expect([answer.status, locations(answer)]).toEqual([400, [`body.${field}`]]);
    });

    it.each([
      ['NUL', '\0'],
      ['a high surrogate alone', '\ud83d'],
      ['a low surrogate alone', '\ude00x'],
    ])('400 VALIDATION_ERROR: %s is refused in every text, metadata and its keys included', async (_, value) => {
      for (const fields of [
        { name: `a${value}` },
        { phone: value },
        { source: value },
        { metadata: { a: [value] } },
        { metadata: { [value]: 1 } },
      ]) {
        const answer = await create(fields);
        expect([answer.status, locations(answer)]).toEqual([400, [`body.${Object.keys(fields)[0]}`]]);
      }
    });
  });

  describe('metadata', () => {
    const ofBytes = (bytes: number) => ({ a: '€'.repeat(3000) + 'x'.repeat(bytes - 9_000 - '{"a":""}'.length) });

    it('201: 16 KiB of JSON in UTF-8 are within, one byte more is not', async () => {
      const largest = ofBytes(LEAD_METADATA_MAX_BYTES);
      expect(Buffer.byteLength(JSON.stringify(largest))).toBe(LEAD_METADATA_MAX_BYTES);
      expect((await create({ metadata: largest })).status).toBe(201);
      const over = await create({ metadata: ofBytes(LEAD_METADATA_MAX_BYTES + 1) });
      expect([over.status, locations(over)]).toEqual([400, ['body.metadata']]);
    });

    it.each([
      ['objects', (deep: number) => Array.from({ length: deep - 1 }).reduce<object>((inner) => ({ inner }), {})],
      ['arrays', (deep: number) => ({ a: Array.from({ length: deep - 2 }).reduce<object>((inner) => [inner], []) })],
    ])('201: %s nest 8 deep and not 9', async (_, nested) => {
      expect((await create({ metadata: nested(8) })).status).toBe(201);
      const over = await create({ metadata: nested(9) });
      expect([over.status, locations(over)]).toEqual([400, ['body.metadata']]);
    });

    it('201: a key named __proto__ is data like any other', async () => {
      const { body, status } = await createRaw(
        '{"name":"Ann","email":"ann@example.com","metadata":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
      );
      expect(status).toBe(201);
      const { text } = await acme.call('leads.get', { params: { leadId: body.data.id } });
      expect(text).toContain('"__proto__":{"polluted":1}');
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    });

    it('400 VALIDATION_ERROR: a number that JSON cannot write back is refused', async () => {
      for (const number of ['1e999', '-1e999']) {
        const answer = await createRaw(`{"name":"Ann","email":"ann@example.com","metadata":{"a":[${number}]}}`);
        expect([answer.status, locations(answer)]).toEqual([400, ['body.metadata']]);
      }
    });
  });

  describe('a number', () => {
    const METADATA = '{"name":"Ann","email":"ann@example.com","metadata":{"ads":[{"leadgen_id":';
    const kept = [
      '0',
      '-0',
      '0.1',
      '-12.50',
      '1e21',
      '1.5E-7',
      '5e-324',
      '1.7976931348623157e308',
      '9007199254740992',
      '0.30000000000000004',
    ];
    it.each(kept)('201: %s is kept', async (number) => {
      const { status, body } = await createRaw(`${METADATA}${number}}]}}`);
      expect([status, body.data?.metadata.ads[0].leadgen_id]).toEqual([201, Number(number) + 0]);
    });

    const lost = [
      '1234567890123456789',
      '-9007199254740993',
      '0.1234567890123456789',
      '1.00000000000000000001',
      '12345678901234567890e2',
      '1e-400',
    ];
    it.each(lost)('400 VALIDATION_ERROR: %s would come back as another one', async (number) => {
      const answer = await createRaw(`${METADATA}${number}}]}}`);
      expect([answer.status, answer.body.details?.issues]).toEqual([
        400,
        [
          {
            location: 'body.metadata.ads.0.leadgen_id',
            message: 'Cannot be kept exactly as a JSON number: send it as text',
            code: 'inexact_number',
          },
        ],
      ]);
    });

    it('400 VALIDATION_ERROR: is named together with what else is wrong, wherever it stands', async () => {
      const id = '1234567890123456789';
      const answer = await createRaw(`{"name":"a \\" b","a,b":[1,{"c":${id}},"${id}"],"metadata":{"x":{},"y":[[],${id}]},"email":"x"}`);
      expect(locations(answer).toSorted()).toEqual(['body.a,b', 'body.a,b.1.c', 'body.email', 'body.metadata.y.1']);
    });
  });

  it('400 VALIDATION_ERROR: names every wrong, unknown and forbidden field at once', async () => {
    const answer = await acme.call('leads.create', {
      body: { email: 'x', id: 'lead_1', createdAt: '', updatedAt: '', workspaceId: 'ws_1', other: 1 },
    });
    expect(locations(answer).toSorted()).toEqual([
      'body.createdAt',
      'body.email',
      'body.id',
      'body.name',
      'body.other',
      'body.updatedAt',
      'body.workspaceId',
    ]);
    expect(answer.body.details.issues.find(({ location }: { location: string }) => location === 'body.workspaceId').message).toBe(
      'Is set by the server and cannot be changed',
    );
  });

  it('400 VALIDATION_ERROR: a field named __proto__ is unknown like any other', async () => {
    const answer = await createRaw('{"name":"Ann","email":"ann@example.com","__proto__":{"status":"lost"}}');
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(locations(answer)).toEqual(['body.__proto__']);
  });

  it.each(['null', '[]', '"text"', '1', 'true', ''])('400 VALIDATION_ERROR: the body %j is refused', async (body) => {
    const answer = await createRaw(body);
    expect([answer.body.code, locations(answer)]).toEqual(['VALIDATION_ERROR', ['body']]);
  });

  it('201: a body of exactly 64 KiB is read; 413 PAYLOAD_TOO_LARGE: one byte more is not', async () => {
    const json = JSON.stringify(ANN);
    expect((await createRaw(json.padEnd(BODY_MAX_BYTES))).status).toBe(201);
    const over = await createRaw(json.padEnd(BODY_MAX_BYTES + 1));
    expect([over.status, over.body.details]).toEqual([413, { maxBytes: BODY_MAX_BYTES }]);
  });

  it('201: two leads may have the same e-mail address', async () => {
    const [first, second] = await Promise.all([acme.lead(), acme.lead()]);
    expect(first.id).not.toBe(second.id);
  });
});
