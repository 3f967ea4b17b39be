import { describe, expect, it } from 'vitest';
import { onEachDatabase } from './support/databases.ts';
import { locations, requestOf, useCaller, useServer } from './support/server.ts';

const ON_ONE_LEAD = ['leads.get', 'leads.update', 'leads.delete'] as const;

onEachDatabase('ids in paths', (database) => {
  const server = useServer(database);
  const acme = useCaller(server);

  describe.each(ON_ONE_LEAD)('%s', (operation) => {
    const body = operation === 'leads.update' ? { body: { metadata: { a: 1 } } } : {};

    it.each([
      'a',
      'a b',
      'a/b',
      '../leads',
      '..',
      'a\\b',
      'a%b',
      'a?b=c',
      'a#b',
      '\0',
      'lead_\0',
      "' or 1=1 --",
      '\u202e\n\r\t',
      '__proto__',
      'a'.repeat(64),
      '👩'.repeat(32),
      '👩'.repeat(64),
    ])('404 LEAD_NOT_FOUND: the id %j is looked up as it is', async (leadId) => {
      const answer = await acme.call(operation, { params: { leadId }, ...body });
      expect([answer.status, answer.body.details.leadId]).toEqual([404, leadId]);
    });

    it.each(['a'.repeat(65), '👩'.repeat(65)])('400 VALIDATION_ERROR: the id %s is too long', async (leadId) => {
      const answer = await acme.call(operation, { params: { leadId }, ...body });
      expect([answer.status, locations(answer)]).toEqual([400, ['path.leadId']]);
    });

    it('400 VALIDATION_ERROR: malformed percent-encoding is refused, whoever asks', async () => {
      for (const id of ['%', '%ff', '%zz', '%ed%a0%80']) {
        const answer = await server.send({ ...requestOf(operation), path: `/api/v1/leads/${id}` }, { beforeAuthentication: true });
        expect([answer.status, locations(answer)]).toEqual([400, ['path']]);
      }
    });
  });

  it('404: an id finds its lead in its own writing only', async () => {
    const { id } = await acme.lead();
    expect(
      (await acme.send({ method: 'GET', path: `/api/v1/leads/${[...id].map((c: string) => `%${c.charCodeAt(0).toString(16)}`).join('')}` }))
        .status,
    ).toBe(200);
    for (const other of [id.toUpperCase(), ` ${id}`, `${id} `, `${id}/`, `${id}\0`, id.slice(0, -1), `${id}%`]) {
      expect((await acme.call('leads.get', { params: { leadId: other } })).status).toBe(404);
    }
  });

  it.each([
    '/api/v1/leads/',
    '/api/v1/leads//',
    '/api/v1//leads',
    '/API/v1/leads',
    '/api/v1/leads/../leads',
    '/api/v1/leads/a/b',
    '//api/v1/leads',
    '/api/v1/leads/.',
    '/',
  ])('404 ROUTE_NOT_FOUND or LEAD_NOT_FOUND: DELETE %s reaches no list and no other lead', async (path) => {
    const { id } = await acme.lead();
    const answer = await acme.send({ method: 'DELETE', path });
    expect([404, 405]).toContain(answer.status);
    expect((await acme.call('leads.get', { params: { leadId: id } })).status).toBe(200);
  });
});
