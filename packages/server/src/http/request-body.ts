import { isUtf8 } from 'node:buffer';
import { BODY_MAX_BYTES, bodyOf, CSV, isUtf8Type, type OperationMetadata, parseJson } from '@leads/contract';
import type { AppRoute } from '@ts-rest/core';
import express, { type NextFunction, type Request, type RequestHandler } from 'express';
import { ApiError } from './api-error.ts';
import { readText } from './text-body.ts';

const JSON_TYPE = 'application/json';

// The parser would put a replacement character for what is not UTF-8, and so change a text silently.
function requireUtf8(_req: unknown, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new ApiError('INVALID_JSON');
}

/** Reads the body of an operation that has one, as JSON or as the text that the contract says; the body of any other is left unread. */
export const requestBody: RequestHandler = async (req, res, next) => {
  if (!bodyOf(routeOf(req)!)) return next();
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody) return next();
  const { mediaTypes, maxBytes, maxLines } = bodyRules(req);
  const mediaType = mediaTypes.find((supported) => isUtf8Type(req.headers['content-type'], supported));
  if (mediaType === undefined) throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { supported: mediaTypes });
  if (mediaType === JSON_TYPE) {
    jsonParser(maxBytes)(req, res, (error?: unknown) => (error === undefined ? readJson(req, next) : next(error)));
    return;
  }
  req.body = await readText(req, mediaTypes, { maxBytes, maxLines, hasCells: mediaType === CSV });
  next();
};

function readJson(req: Request, next: NextFunction): void {
  try {
    // A body in chunks of which there is none says as little as no body.
    const { value, issues } = parseJson(req.body || '{}', 'body');
    req.body = value;
    req.bodyIssues = issues;
    next();
  } catch {
    next(new ApiError('INVALID_JSON'));
  }
}

/** What the body of a request may be: the media types, and how many bytes and lines at most. */
export function bodyRules(req: Request): { readonly mediaTypes: string[]; readonly maxBytes: number; readonly maxLines: number } {
  const {
    bodyMediaType = JSON_TYPE,
    otherBodyMediaTypes = [],
    bodyMaxBytes = BODY_MAX_BYTES,
    bodyMaxLines = Infinity,
  }: Partial<OperationMetadata> = routeOf(req)?.metadata ?? {};
  return { mediaTypes: [bodyMediaType, ...otherBodyMediaTypes], maxBytes: bodyMaxBytes, maxLines: bodyMaxLines };
}

function routeOf(req: Request): AppRoute | undefined {
  return (req as unknown as { tsRestRoute?: AppRoute }).tsRestRoute;
}

const JSON_PARSERS = new Map<number, RequestHandler>();

function jsonParser(maxBytes: number): RequestHandler {
  let parser = JSON_PARSERS.get(maxBytes);
  if (!parser) {
    parser = express.text({ limit: maxBytes, type: () => true, verify: requireUtf8 });
    JSON_PARSERS.set(maxBytes, parser);
  }
  return parser;
}
