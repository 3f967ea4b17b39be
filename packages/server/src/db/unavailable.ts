/** SQLSTATE classes and codes that say that the database cannot serve at the moment, whatever the statement was. */
const UNAVAILABLE_SQLSTATE = /^(08|53|57P0[1-5]|57014|25006|55P03)/;
const UNAVAILABLE_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What the driver says without a code. */
const UNAVAILABLE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end|driver has already been destroyed)/;

/** Whether an error says that the database is away or overloaded, so that trying again later can help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code) return UNAVAILABLE_SQLSTATE.test(code) || UNAVAILABLE_SYSTEM.has(code);
  return UNAVAILABLE_MESSAGE.test(error.message);
}
