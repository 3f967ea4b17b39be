// Generated from the contract by `npm run generate`; do not edit.
/** Method and path of every operation: all of the contract that the client needs at run time. */
export const ROUTES = {
  'leads.create': ['POST', '/api/v1/leads'],
  'leads.list': ['GET', '/api/v1/leads'],
  'leads.get': ['GET', '/api/v1/leads/:leadId'],
  'leads.update': ['PUT', '/api/v1/leads/:leadId'],
  'leads.delete': ['DELETE', '/api/v1/leads/:leadId'],
  'apiKeys.create': ['POST', '/api/v1/api-keys'],
  'apiKeys.list': ['GET', '/api/v1/api-keys'],
  'apiKeys.rotate': ['POST', '/api/v1/api-keys/:keyId/rotate'],
  'apiKeys.revoke': ['DELETE', '/api/v1/api-keys/:keyId'],
} as const;
