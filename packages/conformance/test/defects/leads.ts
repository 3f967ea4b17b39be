import { CreateLeadSchema } from '@leads/contract';
import { answered, type Defect, defect, dropped, type Json, sent, told, unheard } from '../support/broken-server.ts';

const ONE_LEAD = /^leads\.(create|get|update)$/;
const depth = (value: Json): number =>
  value !== null && typeof value === 'object' ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;

/** What goes wrong with leads and their fields, and with what hangs on them. */
export const leadDefects: readonly Defect[] = [
  defect(
    'only the first wrong field named',
    'create: every wrong field is named, not only the first',
    answered('leads.create', ({ body }) => body.details?.issues?.splice(1)),
  ),
  defect(
    'Idempotency-Key ignored',
    'create: repeated with its Idempotency-Key makes one lead and answers the same',
    unheard('leads.create', 'idempotency-key'),
  ),
  defect(
    'a repeated answer that does not say so',
    'create: repeated with its Idempotency-Key makes one lead and answers the same',
    answered('leads.create', ({ headers }) => delete headers['idempotency-replayed']),
  ),
  defect(
    'an idempotency key that belongs to everybody',
    'Idempotency-Key: belongs to its API key, its operation and its request, and remembers no refusal',
    sent('leads.create', ({ headers, owner }) => headers['idempotency-key'] && (headers['authorization'] = owner)),
  ),
  defect(
    'an id that is given twice',
    'create: no id is given twice',
    told('leads.create', (data) => (data.id = 'lead_1')),
  ),
  defect(
    'If-Match ignored by an update',
    'update: the ETag changes with the lead, and If-Match of an older one changes nothing',
    unheard('leads.update', 'if-match'),
  ),
  defect(
    'metadata replaced instead of merged',
    'update: what is left out stays, metadata is merged by key, null clears',
    told('leads.update', (data, { json }) => json.metadata && (data.metadata = { list: [3] })),
  ),
  defect(
    'a name ignored when metadata is sent, too',
    'fields: leads.update changes name together with metadata',
    dropped('leads.update', 'name', ({ metadata }) => metadata),
  ),
  defect(
    'a phone number ignored when a status is sent, too',
    'fields: leads.update changes phone together with status',
    dropped('leads.update', 'phone', ({ status }) => status),
  ),
  defect(
    'a source that cannot be cleared',
    'fields: leads.update changes source, and nothing else',
    dropped('leads.update', 'source', ({ source }) => source === null),
    sent('leads.update', ({ json }) => json && Object.keys(json).length === 0 && (json.status = 'new')),
  ),
  defect(
    'an update that changes another field, too',
    'fields: leads.update changes status, and nothing else',
    told('leads.update', (data, { json }) => json.status && (data.phone = '1')),
  ),
  defect(
    'an updatedAt that stays',
    'create and update: moments are to the millisecond',
    told('leads.update', (data) => (data.updatedAt = data.updatedAt.replace(/\.\d+/, '.000'))),
  ),
  defect(
    'a name refused at its full length',
    'bounds: leads.create body.name, 200 characters',
    sent('leads.create', ({ json }) => json?.name?.length === 200 && (json.name = '')),
  ),
  defect(
    'a name cut off where it is too long',
    'bounds: leads.create body.name, 201 characters',
    sent('leads.create', ({ json }) => json?.name?.length > 200 && (json.name = 'cut off')),
  ),
  defect(
    'null for a field that cannot be null',
    'bounds: leads.update body.name, null',
    dropped('leads.update', 'name', ({ name }) => name === null),
    sent('leads.update', ({ json }) => json && Object.keys(json).length === 0 && (json.status = 'new')),
  ),
  defect(
    'a body of any depth',
    'bounds: leads.create body.metadata, 9 levels',
    sent('leads.create', ({ json }) => depth(json?.metadata) > 8 && (json.metadata = {})),
  ),
  defect(
    'a body that may be one level less deep',
    'bounds: leads.update body.metadata, 8 levels',
    sent('leads.update', ({ json }) => depth(json?.metadata) > 7 && (json.metadata = [])),
  ),
  defect(
    'metadata of any size',
    'bounds: leads.create body.metadata, 16385 bytes',
    sent('leads.create', ({ json }) => JSON.stringify(json?.metadata ?? 0).length > 8_000 && (json.metadata = {})),
  ),
  defect(
    'metadata measured in characters',
    'bounds: activities.create body.metadata, 4097 bytes',
    sent(
      'activities.create',
      ({ json }) =>
        JSON.stringify(json?.metadata ?? 0).length <= 4_096 &&
        Buffer.byteLength(JSON.stringify(json?.metadata ?? 0)) > 4_096 &&
        (json.metadata = {}),
    ),
  ),
  defect(
    'a size that merging may exceed',
    'update: metadata that merging makes too large is refused, and nothing is changed',
    sent('leads.update', ({ json }) => json?.metadata?.b?.length > 8_000 && (json.metadata = {})),
  ),
  defect(
    'names in lower case',
    'fields: leads keep name as it is sent, wherever they are read',
    told('leads.get', (data) => (data.name = data.name.toLowerCase())),
  ),
  defect(
    'addresses in lower case',
    'fields: leads keep email as it is sent, wherever they are read',
    sent('leads.create', ({ json }) => json?.email?.toLowerCase && (json.email = json.email.toLowerCase())),
  ),
  defect(
    'texts in one normal form',
    'fields: activities keep text as it is sent, wherever they are read',
    told(/^activities/, (data) => data.text && (data.text = data.text.normalize('NFC'))),
  ),
  defect(
    'spaces at the end of a name cut off',
    'fields: campaigns keep name as it is sent, wherever they are read',
    sent('campaigns.create', ({ json }) => json?.name?.trim && (json.name = json.name.trim())),
  ),
  defect(
    'an offset that is cut off',
    'fields: activities keep occurredAt as it is sent, wherever they are read',
    sent('activities.create', ({ json }) => json?.occurredAt && (json.occurredAt = json.occurredAt.replace(/[+-]\d\d:\d\d$/, 'Z'))),
  ),
  defect(
    'numbers with a few digits only',
    'fields: leads keep metadata as it is sent, wherever they are read',
    told(
      'leads.get',
      (data) => (data.metadata = JSON.parse(JSON.stringify(data.metadata).replace('9007199254740991', '9007199254740990'))),
    ),
  ),
  defect(
    'a record without its source',
    'fields: leads keep source as it is sent, wherever they are read',
    told('leads.exportOne', ({ lead }) => (lead.source = null)),
  ),
  defect(
    'a backup that lacks a phone number',
    'fields: leads keep phone as it is sent, wherever they are read',
    told('backups.get', ({ content }) => (content.lead.phone = null)),
  ),
  defect(
    'scopes in another order',
    'fields: apiKeys keep scopes as it is sent, wherever they are read',
    told('apiKeys.list', ({ apiKeys }) => apiKeys.forEach((key: Json) => (key.scopes = key.scopes.toSorted()))),
  ),
  defect(
    'spaces at the end of a name cut off, now and then',
    'random: a lead of any content that the schema allows is read back as it was sent',
    told(ONE_LEAD, (data) => (data.name = data.name.trim())),
  ),
  defect(
    'a lead of any shape',
    'random: leads.create takes exactly what its schema allows',
    sent(
      'leads.create',
      (request) => !CreateLeadSchema.safeParse(request.json).success && (request.json = { name: 'Ann', email: 'ann@example.com' }),
    ),
  ),
  defect(
    'too many leads taken at once',
    'bounds: campaigns.enroll body.leadIds, 1001 items',
    sent('campaigns.enroll', ({ json }) => json?.leadIds?.length > 1000 && json.leadIds.pop()),
  ),
  defect(
    'an idempotency key of any length',
    'bounds: leads.delete headers.idempotency-key, 256 characters',
    unheard('leads.delete', 'idempotency-key'),
  ),
  defect(
    'an id of any length',
    'bounds: leads.get path.leadId, 65 characters',
    sent('leads.get', (request) => (request.path = request.path.replace('x'.repeat(65), 'x'.repeat(64)))),
  ),
  defect(
    'a condition of a filter that is not looked at',
    'bounds: leads.bulkDelete body.filter.status, a value that is not in the list',
    sent('leads.bulkDelete', ({ json }) => json?.filter?.status && (json.filter = { status: 'new' })),
  ),
  defect(
    'another name of a published field',
    'archive: writes the published fields, and unarchive brings back what was',
    told('leads.archive', (data) => {
      const { archived_at: archivedAt, ...metadata } = data.metadata;
      data.metadata = { ...metadata, archivedAt };
    }),
  ),
  defect(
    'a second archive that is a new one',
    'stateful: leads.archive among other changes does what a model of the workspace does',
    told('leads.archive', (data, { json }) => (data.metadata.archived_reason = json?.reason ?? null)),
  ),
  defect(
    'an unarchived lead that is new',
    'stateful: leads.unarchive among other changes does what a model of the workspace does',
    told('leads.unarchive', (data) => (data.status = 'new')),
  ),
  defect(
    'texts that an anonymization forgets',
    'anonymize: the person is gone, and the numbers stay',
    sent('activities.create', ({ json }, memory) => memory.set('text', json?.text)),
    told('activities.list', ({ activities }, _, memory) => activities.forEach((each: Json) => (each.text = memory.get('text')))),
  ),
  defect(
    'an anonymization that counts wrong',
    'stateful: leads.anonymize among other changes does what a model of the workspace does',
    told('leads.anonymize', ({ removed }) => (removed.activityTexts += 1)),
  ),
  defect(
    'an anonymization that keeps the backups',
    'stateful: leads.anonymize among other changes does what a model of the workspace does',
    told('leads.anonymize', ({ removed }) => (removed.backups = 0)),
  ),
  defect(
    'an anonymization that keeps nothing',
    'stateful: leads.bulkAnonymize among other changes does what a model of the workspace does',
    dropped('leads.bulkAnonymize', 'keepMetadata'),
  ),
  defect(
    'an import that reports what was there as imported',
    'import: an outcome for each line, and what was there stays as it is',
    told('leads.import', (data) => {
      for (const each of data.outcomes) if (each.outcome === 'skipped') Object.assign(each, { outcome: 'imported', code: undefined });
    }),
  ),
  defect(
    'an import that counts the lines',
    'import: an outcome for each line, and what was there stays as it is',
    told('leads.import', (data) => data.outcomes.forEach((each: Json, i: number) => (each.line = i + 1))),
  ),
  defect(
    'an import at the present time',
    'import: leads come into the workspace of the key, with campaigns that it has',
    told('leads.exportOne', ({ lead }) => (lead.updatedAt = new Date().toISOString())),
  ),
  defect(
    'an import that names no missing campaign',
    'import: leads come into the workspace of the key, with campaigns that it has',
    told('leads.import', ({ outcomes }) => outcomes.forEach((each: Json) => delete each.missingCampaigns)),
  ),
  defect(
    'an enrollment that is always new',
    'stateful: campaigns.enroll among other changes does what a model of the workspace does',
    told('campaigns.enroll', ({ outcomes }) =>
      outcomes.forEach((each: Json) => each.outcome === 'already_enrolled' && (each.outcome = 'enrolled')),
    ),
  ),
  defect(
    'an enrollment that begins anew',
    'stateful: campaigns.enrollLead among other changes does what a model of the workspace does',
    told('campaigns.enrollLead', (data) => (data.enrolledAt = new Date().toISOString())),
  ),
  defect(
    'a removal that always was one',
    'stateful: campaigns.removeLead among other changes does what a model of the workspace does',
    told('campaigns.removeLead', (data) => (data.removed = true)),
  ),
  defect(
    'removals that never were',
    'stateful: campaigns.remove among other changes does what a model of the workspace does',
    told('campaigns.remove', ({ outcomes }) => outcomes.forEach((each: Json) => (each.outcome = 'not_enrolled'))),
  ),
  defect(
    'a new campaign that is active',
    'stateful: campaigns.create among other changes does what a model of the workspace does',
    sent('campaigns.create', ({ json }) => (json.status ??= 'active')),
  ),
  defect(
    'a campaign whose name goes with its status',
    'stateful: campaigns.update among other changes does what a model of the workspace does',
    told('campaigns.update', (data, { json }) => !json.name && (data.name = data.status)),
  ),
  defect(
    'an active campaign that can be deleted',
    'stateful: campaigns.delete among other changes does what a model of the workspace does',
    answered(
      'campaigns.delete',
      (answer) =>
        answer.status === 409 &&
        Object.assign(answer, {
          status: 200,
          body: { success: true, message: 'Campaign deleted successfully', data: { id: 'camp_1', deletedAt: new Date().toISOString() } },
        }),
    ),
  ),
  defect(
    'an activity without its time',
    'stateful: activities.create among other changes does what a model of the workspace does',
    dropped('activities.create', 'occurredAt'),
  ),
  defect(
    'an activity that stays',
    'stateful: activities.delete among other changes does what a model of the workspace does',
    sent('activities.delete', (request) => (request.path = request.path.replace(/act_\w+$/, 'act_never'))),
    answered('activities.delete', (answer, { path }) =>
      Object.assign(answer, {
        status: 200,
        body: {
          success: true,
          message: 'Activity deleted successfully',
          data: { id: path.split('/').at(-1), deletedAt: new Date().toISOString() },
        },
      }),
    ),
  ),
  defect(
    'a rotated key with other scopes',
    'stateful: apiKeys.rotate among other changes does what a model of the workspace does',
    told('apiKeys.rotate', (data) => (data.scopes = ['leads:read'])),
  ),
  defect(
    'a hint of the beginning',
    'stateful: apiKeys.create among other changes does what a model of the workspace does',
    told('apiKeys.create', (data) => (data.hint = data.key.slice(0, 4))),
  ),
  defect(
    'a key that is revoked anew',
    'stateful: apiKeys.revoke among other changes does what a model of the workspace does',
    told('apiKeys.revoke', (data) => (data.revokedAt = new Date().toISOString())),
  ),
  defect(
    'an address that is kept in another normal form',
    'fields: leads keep email as it is sent, wherever they are read',
    told('leads.create', (data) => (data.email = data.email.normalize())),
  ),
  defect(
    'a body that is not UTF-8 taken with other characters',
    'leads.create: JSON that is not UTF-8, or is cut short, is 400 INVALID_JSON',
    // What has changed is sent as UTF-8.
    sent('leads.create', ({ json }) => json?.name?.includes('\uFFFD') && (json.name += '?')),
  ),
  defect(
    'an export imported that lacks a line',
    'import: an export that lacks a line is refused, and nothing of it is imported',
    answered('leads.import', (received) => received.status === 400 && (received.status = 200)),
  ),
  defect(
    'rows of CSV counted instead of lines',
    'import: CSV says of each row on which line of the file it begins',
    told('leads.import', ({ outcomes }) => outcomes.forEach((outcome: Json, i: number) => (outcome.line = i + 2))),
  ),
  defect(
    'an update of the metadata alone that is not seen in updatedAt',
    'fields: leads.update of metadata alone is seen in updatedAt',
    told('leads.update', (data, { json }) => Object.keys(json).join() === 'metadata' && (data.updatedAt = data.createdAt)),
  ),
  defect(
    'another lead with the e-mail address that an import says nothing of',
    'coming back: an import is told of another lead with the e-mail address, however that is written',
    sent('leads.import', ({ query }) => query.set('allowDuplicateEmail', 'true')),
  ),
  defect(
    'an export as CSV without its trailer',
    'export: as csv it ends with a trailer that says how many leads it has',
    answered('leads.export', ({ trailers }, { query }) => query.get('format') === 'csv' && delete trailers['x-export-leads']),
  ),
  defect(
    'an import of what will have been done',
    'import: activities.0.createdAt cannot be in the future',
    sent('leads.import', ({ json }) => json.activities?.forEach((each: Json) => (each.createdAt = json.lead.createdAt))),
  ),
  defect(
    'an address that two leads of one import have, and that only the first comes with',
    'import: two leads of one import may have one e-mail address',
    told('leads.import', ({ outcomes }) =>
      outcomes.slice(1).forEach((each: Json) => Object.assign(each, { outcome: 'failed', code: 'EMAIL_EXISTS' })),
    ),
  ),
  defect(
    'a quote before a formula that an import takes off always',
    'import: CSV takes off the quote that guards a formula, unless formulaGuard is false',
    sent('leads.import', ({ query }) => query.delete('formulaGuard')),
  ),
  defect(
    'an id that only one of all workspaces may have',
    'isolation: an id that a lead of another workspace has, or an erased one had, stands in the way of nobody',
    told('leads.create', ({ id }, _, memory) => memory.set(id, true)),
    told('leads.import', ({ outcomes }, _, memory) =>
      outcomes.forEach((each: Json) => memory.has(each.leadId) && Object.assign(each, { outcome: 'skipped', code: 'LEAD_EXISTS' })),
    ),
  ),
  defect(
    'an erasure that takes the backups of whatever lead has the id',
    'isolation: a deletion with erase leaves one with its id in another workspace as it is, and what is left of one',
    sent('leads.delete', ({ path, query }, memory) => query.has('erase') && memory.set(path.split('/').at(-1)!, true)),
    told('backups.list', (data, { query }, memory) => memory.has(query.get('leadId') ?? '') && (data.backups = [])),
  ),
  defect(
    'an erasure that counts the leads of everybody',
    'isolation: an erasure by email finds and takes nothing of one with its id in another workspace, and no job of it forgets that',
    sent(/^leads\.(?:create|import)$/, ({ json }, memory) => {
      const email = json?.email ?? json?.lead?.email;
      memory.set(email, (memory.get(email) ?? 0) + 1);
    }),
    told('erasures.create', ({ found }, { json }, memory) => found && json.email && (found.leads = memory.get(json.email) ?? found.leads)),
  ),
];
