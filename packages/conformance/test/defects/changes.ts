import { answered, type Defect, defect, dropped, ignored, type Json, sent, told, unheard } from '../support/broken-server.ts';

const BULK = /^leads\.bulk/;

/** What goes wrong with changes as a whole, with what comes in and goes out, and with what is told of it. */
export const changeDefects: readonly Defect[] = [
  defect(
    'no byte order mark',
    'CSV: an export begins with a byte order mark where one is asked for, and not else, and guards formulas unless it is told not to',
    ignored('leads.export', 'bom'),
  ),
  defect(
    'a mapping of columns that is not looked at',
    'CSV: columns says which field a column is, also against its name, and null leaves it out',
    ignored('leads.import', 'columns'),
  ),
  defect(
    'a dry run that brings leads in',
    'import: each line has the outcome that fits it, with what it met, and a dry run says the same and changes nothing',
    ignored('leads.import', 'dryRun'),
  ),
  defect(
    'an import that does not say which lead has the address',
    'import: each line has the outcome that fits it, with what it met, and a dry run says the same and changes nothing',
    told('leads.import', ({ outcomes }) => outcomes.forEach((outcome: Json) => delete outcome.existingLeadId)),
  ),
  defect(
    'an archive that forgets the reason of many',
    'leads.bulkArchive with a reason: writes what is published, leaves the rest, and does nothing to what is archived',
    dropped('leads.bulkArchive', 'reason'),
  ),
  defect(
    'an anonymization by a job that keeps nothing',
    'leads.bulkAnonymize by filter: takes the person out of a lead that is not archived, and leaves every number and time',
    dropped('leads.bulkAnonymize', 'keepMetadata'),
  ),
  defect(
    'a campaign that counts as a change of its lead',
    'changes: what hangs on a lead is no part of it: neither its fields nor its ETag change with that, nor by looking at it',
    sent('campaigns.enroll', (_, memory) => memory.set('enrolled', true)),
    answered('leads.get', ({ headers }, _, memory) => memory.has('enrolled') && (headers['etag'] = '"another"')),
  ),
  defect(
    'outcomes in the order of the ids',
    'leads.bulkDelete: says of each id what came of it, in the order of the request, and counts that',
    told(BULK, (data) => data.outcomes && (data.outcomes = data.outcomes.toSorted((a: Json, b: Json) => (a.leadId < b.leadId ? -1 : 1)))),
  ),
  defect(
    'a dry run that counts no archived leads',
    'leads.bulkArchive: a dry run says how many there are, which are archived, and which stand in active campaigns, and shows the oldest',
    told(BULK, (data) => data.dryRun && (data.archived = 0)),
  ),
  defect(
    'a job of nobody',
    'leads.bulkDelete: its job says who asked for what, what came of each lead, and ends with counts that fit',
    told('jobs.get', (data) => (data.keyId = 'key_another')),
  ),
  defect(
    'an enrollment that says of each that it is new',
    'campaigns: enrolling and removing many says of each lead what came of it, in the order of the request',
    told('campaigns.enroll', ({ outcomes }) => outcomes.forEach((outcome: Json) => (outcome.outcome = 'enrolled'))),
  ),
  defect(
    'a restoring that does not say which lead has the address',
    'backups: restoring one or many says of each what stands in the way, and with which lead or erasure',
    told('backups.bulkRestore', ({ outcomes }) => outcomes.forEach((outcome: Json) => delete outcome.existingLeadId)),
  ),
  defect(
    'backups that are kept for 30 hours',
    'backups: each is kept for as many whole days, however it is made',
    told('backups.get', ({ backup }) => (backup.expiresAt = new Date(Date.parse(backup.createdAt) + 108_000_000).toISOString())),
  ),
  defect(
    'an erasure that counts no outcomes of jobs',
    'erasing: takes all that there is of a person, counts it ahead and afterwards, and keeps a receipt of it',
    told('erasures.create', ({ found }) => found && (found.jobOutcomes = 0)),
  ),
  defect(
    'phone numbers compared as they are written',
    'erasing: phone numbers are one by their digits in any notation, for whoever is erased and whoever is kept away',
    sent('erasures.create', ({ json }) => json?.phone?.startsWith('00') && (json.phone = '+1 555 0100')),
  ),
  defect(
    'a key that is rotated for an hour when nothing is said',
    'keys: what is made, rotated and revoked is listed as it was answered, with the end that it has by then',
    sent('apiKeys.rotate', ({ json }) => json && Object.keys(json).length === 0 && (json.overlapSeconds = 3_600)),
  ),
  defect(
    'a deleted lead that can be backed up',
    'gone: backups.create answers for a lead that was deleted as for one that never was',
    told('leads.delete', ({ id }, _, memory) => memory.set('gone', id)),
    answered(
      'backups.create',
      (received, { path }, memory) => memory.has('gone') && path.includes(memory.get('gone')) && (received.status = 409),
    ),
  ),
  defect(
    'an export of a thousand leads at most',
    'many: 1050 leads are imported, listed, exported, archived and deleted each once, and counted so, and a job that is cancelled leaves the rest',
    answered('leads.export', (received) => (received.text = received.text.split('\n').slice(0, 1_000).join('\n'))),
  ),
  defect(
    'a repeated request whose If-Match is looked at first',
    'Idempotency-Key: leads.update is answered the same once more, although its If-Match does not hold any more',
    sent('leads.update', ({ headers }, memory) => {
      if (headers['if-match'] && memory.has('sent')) delete headers['idempotency-key'];
      memory.set('sent', true);
    }),
  ),
  defect(
    'guards of which the first one wins',
    'delete: each guard holds beside others, and one that refuses leaves the lead, and no backup',
    sent('leads.delete', ({ headers }) => headers['if-match'] && delete headers['x-confirmation-token']),
  ),
  defect(
    'refusals that are remembered',
    'Idempotency-Key: leads.archive remembers no refusal, and is not taken for another request',
    answered('leads.archive', (received, { headers }, memory) => {
      const key = headers['idempotency-key'];
      if (key === undefined) return;
      const { status, body } = memory.get(key) ?? received;
      memory.set(key, { status, body });
      Object.assign(received, { status, body });
    }),
  ),
  defect(
    'the whole default span a day longer',
    'stats: count 30 days up to the last, and up to today when that is not named, and no more than a year and a day',
    sent('leads.stats', ({ query }) => {
      const to = query.get('to');
      if (to && !query.has('from')) query.set('from', new Date(Date.parse(to) - 30 * 86_400_000).toISOString().slice(0, 10));
    }),
  ),
  defect(
    'If-Match that an unarchiving does not look at',
    'If-Match: leads.unarchive of another version changes nothing, and tells the present one',
    unheard('leads.unarchive', 'if-match'),
  ),
  defect(
    'what is wrong with the first part of a request alone',
    'bounds: leads.update names what is wrong in path, query, headers, body at once',
    answered('leads.update', ({ body }) => {
      if (body?.code !== 'VALIDATION_ERROR') return;
      const partOf = ({ location }: Json) => location.split('.')[0];
      const [first] = body.details.issues;
      body.details.issues = body.details.issues.filter((issue: Json) => partOf(issue) === partOf(first));
    }),
  ),
];
