/**
 * The ids that a request may have: a UUID, a W3C trace id or another 128 bits in hexadecimal, or a ULID of these decades; each with
 * `req_` ahead or without. They are kept for good, in logs and in the audit log, so nothing is taken that people could write a name into.
 */
export const REQUEST_ID_PATTERN = /^(?:req_)?(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|0[1-3][0-9a-hjkmnp-tv-z]{24})$/i;
