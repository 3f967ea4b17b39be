import { ANY, answered, type Defect, defect, sent, told, unheard } from '../support/broken-server.ts';

const withoutHeader = (name: string) => answered(ANY, ({ headers }) => delete headers[name]);

/** What goes wrong with any request: status, headers, paths, rights and workspaces. */
export const httpDefects: readonly Defect[] = [
  defect(
    'another code for an unknown lead',
    'leads.get 404 LEAD_NOT_FOUND',
    answered('leads.get', ({ body }) => body.code === 'LEAD_NOT_FOUND' && (body.code = 'NOT_FOUND')),
  ),
  defect(
    '410 instead of 404',
    'leads.get 404 LEAD_NOT_FOUND',
    answered('leads.get', (answer) => answer.status === 404 && (answer.status = 410)),
  ),
  defect(
    'an error page in HTML',
    'leads.get 404 LEAD_NOT_FOUND',
    answered('leads.get', ({ status, headers }) => status === 404 && (headers['content-type'] = 'text/html')),
  ),
  defect(
    'a 404 that names another id',
    'activities.get 404 ACTIVITY_NOT_FOUND',
    answered('activities.get', ({ body }) => body.details && (body.details.activityId = 'act_1')),
  ),
  defect(
    'a body that is too large by another measure',
    'leads.create 413 PAYLOAD_TOO_LARGE',
    answered('leads.create', ({ body }) => body.details?.maxBytes && (body.details.maxBytes /= 2)),
  ),
  defect(
    'another scope named than the one that is needed',
    'jobs.list 403 INSUFFICIENT_SCOPE',
    answered('jobs.list', ({ body }) => body.details?.requiredScopes && (body.details.requiredScopes = ['keys:manage'])),
  ),
  defect('no X-Request-Id', 'leads.list 200 success', withoutHeader('x-request-id')),
  defect('no Location of a new lead', 'leads.create 201 success', withoutHeader('location')),
  defect(
    'a Location that leads elsewhere',
    'activities.create: Location leads to what was made',
    answered(
      'activities.create',
      ({ headers }) => headers['location'] && (headers['location'] = headers['location'].replace(/\/[^/]+$/, '')),
    ),
  ),
  defect('no ETag of a lead', 'leads.get 200 success', withoutHeader('etag')),
  defect(
    'an ETag of an update that is the one before',
    'leads.update: ETag is that of the lead from then on, and If-Match takes it',
    answered('leads.update', ({ headers }) => headers['etag'] && (headers['etag'] = '"before"')),
  ),
  defect('no WWW-Authenticate', 'leads.get 401 MISSING_AUTH_HEADER', withoutHeader('www-authenticate')),
  defect(
    'no Allow',
    'a wrong method is 405 METHOD_NOT_ALLOWED on /api/v1/leads, and Allow names those that are right',
    withoutHeader('allow'),
  ),
  defect(
    'a method too many in Allow',
    'a wrong method is 405 METHOD_NOT_ALLOWED on /api/v1/jobs, and Allow names those that are right',
    answered(ANY, ({ headers }) => headers['allow'] && (headers['allow'] += ', POST')),
  ),
  defect(
    '404 instead of 405 on a path with an id',
    'a wrong method is 405 METHOD_NOT_ALLOWED on /api/v1/campaigns/:campaignId/leads, and Allow names those that are right',
    answered(ANY, (answer, { method, path }) => {
      if (answer.status !== 405 || path === '/api/v1/leads') return;
      answer.status = 404;
      answer.body = { success: false, error: 'Route not found', code: 'ROUTE_NOT_FOUND', details: { method, path } };
    }),
  ),
  defect(
    '200 for a path that there is not',
    'an unknown path below /api/v1/leads/:leadId is 404 ROUTE_NOT_FOUND',
    sent(ANY, (request) => (request.path = request.path.replace('/nothing/here/at-all', ''))),
  ),
  defect(
    'a field dropped',
    'leads.get 200 success',
    told(ANY, (data) => delete data.source),
  ),
  defect(
    'a field too many',
    'leads.get 200 success',
    told('leads.get', (data) => (data.internalId = 7)),
  ),
  defect(
    'a time without milliseconds',
    'leads.get 200 success',
    told('leads.get', (data) => (data.createdAt = '2024-01-15T10:30:00Z')),
  ),
  defect(
    'a 500 for a malformed body',
    'leads.create 400 INVALID_JSON',
    answered('leads.create', (answer) => {
      if (answer.body?.code !== 'INVALID_JSON') return;
      Object.assign(answer, { status: 500, body: { success: false, error: 'Internal error', code: 'INTERNAL_ERROR' } });
    }),
  ),
  defect(
    'an unknown parameter ignored',
    'leads.list 400 VALIDATION_ERROR',
    sent('leads.list', ({ query }) => query.delete('unknown')),
  ),
  defect(
    'a request id that is not taken over',
    'every answer has an X-Request-Id of its own, and one that was sent comes back',
    unheard(ANY, 'x-request-id'),
  ),
  defect(
    'an unsafe request id that comes back',
    'an X-Request-Id that is not safe does not come back, neither in the header nor in the body',
    answered(
      ANY,
      (answer, { headers }) => headers['x-request-id']?.includes('<') && (answer.headers['x-request-id'] = headers['x-request-id']),
    ),
  ),
  defect(
    'a hash chain that is none',
    'entries of the audit log hold the hash of the one before in their chain',
    told('auditLog.list', ({ entries }) => {
      for (const entry of entries) entry.previousHash = '0'.repeat(64);
    }),
  ),
  defect(
    'a lead of another workspace that can be read',
    'isolation: leads.get answers for another workspace as for what never was',
    sent('leads.get', ({ headers, owner }) => (headers['authorization'] = owner)),
  ),
  defect(
    'a 404 that tells that another workspace has the lead',
    'isolation: leads.get answers for another workspace as for what never was',
    answered(
      'leads.get',
      ({ body }, { path }) => body.code === 'LEAD_NOT_FOUND' && !path.endsWith('/unknown') && (body.error = 'Not your lead'),
    ),
  ),
  defect(
    'the same workspaceId for everybody',
    'isolation: a workspace has one id, and another workspace has another',
    told(/create$/, (data) => data.workspaceId && (data.workspaceId = 'ws_1')),
  ),
  defect(
    'another workspaceId for campaigns',
    'isolation: a workspace has one id, and another workspace has another',
    told('campaigns.create', (data) => (data.workspaceId = 'ws_1')),
  ),
  defect(
    'force without the scope',
    'rights: leads.delete with force takes leads:force, whether the lead is in a campaign or not',
    sent(
      'leads.delete',
      asOwner((request) => request.query.has('force')),
    ),
  ),
  defect(
    'force of many without the scope',
    'rights: leads.bulkDelete with force takes leads:force, whether the lead is in a campaign or not',
    sent(
      'leads.bulkDelete',
      asOwner(({ json }) => json?.ids && json.force),
    ),
  ),
  defect(
    'force by filter without the scope',
    'rights: a bulk deletion by filter with force takes leads:force',
    sent(
      'leads.bulkDelete',
      asOwner(({ json }) => json?.planToken && json.force),
    ),
  ),
  defect(
    'a scope that is not looked at',
    'rights: campaigns.delete without leads:write changes nothing',
    sent(
      'campaigns.delete',
      asOwner(() => true),
    ),
  ),
  defect(
    'a refusal that comes after the deed',
    'rights: backups.delete without leads:delete changes nothing',
    sent(
      'backups.delete',
      asOwner(() => true),
    ),
    answered('backups.delete', (answer) => Object.assign(answer, { status: 403, body: FORBIDDEN })),
  ),
  defect(
    'a scope too many',
    'rights: leads:read is enough for leads.exportOne',
    answered('leads.exportOne', (answer) => Object.assign(answer, { status: 403, body: FORBIDDEN })),
  ),
  defect(
    'a key that gives more than it has',
    'rights: a key without leads:delete neither gives it to another nor rotates one that has it',
    sent(
      'apiKeys.create',
      asOwner(() => true),
    ),
  ),
  defect(
    'a key that rotates more than it has',
    'rights: a key without leads:delete neither gives it to another nor rotates one that has it',
    sent(
      'apiKeys.rotate',
      asOwner(() => true),
    ),
  ),
  defect(
    'a key that a list shows',
    'a key is shown once, and refused when it was revoked',
    told('apiKeys.create', ({ key }, _, memory) => memory.set('key', key)),
    told('apiKeys.list', ({ apiKeys }, _, memory) => (apiKeys[0].name = memory.get('key'))),
  ),
  defect(
    'an overlap that is ignored',
    'a key that is rotated is taken during the overlap, and refused after it',
    sent('apiKeys.rotate', ({ json }) => (json.overlapSeconds = 0)),
  ),
  defect(
    'an end of a key that is ignored',
    'a key with an end is refused after it, and one that has ended already is not made',
    sent('apiKeys.create', ({ json }) => delete json.expiresAt),
  ),
  defect(
    'a query that stands in the path of an error',
    'an unknown path is answered with its method and its path, without the query',
    answered(ANY, ({ body }, { query }) => body?.code === 'ROUTE_NOT_FOUND' && (body.details.path += `?${query.toString()}`)),
  ),
];

const FORBIDDEN = {
  success: false,
  error: 'The API key lacks a required scope',
  code: 'INSUFFICIENT_SCOPE',
  details: { requiredScopes: ['leads:read'], grantedScopes: ['leads:read'] },
};

function asOwner(when: (request: Parameters<Parameters<typeof sent>[1]>[0]) => unknown) {
  return (request: Parameters<Parameters<typeof sent>[1]>[0]) => when(request) && (request.headers['authorization'] = request.owner);
}
