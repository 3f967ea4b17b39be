import { isUtf8 } from 'node:buffer';
import { BODY_MAX_BYTES } from '@leads/contract';
import express, { type RequestHandler } from 'express';
import { ApiError } from './api-error.ts';

// Not strict: a body that is JSON but no object is for the contract's schema to refuse, with its location.
const parse = express.json({ limit: BODY_MAX_BYTES, strict: false, type: () => true, verify: requireUtf8 });

// The parser would put a replacement character for what is not UTF-8, and so change a text silently.
function requireUtf8(_req: unknown, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new ApiError('INVALID_JSON');
}

/** Reads the JSON body of an operation that has one; the body of any other is left unread. */
export const jsonBody: RequestHandler = (req, res, next) => {
  const { tsRestRoute } = req as unknown as { tsRestRoute: object };
  if (!('body' in tsRestRoute)) return next();
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody) return next();
  if (!isJson(req.headers['content-type'])) throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { supported: ['application/json'] });
  parse(req, res, next);
};

function isJson(contentType: string | undefined): boolean {
  const [type, ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  return (
    type === 'application/json' &&
    parameters.every((parameter) => !parameter.startsWith('charset') || /^charset\s*=\s*"?utf-8"?$/.test(parameter))
  );
}
