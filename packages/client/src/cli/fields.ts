import type { LeadMetadata, LeadStatus } from '../api.generated.ts';
import type { OptionSpecs } from './command.ts';
import { usageError } from './errors.ts';
import { STATUSES } from './filters.ts';
import type { Options } from './options.ts';

/** The fields of a lead. */
export const FIELD_OPTIONS: OptionSpecs = {
  name: { type: 'string', placeholder: 'NAME', help: 'the name of the person' },
  email: { type: 'string', placeholder: 'ADDRESS', help: 'the e-mail address' },
  phone: { type: 'string', placeholder: 'NUMBER', help: 'the phone number; "" for none' },
  source: { type: 'string', placeholder: 'SOURCE', help: 'where the lead came from; "" for nowhere' },
  status: { type: 'string', placeholder: 'STATUS', choices: STATUSES, help: `one of ${STATUSES.join(', ')}` },
  metadata: { type: 'string', placeholder: 'JSON', help: 'a JSON object; in an update it is merged, null removes a key' },
};

/** The fields that were given. */
export interface GivenFields {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string | null;
  readonly source?: string | null;
  readonly status?: LeadStatus;
  readonly metadata?: LeadMetadata;
}

/** Reads the fields of a lead. @throws {CliError} where the metadata is no JSON object. */
export function readFields(options: Options): GivenFields {
  const fields: Record<string, unknown> = {};
  for (const name of ['name', 'email', 'phone', 'source', 'status']) {
    const text = options.text(name);
    if (text !== undefined) fields[name] = text === '' && (name === 'phone' || name === 'source') ? null : text;
  }
  const metadata = options.text('metadata');
  if (metadata !== undefined) fields.metadata = objectIn(metadata);
  return fields;
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // What is no JSON is no object either.
  }
  throw usageError('--metadata must be a JSON object.', `For example: --metadata '{"company":"Acme"}'`);
}
