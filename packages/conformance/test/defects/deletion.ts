import { answered, type Defect, defect, dropped, ignored, type Json, sent, told, unheard } from '../support/broken-server.ts';

const DELETED = { success: true, message: 'Lead deleted successfully' };
const stateful = (operation: string) => `stateful: ${operation} among other changes does what a model of the workspace does`;
/** Answers that it was done. */
const pretend = (answer: { status: number; body: Json }, path: string) =>
  Object.assign(answer, { status: 200, body: { ...DELETED, data: { id: path.split('/').at(-1), deletedAt: new Date().toISOString() } } });

/** What goes wrong with deletions, backups, bulk operations and what is left of them. */
export const deletionDefects: readonly Defect[] = [
  defect(
    'a delete that keeps the lead',
    'delete: the lead is gone from read, list and activities',
    sent('leads.delete', (request, memory) => (memory.set('path', request.path), (request.path = '/nowhere'))),
    answered('leads.delete', (answer, _, memory) => pretend(answer, memory.get('path'))),
  ),
  defect(
    'a deletion that says nothing',
    'delete: the answer has exactly what is published',
    answered('leads.delete', ({ body }) => body.success && (body.message = '')),
  ),
  defect(
    'a second delete that succeeds',
    'delete: a second one answers as for a lead that never was',
    answered('leads.delete', (answer, { path }) => answer.status === 404 && !path.includes('never') && pretend(answer, path)),
  ),
  defect('If-Match ignored by a delete', 'delete: with If-Match of an older version the lead stays', unheard('leads.delete', 'if-match')),
  defect(
    'a stale confirmation accepted',
    'delete: with a confirmation token that an activity made stale the lead stays',
    unheard('leads.delete', 'x-confirmation-token'),
  ),
  defect(
    'a confirmation of another lead accepted',
    'delete: a token is good for its own lead only',
    unheard('leads.delete', 'x-confirmation-token'),
  ),
  defect(
    'a confirmation that does not know of campaigns',
    'delete: a campaign that becomes active makes a confirmation stale',
    unheard('leads.delete', 'x-confirmation-token'),
  ),
  defect(
    'a lead in an active campaign deleted',
    'delete: a lead in an active campaign stays, unless it is forced',
    sent('leads.delete', ({ query }) => query.size === 0 && query.set('force', 'true')),
  ),
  defect(
    'a refusal that names no campaign',
    'delete: a lead in an active campaign stays, unless it is forced',
    answered('leads.delete', ({ body }) => body.details?.campaigns?.splice(0)),
  ),
  defect(
    'a reason that is not kept',
    'delete: leaves a receipt and an entry in the audit log, with the reason',
    told('deletions.get', (data) => (data.reason = null)),
  ),
  defect(
    'a reason that names the person',
    'delete: the name, address and phone number of the lead do not stand in the audit log',
    sent('leads.delete', ({ query }, memory) => memory.set('reason', query.get('reason'))),
    told('deletions.get', (data, _, memory) => (data.reason = memory.get('reason'))),
  ),
  defect(
    'a backup without the metadata',
    'delete: a backup brings back the same lead with what hung on it',
    told('backups.restore', ({ lead }, _, memory) => memory.set('restored', lead.id)),
    told('leads.get', (data, _, memory) => memory.get('restored') === data.id && (data.metadata = {})),
  ),
  defect(
    'a repeated delete that is a 404',
    'delete: repeated with its Idempotency-Key is a success, not a 404',
    unheard('leads.delete', 'idempotency-key'),
  ),
  defect(
    'a repeated delete that is another one from another program',
    'delete: repeated with its Idempotency-Key is a success, not a 404',
    sent('leads.delete', ({ headers }) => headers['idempotency-key'] && (headers['idempotency-key'] += String(headers['user-agent']))),
  ),
  defect(
    'erase that keeps the backups',
    'receipts: leads.delete with erase says what was done',
    ignored('leads.delete', 'erase'),
    told('deletions.get', (data) => Object.assign(data, { erase: true, removed: { ...data.removed, backups: 3 } })),
  ),
  defect(
    'erase of many that keeps the backups',
    'receipts: leads.bulkDelete with erase says what was done',
    dropped('leads.bulkDelete', 'erase'),
    told('deletions.get', (data) => Object.assign(data, { erase: true, removed: { ...data.removed, backups: 3 } })),
  ),
  defect(
    'backup together with erase',
    'bounds: leads.delete query refuses backup with erase',
    sent('leads.delete', ({ query }) => query.get('backup') === 'true' && query.delete('erase')),
  ),
  defect(
    'backup of many together with erase',
    'bounds: leads.bulkDelete body refuses ids with backup with erase',
    dropped('leads.bulkDelete', 'erase'),
  ),
  defect(
    'ids together with a filter',
    'bounds: leads.bulkArchive body refuses ids with filter',
    dropped('leads.bulkArchive', 'filter', ({ ids }) => ids),
  ),
  defect(
    'a receipt with the wrong force',
    'receipts: leads.delete with force says what was done',
    told('deletions.get', (data) => (data.force = false)),
  ),
  defect(
    'a receipt that was always forced',
    'receipts: leads.delete alone says what was done',
    told('deletions.get', (data) => (data.force = true)),
  ),
  defect(
    'a receipt with another moment',
    'receipts: leads.delete alone says what was done',
    told('deletions.get', (data) => (data.deletedAt = new Date(Date.parse(data.deletedAt) + 1).toISOString())),
  ),
  defect(
    'a receipt that counts no activities',
    'receipts: leads.bulkDelete with force says what was done',
    told('deletions.get', ({ removed }) => (removed.activities = 0)),
  ),
  defect(
    'a receipt without its backup',
    'receipts: leads.delete with force and backup says what was done',
    told('deletions.get', (data) => (data.backupId = null)),
  ),
  defect(
    'a receipt of somebody else',
    'receipts: leads.delete with backup says what was done',
    told('deletions.get', (data) => (data.keyId = 'key_1')),
  ),
  defect(
    'a receipt that points at another entry',
    'receipts: leads.delete with backup says what was done',
    told('deletions.get', (data) => (data.auditHash = 'f'.repeat(64))),
  ),
  defect(
    'a receipt that does not know of the restoring',
    'receipts: a deletion by a job names it, and its restoring',
    told('deletions.get', (data) => (data.restoredAt = null)),
  ),
  defect(
    'a receipt that does not know the job',
    'receipts: a deletion by a job names it, and its restoring',
    told('deletions.get', (data) => (data.jobId = null)),
  ),
  defect(
    'an archive that is not written down',
    'receipts: leads.archive is written down as lead.archived',
    told('auditLog.list', (data) => (data.entries = data.entries.filter(({ action }: Json) => action !== 'lead.archived'))),
  ),
  defect(
    'an entry with another action',
    'receipts: backups.restore is written down as backup.restored',
    told('auditLog.list', ({ entries }) =>
      entries.forEach((entry: Json) => entry.action === 'backup.restored' && (entry.action = 'backup.created')),
    ),
  ),
  defect(
    'a job of another kind',
    'receipts: leads.bulkArchive by filter is a job of its own kind, in the audit log too',
    told(/^jobs\.get|^leads\.bulkArchive/, (data) => data.kind && (data.kind = 'bulk_delete')),
  ),
  defect(
    'a job that began before it was asked for',
    'receipts: leads.bulkDelete by filter is a job of its own kind, in the audit log too',
    told('jobs.get', (data) => data.startedAt && (data.startedAt = '2024-01-15T10:30:00.000Z')),
  ),
  defect(
    'outcomes in another order',
    'bulk delete: an outcome for each id, in the order of the request',
    told('leads.bulkDelete', (data) => data.outcomes && (data.outcomes = data.outcomes.toReversed())),
  ),
  defect('atomic ignored', 'leads.bulkDelete: atomic changes all or none', dropped('leads.bulkDelete', 'atomic')),
  defect(
    'a dry run that counts one lead too few',
    'bulk delete by filter: a dry run deletes nothing, and the job exactly what it showed',
    told('leads.bulkDelete', (data) => data.dryRun === true && (data.count -= 1)),
  ),
  defect(
    'a dry run that sees no campaign',
    'bulk delete: a dry run says how many leads are in an active campaign, and in which',
    told('leads.bulkDelete', (data) => data.dryRun === true && Object.assign(data, { blocked: 0, blockers: [] })),
  ),
  defect(
    'a sample of the newest',
    'bulk by filter: a dry run shows the oldest leads first',
    told(/^leads\.bulk/, (data) => data.sample && (data.sample = data.sample.toReversed())),
  ),
  defect(
    'counts of a bulk operation that are wrong',
    stateful('leads.bulkArchive'),
    told('leads.bulkArchive', (data) => data.outcomes && (data.succeeded += data.skipped)),
  ),
  defect('a forced deletion of many that is not', stateful('leads.bulkDelete'), dropped('leads.bulkDelete', 'force')),
  defect(
    'a cancelled job that is completed',
    stateful('jobs.cancel'),
    told('jobs.cancel', (data) => (data.status = 'completed')),
  ),
  defect(
    'an outcome of a job that is missing',
    stateful('leads.bulkArchive'),
    told('jobs.listOutcomes', ({ outcomes }) => outcomes.shift()),
  ),
  defect(
    'a plan that is good for another filter',
    'bulk by filter: a plan token is good for its own operation and filter only',
    sent('leads.bulkArchive', ({ json }) => json?.planToken && delete json.filter.status),
  ),
  defect(
    'a plan that does not see changes',
    'bulk by filter: a plan is refused once a lead of it was changed',
    answered('leads.bulkDelete', ({ body }) => body.details?.planned && (body.details.found -= 1)),
  ),
  defect(
    'a token for an hour',
    'preview and dry run: their tokens are valid for 10 minutes',
    told(
      'leads.deletionPreview',
      (data) => (data.confirmationExpiresAt = new Date(Date.parse(data.confirmationExpiresAt) + 3_000_000).toISOString()),
    ),
  ),
  defect(
    'a preview that counts no backups',
    'preview: shows what would go, and changes nothing',
    told('leads.deletionPreview', (data) => (data.backups = 0)),
  ),
  defect(
    'a backup that counts wrong',
    stateful('backups.create'),
    told('backups.create', ({ attached }) => (attached.activities += 1)),
  ),
  defect(
    'a backup that stays',
    stateful('backups.delete'),
    sent('backups.delete', (request, memory) => (memory.set('path', request.path), (request.path = '/nowhere'))),
    answered(
      'backups.delete',
      (answer, _, memory) => (pretend(answer, memory.get('path')), (answer.body.message = 'Backup deleted successfully')),
    ),
  ),
  defect(
    'a restored lead that is new',
    stateful('backups.restore'),
    told('backups.restore', ({ lead }) => (lead.updatedAt = new Date().toISOString())),
  ),
  defect(
    'a restored lead that counts wrong',
    stateful('backups.restore'),
    told('backups.restore', ({ restored }) => (restored.campaigns = 0)),
  ),
  defect(
    'a restore of many that keeps one away',
    stateful('backups.bulkRestore'),
    sent(
      'backups.bulkRestore',
      ({ json }) => json?.backupIds?.length > 1 && (json.backupIds[json.backupIds.length - 1] = 'backup_unknown'),
    ),
    told('backups.bulkRestore', (data) => Object.assign(data.outcomes.at(-1), { outcome: 'restored', code: undefined })),
  ),
  defect(
    'a restore of many that counts wrong',
    stateful('backups.bulkRestore'),
    told('backups.bulkRestore', (data) => data.restored++),
  ),
  defect(
    'an update that is lost now and then',
    stateful('leads.update'),
    sent(
      'leads.update',
      ({ json }, memory) => (
        memory.set('n', (memory.get('n') ?? 0) + 1),
        memory.get('n') % 3 === 0 && json && delete json.phone && Object.keys(json).length === 0 && (json.status = 'new')
      ),
    ),
  ),
  defect(
    'a total that a bulk deletion forgets',
    stateful('leads.bulkDelete'),
    told('leads.bulkDelete', ({ succeeded = 0 }, _, memory) => memory.set('lost', (memory.get('lost') ?? 0) + succeeded)),
    told('leads.list', ({ pagination }, { query }, memory) => query.has('source') && (pagination.total += memory.get('lost') ?? 0)),
  ),
  defect(
    'a new lead that is contacted',
    stateful('leads.create'),
    sent('leads.create', ({ json }) => (json.status ??= 'contacted')),
  ),
  defect(
    'an import that forgets the activities',
    stateful('leads.import'),
    told('leads.exportOne', (data, _, memory) => memory.get('imported')?.includes(data.lead.id) && (data.activities = [])),
    told('leads.import', ({ outcomes }, _, memory) =>
      memory.set(
        'imported',
        outcomes.map(({ leadId }: Json) => leadId),
      ),
    ),
  ),
  defect(
    'a plan that counts a lead for each of its campaigns',
    'bulk delete: a dry run says how many leads are in an active campaign, and in which',
    told('leads.bulkDelete', (data) => data.blockers && (data.blocked = data.blockers.length)),
  ),
  defect(
    'a restoring that counts campaigns which are gone',
    'delete: a backup brings back a lead without the campaigns that are gone, and says which',
    told('backups.restore', ({ restored, missingCampaigns }) => (restored.campaigns += missingCampaigns.length)),
  ),
  defect(
    'a number in national notation that stays in a reason',
    'delete: the name, address and phone number of the lead do not stand in the audit log',
    told('deletions.get', (data) => data.reason && (data.reason = data.reason.replace('[redacted]', '0170 555 12 99'))),
  ),
  defect(
    'an erased person let in by a phone number',
    'erasing: who was erased by phone comes back with it neither as a new lead, nor by an update or an import',
    answered('leads.update', ({ body }) => body?.code === 'SUPPRESSED' && delete body.code),
  ),
  defect(
    'a backup of another workspace that is told from one that never was',
    'isolation: backups.bulkRestore does with ids of another workspace as with those of what never was',
    told('backups.bulkRestore', ({ outcomes }) => {
      for (const outcome of outcomes) if (outcome.backupId !== 'unknown') outcome.code = 'FORBIDDEN';
    }),
  ),
];
