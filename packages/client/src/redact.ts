import { PERSONAL_FIELDS } from './api.generated.ts';

const HIDDEN: ReadonlySet<string> = new Set([...PERSONAL_FIELDS, 'planToken']);

/** A copy of what is sent, fit for a log. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return '[redacted]';
  return JSON.parse(JSON.stringify(value ?? null), (name, part: unknown) => (HIDDEN.has(name) ? '[redacted]' : part));
}
