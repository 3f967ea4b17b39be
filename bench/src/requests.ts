/** The operations that are measured. */
export const OPERATIONS = ['get', 'list', 'create', 'update', 'delete'] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** What our server is called with; the ceiling ignores it. */
export const API_KEY = `sk-workspace_${'Bench'.repeat(10)}0`;

/** The id of the seeded lead of this number; `delete` has leads of its own, which may go. */
export function leadId(number: number, purpose: 'keep' | 'delete' = 'keep'): string {
  return `lead_${purpose}${String(number).padStart(20, '0')}`;
}

const STATUSES = ['new', 'contacted', 'qualified', 'converted', 'lost', 'follow_up'];

/** The request number `n` of an operation, as bytes to send, where the leads 1 to `leads` exist. */
export function request(operation: OperationName, n: number, leads: number): Buffer {
  const any = () => leadId(1 + Math.floor(Math.random() * leads));
  switch (operation) {
    case 'get':
      return bytes('GET', `/api/v1/leads/${any()}`);
    case 'list':
      return bytes('GET', '/api/v1/leads?limit=20');
    case 'create':
      return bytes('POST', '/api/v1/leads', {
        name: `Jane Smith ${n}`,
        email: `jane.smith${n}@example.org`,
        phone: '+1-555-0123',
        source: 'website',
        metadata: { company: 'Acme Corp', interest: 'enterprise plan' },
      });
    case 'update':
      return bytes('PUT', `/api/v1/leads/${any()}`, { status: STATUSES[n % STATUSES.length] });
    case 'delete':
      return bytes('DELETE', `/api/v1/leads/${leadId(n, 'delete')}`);
  }
}

/** A request of HTTP/1.1. */
export function bytes(method: string, path: string, body?: object): Buffer {
  const json = body && JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${API_KEY}`,
    ...(json ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${json ?? ''}`);
}
