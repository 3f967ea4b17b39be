import type { AuditLogListQuery } from '../../api.generated.ts';
import { AUDIT } from '../columns.ts';
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { LIMIT_OPTIONS, limitOf, upTo } from '../limit.ts';
import { nearest } from '../nearest.ts';
import type { Options } from '../options.ts';

const CONDITIONS = ['action', 'leadId', 'keyId', 'from', 'to'];

/** `leads audit` */
export const audit: Command = {
  name: 'audit',
  summary: 'show who did what, newest first (scope audit:read)',
  usage: '[LEAD_ID]',
  maxArguments: 1,
  options: {
    filter: { type: 'string', multiple: true, placeholder: 'KEY=VALUE', help: `only entries with this ${CONDITIONS.join(', ')}` },
    ...LIMIT_OPTIONS,
  },
  examples: [
    ['leads audit', 'the newest 20 entries'],
    ['leads audit lead_1234567890abcdef --all', 'everything about a lead'],
    ['leads audit --filter action=lead.deleted --filter from=2024-01-01T00:00:00Z --all', 'what was deleted since'],
  ],
  async run({ client, options, output, args, say, io }) {
    const limit = limitOf(options);
    const query = { ...conditionsIn(options), ...(args[0] !== undefined && { leadId: args[0] }), limit: Math.min(limit, 100) };
    const shown = await output.items(AUDIT, upTo(client().auditLog.list(query, { signal: io.interruption.signal }), limit));
    if (shown === 0) say('There are no such entries.');
    return EXIT.ok;
  },
};

function conditionsIn(options: Options): AuditLogListQuery {
  const found: Record<string, string> = {};
  for (const condition of options.list('filter')) {
    const [, key = '', value] = /^([^=]*)=(.*)$/s.exec(condition) ?? [];
    if (value === undefined || !CONDITIONS.includes(key)) {
      const meant = nearest(key, CONDITIONS);
      throw usageError(
        `--filter must be KEY=VALUE with one of ${CONDITIONS.join(', ')}.`,
        meant ? `Did you mean: --filter ${meant}=…` : null,
      );
    }
    found[key] = value;
  }
  return found;
}
