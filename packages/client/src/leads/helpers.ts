import type { BulkFilter, BulkOutcomes, LeadStatus, Operations } from '../api.generated.ts';
import { IDS_MAX } from '../constants.generated.ts';
import type { CallOptions, LeadsClient } from '../types.ts';
import { deleteByFilter, type DeleteByFilterOptions, type DeleteByFilterResult } from './delete-by-filter.ts';
import { eachGroup, type LeadIds, type ManyOptions, type ManyResult, outcomeOf, paced, type PacedSend as Send } from './many.ts';
import { resultOf } from './outcomes.ts';
import { safeDelete, type SafeDeleteOptions, type SafeDeleteResult } from './safe-delete.ts';

/** How many leads are deleted. */
export interface BulkDeleteOptions extends ManyOptions {
  /** Keeps a backup of each lead, made together with its deletion: true when left out, unless `erase` is set. */
  readonly backup?: boolean;
  /** Deletes the backups of the leads too, so that nothing is left of them. */
  readonly erase?: boolean;
  /** Deletes leads although they are in an active campaign. Needs the scope `leads:force`. */
  readonly force?: boolean;
  /** Why, for the audit log. Not for personal data. */
  readonly reason?: string;
}

/** How many leads are archived. */
export interface BulkArchiveOptions extends ManyOptions {
  /** Why, as `metadata.archived_reason`. */
  readonly reason?: string;
}

/** How many leads are brought back. */
export interface RestoreOptions extends ManyOptions {
  /** Also where another lead has the e-mail address by now. */
  readonly allowDuplicateEmail?: boolean;
}

/** How many leads are anonymized. */
export interface BulkAnonymizeOptions extends ManyOptions {
  /** The metadata keys that stay. Name only keys without personal data. */
  readonly keepMetadata?: string[];
  /** Why, for the audit log. Not for personal data. */
  readonly reason?: string;
}

/**
 * What the client adds to the operations on leads. Those on many leads say what came of each lead, keep to the API's rate limit, and
 * throw a `LeadsInterruptedError` with what is known where they cannot go on.
 */
export interface LeadsHelpers {
  /**
   * Looks, asks, and deletes exactly what was shown, with a backup. Where anything changed in between, nothing is deleted, and it asks again.
   *
   * @throws LeadsApiError with LEAD_NOT_FOUND
   */
  safeDelete(leadId: string, options: SafeDeleteOptions): Promise<SafeDeleteResult>;
  /** Deletes many leads, each with a backup, unless told otherwise. A lead in an active campaign fails with `LEAD_IN_USE`. */
  bulkDelete(leadIds: LeadIds, options?: BulkDeleteOptions): Promise<ManyResult>;
  /** Looks which leads have a status, asks, and deletes exactly those, each with a backup. Where the set changed in between, it asks again. */
  deleteByStatus(status: LeadStatus, options: DeleteByFilterOptions): Promise<DeleteByFilterResult>;
  /** Looks which leads a filter selects, asks, and deletes exactly those, each with a backup. Where the set changed in between, it asks again. */
  deleteByFilter(filter: BulkFilter, options: DeleteByFilterOptions): Promise<DeleteByFilterResult>;
  /** Backs up many leads, with everything that hangs on them. */
  backup(leadIds: LeadIds, options?: ManyOptions): Promise<ManyResult>;
  /** Brings deleted leads back, each from its newest backup. A lead that is there fails with `LEAD_EXISTS`, one without a backup with `BACKUP_NOT_FOUND`. */
  restore(leadIds: LeadIds, options?: RestoreOptions): Promise<ManyResult>;
  /** Archives many leads. */
  archive(leadIds: LeadIds, options?: BulkArchiveOptions): Promise<ManyResult>;
  /** Anonymizes many leads. This cannot be undone. */
  anonymize(leadIds: LeadIds, options?: BulkAnonymizeOptions): Promise<ManyResult>;
}

type Leads = Operations['leads'];

/** The helpers of a client, whose `leads` has the plain operations. */
export function leadsHelpers(client: LeadsClient): LeadsHelpers {
  // Taken before the helpers of the same names stand in their places.
  const { bulkDelete, bulkArchive, bulkAnonymize, archive, anonymize } = client.leads as Leads;

  const inBulk = async (
    leadIds: LeadIds,
    options: ManyOptions,
    work: (ids: string[], call: CallOptions) => ReturnType<Leads['bulkDelete']>,
  ) => {
    const send = paced(options);
    return eachGroup(leadIds, IDS_MAX, options, async (ids) => {
      const { outcomes } = (await send((call) => work(ids, call))) as BulkOutcomes;
      return resultOf(outcomes);
    });
  };
  const oneByOne = async (leadIds: LeadIds, options: ManyOptions, work: (leadId: string, send: Send) => Promise<unknown>) => {
    const send = paced(options);
    return eachGroup(leadIds, 1, options, ([leadId]) => outcomeOf(leadId!, work(leadId!, send)));
  };

  return {
    safeDelete: (leadId, options) => safeDelete(client, leadId, options),
    deleteByStatus: (status, options) => deleteByFilter(client, { status }, options),
    deleteByFilter: (filter, options) => deleteByFilter(client, filter, options),
    backup: (leadIds, options = {}) => oneByOne(leadIds, options, (leadId, send) => send((call) => client.backups.create(leadId, call))),
    restore: (leadIds, { allowDuplicateEmail, ...options } = {}) =>
      oneByOne(leadIds, options, async (leadId, send) => {
        const { backups } = await send((call) => client.backups.list({ leadId, limit: 1 }, call));
        // Without a backup the API's own refusal says so: the id of a lead is that of no backup.
        return send((call) => client.backups.restore(backups[0]?.id ?? leadId, given({ allowDuplicateEmail }), call));
      }),
    ...forMany(bulkDelete, 'bulkDelete', (leadIds, { erase = false, backup = !erase, force, reason, ...options }: BulkDeleteOptions) =>
      inBulk(leadIds, options, (ids, call) => bulkDelete({ ids, backup, erase, ...given({ force, reason }) }, call)),
    ),
    ...forMany(archive, 'archive', (leadIds, { reason, ...options }: BulkArchiveOptions) =>
      inBulk(leadIds, options, (ids, call) => bulkArchive({ ids, ...given({ reason }) }, call)),
    ),
    ...forMany(anonymize, 'anonymize', (leadIds, { keepMetadata, reason, ...options }: BulkAnonymizeOptions) =>
      inBulk(leadIds, options, (ids, call) => bulkAnonymize({ ids, ...given({ keepMetadata, reason }) }, call)),
    ),
  } as LeadsHelpers;
}

/** One function under one name: for many leads, or, called with anything else, the plain operation. */
function forMany<Options extends ManyOptions>(
  plain: unknown,
  name: string,
  many: (leadIds: LeadIds, options: Options) => Promise<ManyResult>,
) {
  const isMany = (first: unknown) => Array.isArray(first) || (typeof first === 'object' && first !== null && Symbol.asyncIterator in first);
  return {
    [name]: (...args: [LeadIds, Options?]) =>
      isMany(args[0]) ? many(args[0], args[1] ?? ({} as Options)) : (plain as (...args: unknown[]) => unknown)(...args),
  };
}

function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return JSON.parse(JSON.stringify(fields)) as never;
}
