import { ANY, answered, type Defect, defect, dropped, ignored, sent, told } from '../support/broken-server.ts';

/** Defects of what is sent again, of what comes back, and of what is erased. */
export const repeatingDefects: readonly Defect[] = [
  defect(
    'a request id that comes back in lower case',
    'every answer has an X-Request-Id of its own, and one that was sent comes back',
    answered(ANY, ({ headers }) => (headers['x-request-id'] = headers['x-request-id']!.toLowerCase())),
  ),
  defect(
    'only the first ETag of several is read',
    'If-Match: leads.delete takes the ETag of the lead among others, and marked as weak, and no other',
    sent('leads.delete', ({ headers }) => headers['if-match'] && (headers['if-match'] = headers['if-match'].split(',', 1)[0]!)),
  ),
  defect(
    'a parameter that is no part of the request of an Idempotency-Key',
    'Idempotency-Key: leads.delete is another request with backup, or without',
    ignored('leads.delete', 'backup'),
  ),
  defect(
    'a repeated deletion without the id of its backup',
    'Idempotency-Key: leads.delete with backup is answered the same when it is repeated',
    answered('leads.delete', ({ headers, body }) => headers['idempotency-replayed'] && delete body.data.backupId),
  ),
  defect(
    'JSON in any encoding taken for UTF-8',
    'leads.create: JSON in another encoding than UTF-8 is 415 UNSUPPORTED_MEDIA_TYPE',
    sent('leads.create', ({ headers }) => headers['content-type'] && (headers['content-type'] = 'application/json')),
  ),
  defect('a bulk archive that is not atomic', 'leads.bulkArchive: atomic changes all or none', dropped('leads.bulkArchive', 'atomic')),
  defect(
    'a job that anonymizes all of the metadata',
    'bulk anonymize: the keys of the metadata that are to stay do, by ids and by filter',
    dropped('leads.bulkAnonymize', 'keepMetadata', (json) => json.filter !== undefined),
  ),
  defect(
    'a rotated key without the end of the one before',
    'a key that is rotated has the name, the scopes and the end of the one before',
    told('apiKeys.rotate', (data) => (data.expiresAt = null)),
  ),
  defect(
    'a receipt that does not know of an import',
    'coming back: a lead that is archived is the same after an import, and its receipt says so',
    told('deletions.get', (data) => (data.restoredAt = null)),
  ),
  defect(
    'an erasure of a deleted lead that keeps its backups',
    'erasing: a deletion with erase of a lead that is deleted already takes backups, and the id is given to nobody again',
    ignored('leads.delete', 'erase'),
  ),
  defect(
    'a metadata key with the value 0 taken away',
    'random: metadata is merged as RFC 7396 says',
    sent('leads.update', ({ json }) => {
      for (const [key, value] of Object.entries(json?.metadata ?? {})) if (value === 0) json.metadata[key] = null;
    }),
  ),
];
