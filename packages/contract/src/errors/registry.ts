import * as z from 'zod';
import type { ResponseHeaderName } from '../http/headers.ts';
import { textForPeople } from '../http/text.ts';
import { ValidationIssueSchema } from './validation-issue.ts';
import { BulkOutcomeSchema } from '../leads/bulk-outcome.ts';

/** What the registry says of one error code. */
export interface ErrorDefinition {
  /** The HTTP status that the code is answered with. */
  readonly status: number;
  /** The public text in the envelope's `error`. */
  readonly message: string;
  /** The shape of the envelope's `details`; absent where the code has none. */
  readonly details?: z.ZodType;
  /** Why a caller sees it, in one sentence that says more than `message`. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
  /** `details` in the reference's example. */
  readonly example?: unknown;
  /** Response headers that come with it, besides those of every response. */
  readonly headers?: readonly ResponseHeaderName[];
  /** What headers hold in the reference's example, where that follows from `example`. */
  readonly headerExamples?: Readonly<Partial<Record<ResponseHeaderName, string | number>>>;
}

const requestId = z
  .string()
  .meta({ description: 'The id of the request, as in `X-Request-Id`.', examples: ['req_01jq8z3v9k4n7w2x5y6b8c0d1e'] });
const seconds = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [1800] });

/**
 * Every error code of the API, written once: the envelopes, the reference, the client's types and the server's answers
 * are all derived from here.
 */
export const ERRORS = {
  VALIDATION_ERROR: {
    status: 400,
    message: 'Invalid request',
    details: z.strictObject({
      issues: z.array(ValidationIssueSchema).min(1).meta({ description: 'Everything that is wrong with the request, not only the first.' }),
    }),
    cause: 'A field of the body, a parameter or a header is missing, unknown, or holds what the operation does not take.',
    remedy: 'Correct every field in `details.issues` and send the request again. Nothing was changed.',
    example: { issues: [{ location: 'body.email', message: 'Invalid email address', code: 'invalid_format' }] },
  },
  INVALID_JSON: {
    status: 400,
    message: 'The request body is not valid JSON',
    cause: 'The body is cut off, or was put together by hand: a comma too many, single quotes, or text that is not UTF-8.',
    remedy: 'Send a body that parses as JSON, in UTF-8.',
  },
  BAD_REQUEST: {
    status: 400,
    message: 'The request could not be read as HTTP',
    cause:
      'The request was written by hand or damaged on its way, so that its first line, a header or the length of its body is malformed.',
    remedy: 'Use an HTTP client library.',
  },
  CONFIRMATION_TOKEN_INVALID: {
    status: 400,
    message: 'The confirmation token is not valid',
    details: z.strictObject({
      reason: z
        .enum(['unreadable', 'expired', 'other_lead'])
        .meta({ description: 'It is no token of this server, is over 10 minutes old, or is for another lead.' }),
    }),
    cause:
      'The token in `X-Confirmation-Token` was cut or changed, is over 10 minutes old, or is from the preview of another lead or server.',
    remedy: 'Nothing was deleted. Get a new preview of this lead, and send its token within 10 minutes.',
    example: { reason: 'expired' },
  },
  PLAN_TOKEN_INVALID: {
    status: 400,
    message: 'The plan token is not valid',
    details: z.strictObject({
      reason: z
        .enum(['unreadable', 'expired', 'other_plan'])
        .meta({ description: 'It is no token of this server, is over 10 minutes old, or is for another operation or filter.' }),
    }),
    cause:
      'The `planToken` was cut or changed, is over 10 minutes old, or is from the dry run of another operation, filter, person or server.',
    remedy: 'Nothing was done. Make a new dry run, and send its token within 10 minutes with the same filter.',
    example: { reason: 'expired' },
  },
  MISSING_AUTH_HEADER: {
    status: 401,
    message: 'Missing authorization header',
    cause: 'No `Authorization` reached the server: it was not set, or something on the way took it off.',
    remedy: 'Send `Authorization: Bearer <key>`.',
    headers: ['WWW-Authenticate'],
  },
  INVALID_API_KEY: {
    status: 401,
    message: 'Invalid API key',
    cause: 'The key is mistyped, expired or revoked, or is one of another server.',
    remedy: 'Use a valid key, or have one made by whoever has the scope `keys:manage`.',
    headers: ['WWW-Authenticate'],
  },
  MALFORMED_AUTH_HEADER: {
    status: 401,
    message: 'Malformed authorization header. Expected format: Bearer <token>',
    cause: '`Authorization` holds the key alone, another scheme such as `Basic`, or more than one key.',
    remedy: 'Send the key as `Authorization: Bearer <key>`, with one space and nothing else.',
    headers: ['WWW-Authenticate'],
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    message: 'The API key lacks a required scope',
    details: z.strictObject({
      requiredScopes: z.array(z.string()).meta({ description: 'The scopes that the request needs.', examples: [['leads:delete']] }),
      grantedScopes: z.array(z.string()).meta({ description: 'The scopes that the key has.', examples: [['leads:read']] }),
    }),
    cause: 'The key was made for less than this: one that may read leads cannot delete them.',
    remedy: 'Use a key that has the scopes in `details.requiredScopes`.',
    example: { requiredScopes: ['leads:delete'], grantedScopes: ['leads:read'] },
  },
  LEAD_NOT_FOUND: {
    status: 404,
    message: 'Lead not found',
    details: z.strictObject({
      leadId: z.string().meta({ description: 'The id that was asked for.', examples: ['lead_nonexistent123'] }),
      message: textForPeople('No lead found with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'In the workspace of your key there is no lead with this id: it never existed, is deleted, or belongs to another workspace.',
    remedy: 'Check the id, and whose key it is. After a delete, treat it as done.',
    example: { leadId: 'lead_nonexistent123', message: 'No lead found with this ID in your workspace' },
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    message: 'API key not found',
    details: z.strictObject({
      keyId: z.string().meta({ description: 'The id that was asked for.', examples: ['key_nonexistent123'] }),
      message: textForPeople('No API key found with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'The id is mistyped, is the key itself in place of its id, or belongs to another workspace.',
    remedy: 'List the keys of your workspace and use one of their ids.',
    example: { keyId: 'key_nonexistent123', message: 'No API key found with this ID in your workspace' },
  },
  ACTIVITY_NOT_FOUND: {
    status: 404,
    message: 'Activity not found',
    details: z.strictObject({
      activityId: z.string().meta({ description: 'The id that was asked for.', examples: ['act_nonexistent123'] }),
      message: textForPeople('No activity found with this ID on this lead', 'What was looked for, and where.'),
    }),
    cause: 'The activity was deleted or is on another lead, or the lead is not in your workspace.',
    remedy: 'List the activities of the lead and use one of their ids.',
    example: { activityId: 'act_nonexistent123', message: 'No activity found with this ID on this lead' },
  },
  CAMPAIGN_NOT_FOUND: {
    status: 404,
    message: 'Campaign not found',
    details: z.strictObject({
      campaignId: z.string().meta({ description: 'The id that was asked for.', examples: ['camp_nonexistent123'] }),
      message: textForPeople('No campaign found with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'The campaign was deleted or belongs to another workspace, or the id is mistyped.',
    remedy: 'List the campaigns of your workspace and use one of their ids.',
    example: { campaignId: 'camp_nonexistent123', message: 'No campaign found with this ID in your workspace' },
  },
  BACKUP_NOT_FOUND: {
    status: 404,
    message: 'Backup not found',
    details: z.strictObject({
      backupId: z.string().meta({ description: 'The id that was asked for.', examples: ['backup_nonexistent123'] }),
      message: textForPeople('No backup found with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'The backup never existed, is expired, was deleted, or went with an erasure or an anonymization of its lead.',
    remedy: 'List the backups of your workspace: another may hold the same lead.',
    example: { backupId: 'backup_nonexistent123', message: 'No backup found with this ID in your workspace' },
  },
  JOB_NOT_FOUND: {
    status: 404,
    message: 'Job not found',
    details: z.strictObject({
      jobId: z.string().meta({ description: 'The id that was asked for.', examples: ['job_nonexistent123'] }),
      message: textForPeople('No job found with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'The job ended over 30 days ago or belongs to another workspace, or the id is mistyped.',
    remedy: 'List the jobs of your workspace and use one of their ids.',
    example: { jobId: 'job_nonexistent123', message: 'No job found with this ID in your workspace' },
  },
  DELETION_NOT_FOUND: {
    status: 404,
    message: 'Deletion not found',
    details: z.strictObject({
      leadId: z.string().meta({ description: 'The id that was asked for.', examples: ['lead_nonexistent123'] }),
      message: textForPeople('No deletion of a lead with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'No lead with this id was ever deleted from your workspace: it is there still, or never was.',
    remedy: 'Check the id, and read the lead.',
    example: { leadId: 'lead_nonexistent123', message: 'No deletion of a lead with this ID in your workspace' },
  },
  ERASURE_NOT_FOUND: {
    status: 404,
    message: 'Erasure not found',
    details: z.strictObject({
      erasureId: z.string().meta({ description: 'The id that was asked for.', examples: ['erasure_nonexistent123'] }),
      message: textForPeople('No erasure found with this ID in your workspace', 'What was looked for, and where.'),
    }),
    cause: 'The id is mistyped, or the erasure was made in another workspace.',
    remedy: 'Use the id that the erasure was answered with. The audit log has it, too.',
    example: { erasureId: 'erasure_nonexistent123', message: 'No erasure found with this ID in your workspace' },
  },
  SUPPRESSION_NOT_FOUND: {
    status: 404,
    message: 'Suppression not found',
    details: z.strictObject({
      erasureId: z.string().meta({ description: 'The id that was asked for.', examples: ['erasure_nonexistent123'] }),
      message: textForPeople('No erasure with this ID keeps anybody away', 'What was looked for, and where.'),
    }),
    cause: 'The suppression was lifted before, or there is no such erasure in your workspace.',
    remedy: 'There is nothing to lift. Read the erasure: `suppressionLiftedAt` says when it was.',
    example: { erasureId: 'erasure_nonexistent123', message: 'No erasure with this ID keeps anybody away' },
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    message: 'Route not found',
    details: z.strictObject({
      method: z.string().meta({ description: 'The method of the request.', examples: ['GET'] }),
      path: z.string().meta({ description: 'The path of the request.', examples: ['/api/v1/lead'] }),
    }),
    cause: 'The path has a typing error, a word in the singular, or not the `/api/v1` that all paths begin with.',
    remedy: 'Check the path against the reference.',
    example: { method: 'GET', path: '/api/v1/lead' },
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'Method not allowed',
    details: z.strictObject({
      method: z.string().meta({ description: 'The method of the request.', examples: ['PATCH'] }),
      allowed: z.array(z.string()).meta({ description: 'The methods that the path has.', examples: [['GET', 'PUT', 'DELETE']] }),
    }),
    cause: 'The path is right, and the method is one that it does not have, such as `PATCH` where a lead is changed with `PUT`.',
    remedy: 'Use one of the methods in `Allow`.',
    example: { method: 'PATCH', allowed: ['GET', 'PUT', 'DELETE'] },
    headers: ['Allow'],
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: 'The request did not arrive in time',
    cause: 'The connection was too slow, or the sender stopped in the middle of a header or of the body.',
    remedy: 'Send the whole request without a pause.',
  },
  API_KEY_NOT_ACTIVE: {
    status: 409,
    message: 'The API key is expired or revoked',
    details: z.strictObject({
      keyId: z.string().meta({ description: 'The id of the key.', examples: ['key_1234567890abcdef'] }),
    }),
    cause: 'A key that no longer works was to be rotated.',
    remedy: 'Create a new key instead.',
    example: { keyId: 'key_1234567890abcdef' },
  },
  API_KEY_LIMIT_REACHED: {
    status: 409,
    message: 'The workspace has as many active API keys as it may have',
    details: z.strictObject({
      limit: z.int().meta({ description: 'How many active keys a workspace may have.', examples: [100] }),
    }),
    cause: 'Keys were created or rotated, and too few of the old ones were revoked or have expired.',
    remedy: 'Revoke keys that are no longer used.',
    example: { limit: 100 },
  },
  LEAD_IN_USE: {
    status: 409,
    message: 'The lead is in an active campaign',
    details: z.strictObject({
      leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }),
      campaigns: z
        .array(
          z.strictObject({
            id: z.string().meta({ description: 'The id of the campaign.', examples: ['camp_1234567890abcdef'] }),
            name: z.string().meta({ description: 'The name of the campaign.', examples: ['Spring offer'] }),
          }),
        )
        .meta({ description: 'The active campaigns that the lead is in.' }),
    }),
    cause: 'A campaign whose status is `active` has the lead, and nobody said that it may go all the same.',
    remedy:
      'Nothing was deleted. Take the lead out of the campaigns in `details.campaigns`, or pause them; or delete it all the same with `force=true` and a key that has the scope `leads:force`.',
    example: { leadId: 'lead_1234567890abcdef', campaigns: [{ id: 'camp_1234567890abcdef', name: 'Spring offer' }] },
  },
  LEAD_EXISTS: {
    status: 409,
    message: 'A lead with this ID exists',
    details: z.strictObject({ leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }) }),
    cause: 'A restore would bring back a lead whose id is taken: it was restored before, or never deleted.',
    remedy: 'The lead is there, so nothing was restored. If you want it as it was in the backup, delete it first.',
    example: { leadId: 'lead_1234567890abcdef' },
  },
  EMAIL_EXISTS: {
    status: 409,
    message: 'Another lead has this e-mail address',
    details: z.strictObject({
      leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }),
      existingLeadId: z
        .string()
        .meta({ description: 'The lead that has the e-mail address.', examples: ['lead_01jq8z3v9k4n7w2x5y6b8c0d1e'] }),
    }),
    cause: 'A restore would bring back a lead whose address another has by now, often because the same person was entered anew.',
    remedy:
      'Nothing was restored. Look at `details.existingLeadId`: it may be the same person. If you want both leads, repeat with `allowDuplicateEmail=true`.',
    example: { leadId: 'lead_1234567890abcdef', existingLeadId: 'lead_01jq8z3v9k4n7w2x5y6b8c0d1e' },
  },
  LEAD_ERASED: {
    status: 409,
    message: 'The lead with this ID was erased',
    details: z.strictObject({ leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }) }),
    cause: 'The lead was deleted with `erase=true`, or went with the erasure of a person.',
    remedy: 'An erased lead does not come back, and its id is never given again. Create a new lead.',
    example: { leadId: 'lead_1234567890abcdef' },
  },
  SUPPRESSED: {
    status: 409,
    message: 'The person was erased and is kept away',
    details: z.strictObject({
      erasureId: z.string().meta({ description: 'The erasure.', examples: ['erasure_1234567890abcdef'] }),
    }),
    cause: 'What would be created, changed, imported or restored has the e-mail address or phone number of somebody who was erased.',
    remedy:
      'Nothing was changed. If the person wants to be a lead again, lift the suppression: `DELETE /api/v1/erasures/{erasureId}/suppression`.',
    example: { erasureId: 'erasure_1234567890abcdef' },
  },
  ERASURE_TOO_LARGE: {
    status: 409,
    message: 'There are more leads of this person than one erasure takes',
    details: z.strictObject({
      found: z
        .int()
        .min(0)
        .meta({ description: 'How many leads there are.', examples: [1234] }),
      limit: z.int().meta({ description: 'How many one erasure takes.', examples: [1000] }),
    }),
    cause: 'The e-mail address or phone number is one that many leads have, such as that of a company or a placeholder.',
    remedy: 'Nothing was erased. So many are hardly one person. Look at the leads, and erase those that are meant by `leadId`.',
    example: { found: 1234, limit: 1000 },
  },
  CONFIRMATION_STALE: {
    status: 409,
    message: 'The lead is not as it was when the deletion was confirmed',
    details: z.strictObject({ leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }) }),
    cause: 'Between the preview and the deletion somebody changed the lead, its activities or its campaigns.',
    remedy: 'Nothing was deleted. Get a new preview, look again, and confirm again.',
    example: { leadId: 'lead_1234567890abcdef' },
  },
  PLAN_DRIFTED: {
    status: 409,
    message: 'The leads are not those of the dry run',
    details: z.strictObject({
      planned: z
        .int()
        .min(0)
        .meta({ description: 'How many leads the dry run selected.', examples: [1234] }),
      found: z
        .int()
        .min(0)
        .meta({ description: 'How many the filter selects now. It can be as many, where leads changed.', examples: [1236] }),
    }),
    cause: 'Between the dry run and this request leads that are meant came, went or changed.',
    remedy: 'Nothing was done. Make a new dry run, look again, and send its token.',
    example: { planned: 1234, found: 1236 },
  },
  BULK_REFUSED: {
    status: 409,
    message: 'Not every lead can be done, and all or none were asked for',
    details: z.strictObject({
      outcomes: z.array(BulkOutcomeSchema).meta({ description: 'The leads that cannot be done, and why.' }),
    }),
    cause: 'The request has `atomic: true`, and a lead of its list is not there or stands in an active campaign, for example.',
    remedy: 'Nothing was done. Take the leads in `details.outcomes` off the list, or leave `atomic` out.',
    example: { outcomes: [{ leadId: 'lead_nonexistent123', outcome: 'skipped', code: 'LEAD_NOT_FOUND' }] },
  },
  JOB_FINISHED: {
    status: 409,
    message: 'The job is finished',
    details: z.strictObject({
      jobId: z.string().meta({ description: 'The id of the job.', examples: ['job_1234567890abcdef'] }),
      status: z.string().meta({ description: 'How it ended.', examples: ['completed'] }),
    }),
    cause: 'The job ended before it could be cancelled, perhaps since you last looked.',
    remedy: 'There is nothing left to cancel.',
    example: { jobId: 'job_1234567890abcdef', status: 'completed' },
  },
  CAMPAIGN_ACTIVE: {
    status: 409,
    message: 'The campaign is active',
    details: z.strictObject({
      campaignId: z.string().meta({ description: 'The id of the campaign.', examples: ['camp_1234567890abcdef'] }),
    }),
    cause: 'A campaign was to be deleted that is still under way.',
    remedy: 'Pause or complete the campaign first.',
    example: { campaignId: 'camp_1234567890abcdef' },
  },
  CAMPAIGN_LIMIT_REACHED: {
    status: 409,
    message: 'The workspace has as many campaigns as it may have',
    details: z.strictObject({ limit: z.int().meta({ description: 'How many campaigns a workspace may have.', examples: [1000] }) }),
    cause: 'A campaign counts until it is deleted, also when it is paused or completed.',
    remedy: 'Delete campaigns that are over.',
    example: { limit: 1000 },
  },
  ACTIVITY_LIMIT_REACHED: {
    status: 409,
    message: 'The lead has as many activities as it may have',
    details: z.strictObject({ limit: z.int().meta({ description: 'How many activities a lead may have.', examples: [500] }) }),
    cause: 'Activities stay until they are deleted, and some program writes many for one lead.',
    remedy: 'Delete activities that are no longer needed.',
    example: { limit: 500 },
  },
  JOB_LIMIT_REACHED: {
    status: 409,
    message: 'The workspace has as many open jobs as it may have',
    details: z.strictObject({ limit: z.int().meta({ description: 'How many open jobs a workspace may have.', examples: [20] }) }),
    cause: 'Jobs were asked for faster than they end, and those that wait count like those that run.',
    remedy: 'Nothing was done. Wait until a job has ended, or cancel one, and send the same request again.',
    example: { limit: 20 },
  },
  LEAD_TOO_LARGE: {
    status: 409,
    message: 'The activities of the lead are as large as they may be',
    details: z.strictObject({
      maxBytes: z.int().meta({ description: 'How many bytes of JSON the activities of a lead may have together.', examples: [12_582_912] }),
    }),
    cause: 'Long texts, such as whole e-mails, were kept as activities of one lead.',
    remedy: 'Nothing was added. Delete activities that are no longer needed, or write a shorter one.',
    example: { maxBytes: 12_582_912 },
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    message: 'A request with this idempotency key is under way',
    cause: 'The same request came again before the first was done, after a timeout of yours or from a second program.',
    remedy: 'Wait a moment and send the same again: you get its answer.',
  },
  IDEMPOTENCY_ANSWER_ERASED: {
    status: 409,
    message: 'The request was carried out, and its answer is erased',
    cause: 'The kept answer held personal data of a lead that was deleted or anonymized since, and is gone with it.',
    remedy: 'The first request succeeded. Do not repeat it with another key: that would do it again.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    message: 'The lead is another version than the one in If-Match',
    details: z.strictObject({
      leadId: z.string().meta({ description: 'The id of the lead.', examples: ['lead_1234567890abcdef'] }),
      etag: z.string().meta({ description: 'The `ETag` that the lead has now.', examples: ['"5f0c3c2e-8d0b-4c5e-9a57-0f6d2b1c7e34"'] }),
    }),
    cause: 'Somebody changed the lead after you read the `ETag` that you sent.',
    remedy: 'Nothing was changed. Read the lead again, look at what changed, and repeat with its new `ETag`.',
    example: { leadId: 'lead_1234567890abcdef', etag: '"5f0c3c2e-8d0b-4c5e-9a57-0f6d2b1c7e34"' },
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'The request body is too large',
    details: z.strictObject({ maxBytes: z.int().meta({ description: 'The largest accepted body, in bytes.', examples: [65536] }) }),
    cause: 'The body holds more than this operation takes at once: too long a list, or too long a text.',
    remedy: 'Send a body of at most `details.maxBytes` bytes.',
    example: { maxBytes: 65536 },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Unsupported media type',
    details: z.strictObject({
      supported: z.array(z.string()).meta({ description: 'The media types that are accepted.', examples: [['application/json']] }),
    }),
    cause: '`Content-Type` is left out or names something else, such as the form that some tools send unless told otherwise.',
    remedy: 'Send JSON in UTF-8 with `Content-Type: application/json`.',
    example: { supported: ['application/json'] },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    message: 'The idempotency key was used for another request',
    cause: 'The key came with another path, query or body within 24 hours, as where a program makes one key for all that it does.',
    remedy: 'Nothing was done. Use a new key for each new change, and the same one only to repeat the same request.',
  },
  RATE_LIMIT_EXCEEDED: {
    status: 429,
    message: 'Rate limit exceeded',
    details: z.strictObject({
      limit: z
        .int()
        .min(1)
        .meta({ description: 'How many requests the key may make in any 60 minutes.', examples: [1000] }),
      remaining: z
        .int()
        .min(0)
        .meta({ description: 'How many are left: 0.', examples: [0] }),
      resetTime: z
        .int()
        .min(0)
        .meta({ description: 'When the oldest counted request expires, in Unix seconds.', examples: [1705423500] }),
      retryAfter: seconds('How long to wait, in seconds; as in `Retry-After`.'),
    }),
    cause: 'In the last 60 minutes all who use the key made as many requests together as it may.',
    remedy: 'Wait for `Retry-After` seconds. Requests that were refused are not counted.',
    example: { limit: 1000, remaining: 0, resetTime: 1705423500, retryAfter: 1800 },
    headers: ['Retry-After'],
    headerExamples: { 'X-RateLimit-Remaining': 0, 'X-RateLimit-Used': 1000, 'Retry-After': 1800 },
  },
  WORKSPACE_BUSY: {
    status: 429,
    message: 'The workspace has too many requests under way',
    details: z.strictObject({ retryAfter: seconds('How long to wait, in seconds; as in `Retry-After`.') }),
    cause: 'Requests of your workspace come faster than they are done.',
    remedy: 'Nothing was done. Send fewer at once, and repeat this one after `Retry-After` seconds.',
    example: { retryAfter: 1 },
    headers: ['Retry-After'],
    headerExamples: { 'Retry-After': 1 },
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: 'The request line and headers are too large',
    cause: 'The query is very long, or something adds large headers, such as cookies.',
    remedy: 'Send at most 16 KiB of request line and headers.',
  },
  INTERNAL_ERROR: {
    status: 500,
    message: 'Internal server error',
    details: z.strictObject({ requestId }),
    cause: 'The server has a fault; there need be nothing wrong with your request.',
    remedy: 'Report it with `details.requestId`.',
    example: { requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e' },
  },
  NOT_IMPLEMENTED: {
    status: 501,
    message: 'The operation is planned, and not there yet',
    details: z.strictObject({ operation: z.string().meta({ description: 'The id of the operation.', examples: ['leads.get'] }) }),
    cause: 'The contract describes the operation before this server can do it.',
    remedy: 'Use the mock until then: it answers the operation.',
    example: { operation: 'leads.get' },
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    message: 'Service unavailable',
    details: z.strictObject({ requestId, retryAfter: seconds('How long to wait, in seconds; as in `Retry-After`.') }),
    cause: 'The database cannot be reached at the moment, or the server is stopping.',
    remedy: 'Try again after `Retry-After` seconds.',
    example: { requestId: 'req_01jq8z3v9k4n7w2x5y6b8c0d1e', retryAfter: 2 },
    headers: ['Retry-After'],
    headerExamples: { 'Retry-After': 2 },
  },
} as const satisfies Record<string, ErrorDefinition>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

/** The `details` of a code; `undefined` for a code that has none. */
export type ErrorDetails<Code extends ErrorCode> = (typeof ERRORS)[Code] extends { details: infer Details extends z.ZodType }
  ? z.infer<Details>
  : undefined;
