import { LeadSchema, personalDataFields } from '@leads/contract';
import { type DestinationStream, type Logger, pino } from 'pino';

const REDACTED = [...personalDataFields(LeadSchema), 'authorization', 'key', 'password'];

/** The server's log: JSON lines, without personal data (by the contract's marks) and without keys. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: REDACTED.flatMap((field) => [field, `*.${field}`]),
      serializers: { err: describeError },
    },
    destination,
  );
}

/**
 * What a log line may say of an error. PostgreSQL quotes values in its messages and details, so of its errors only the
 * code and the place are kept; of any other the message, and where it came from.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, severity, table, constraint, routine } = error as Error & Record<string, unknown>;
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .map((line) => line.trim());
  if (severity !== undefined) return { type: 'DatabaseError', code, table, constraint, routine, frames };
  return { type: error.name, code, message: error.message, frames, cause: error.cause && describeError(error.cause) };
}
