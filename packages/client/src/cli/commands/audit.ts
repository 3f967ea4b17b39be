import type { AuditLogListQuery } from '../../api.generated.ts';
import { INPUTS } from '../../constants.generated.ts';
import { AUDIT } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { CONDITION_OPTION, readConditions } from '../filters.ts';
import { optionsFor, type Words } from '../inputs.ts';
import { LIMIT_OPTIONS, limitOf, pageOf, upTo } from '../limit.ts';

const { limit: _, cursor: __, ...CONDITIONS } = INPUTS['auditLog.list'];

const WORDS = {
  action: ['ACTION', 'only entries with this action'],
  leadId: ['LEAD_ID', 'only entries about this lead'],
  keyId: ['KEY_ID', 'only entries of this API key'],
  from: ['WHEN', 'only entries of then (2024-01-31, in UTC, or 2024-01-31T12:00:00Z) or later'],
  to: ['WHEN', 'only entries before'],
} satisfies Record<keyof typeof CONDITIONS, Words>;

/** `leads audit` */
export const audit: Command = {
  name: 'audit',
  summary: 'show who did what, newest first (scope audit:read)',
  usage: '[LEAD_ID]',
  maxArguments: 1,
  columns: AUDIT,
  synonyms: ['log', 'history', 'events'],
  options: {
    ...optionsFor(CONDITIONS, WORDS),
    ...CONDITION_OPTION,
    ...LIMIT_OPTIONS,
  },
  examples: [
    ['leads audit', 'the newest 20 entries'],
    ['leads audit lead_1234567890abcdef --all', 'everything about a lead'],
    ['leads audit --action lead.deleted --from 2024-01-01 --all', 'what was deleted since'],
  ],
  async run({ client, options, output, args, say, io }) {
    const limit = limitOf(options);
    const query: AuditLogListQuery = {
      ...readConditions(options, CONDITIONS),
      ...(args[0] !== undefined && { leadId: args[0] }),
      ...pageOf(limit),
    };
    const shown = await output.items(AUDIT, upTo(client().auditLog.list(query, { signal: io.interruption.signal }), limit));
    if (shown === 0) say('There are no such entries.');
    return EXIT.ok;
  },
};
