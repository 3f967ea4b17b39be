import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { leadsHandlers } from './msw.ts';

const baseUrl = 'https://leads.example.com';
const server = setupServer(...leadsHandlers({ baseUrl }));

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

async function call(method: string, path: string, body?: object) {
  const headers = { authorization: 'Bearer sk-workspace_test', ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(`${baseUrl}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  // A test reads any field of any answer.
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

it('answers with the examples of the contract', async () => {
  const { status, headers, body } = await call('GET', '/leads/lead_1');
  expect([status, body.data]).toMatchObject([200, { id: 'lead_1234567890abcdef', name: 'John Doe' }]);
  expect(headers.get('etag')).toMatch(/^"/);
  expect((await call('DELETE', '/leads/lead_1')).body.message).toBe('Lead deleted successfully');
});

it('answers with another example where a test says so, until it is reset', async () => {
  server.use(...leadsHandlers({ baseUrl, answers: { 'leads.delete': 'LEAD_IN_USE', 'leads.list': 'empty' } }));
  expect(await call('DELETE', '/leads/lead_1')).toMatchObject({ status: 409, body: { code: 'LEAD_IN_USE' } });
  expect((await call('GET', '/leads')).body.data.leads).toEqual([]);
  server.resetHandlers();
  expect((await call('GET', '/leads')).body.data.leads).not.toEqual([]);
});

it('refuses what the contract refuses, with the texts of the server', async () => {
  const { body } = await call('POST', '/leads', { name: 'x'.repeat(201), email: 'nobody' });
  expect(body).toEqual({
    success: false,
    error: 'Invalid request',
    code: 'VALIDATION_ERROR',
    details: {
      issues: [
        { location: 'body.name', message: 'Too big: expected string to have <=200 characters', code: 'too_big' },
        { location: 'body.email', message: 'Invalid email address', code: 'invalid_format' },
      ],
    },
  });
});

it('names the examples that there are where another one is asked for, and who generates data', async () => {
  server.use(...leadsHandlers({ baseUrl, answers: { 'leads.delete': 'NO_SUCH' } }));
  expect((await call('DELETE', '/leads/lead_1')).body.details.issues[0].message).toContain('LEAD_IN_USE');
  const headers = { authorization: 'Bearer sk-workspace_test', prefer: 'dynamic=true' };
  const generated = await fetch(`${baseUrl}/api/v1/leads`, { headers });
  expect(await generated.text()).toContain('startMock()');
});
