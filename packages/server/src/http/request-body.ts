import { isUtf8 } from 'node:buffer';
import { BODY_MAX_BYTES, bodyOf, type OperationMetadata, parseJson } from '@leads/contract';
import type { AppRoute } from '@ts-rest/core';
import express, { type NextFunction, type Request, type RequestHandler } from 'express';
import { ApiError } from './api-error.ts';

const JSON_TYPE = 'application/json';

// The parser would put a replacement character for what is not UTF-8, and so change a text silently.
function requireUtf8(_req: unknown, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new ApiError('INVALID_JSON');
}

/** Reads the body of an operation that has one, as JSON or as the text that the contract says; the body of any other is left unread. */
export const requestBody: RequestHandler = (req, res, next) => {
  if (!bodyOf(routeOf(req)!)) return next();
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody) return next();
  const { mediaType, maxBytes } = bodyRules(req);
  if (!isUtf8Type(req.headers['content-type'], mediaType)) throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { supported: [mediaType] });
  parserOf(mediaType, maxBytes)(req, res, (error?: unknown) => {
    if (error === undefined && mediaType === JSON_TYPE) readJson(req, next);
    else next(error);
  });
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

/** What the body of a request may be: the media type, and how many bytes at most. */
export function bodyRules(req: Request): { readonly mediaType: string; readonly maxBytes: number } {
  const metadata = routeOf(req)?.metadata as OperationMetadata | undefined;
  return { mediaType: metadata?.bodyMediaType ?? JSON_TYPE, maxBytes: metadata?.bodyMaxBytes ?? BODY_MAX_BYTES };
}

function routeOf(req: Request): AppRoute | undefined {
  return (req as unknown as { tsRestRoute?: AppRoute }).tsRestRoute;
}

const PARSERS = new Map<string, RequestHandler>();

function parserOf(mediaType: string, maxBytes: number): RequestHandler {
  const name = `${mediaType} ${maxBytes}`;
  let parser = PARSERS.get(name);
  if (!parser) {
    parser = express.text({ limit: maxBytes, type: () => true, verify: requireUtf8 });
    PARSERS.set(name, parser);
  }
  return parser;
}

function isUtf8Type(contentType: string | undefined, mediaType: string): boolean {
  const [type, ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  return (
    type === mediaType && parameters.every((parameter) => !parameter.startsWith('charset') || /^charset\s*=\s*"?utf-8"?$/.test(parameter))
  );
}
