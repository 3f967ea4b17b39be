import { REQUEST_ID_PATTERN } from '@leads/contract';
import type { RequestHandler } from 'express';
import type { NewId } from '../ids.ts';

/** Gives every request its id, the caller's own where it is one that names nobody, and answers with it. */
export function requestId(newId: NewId): RequestHandler {
  return (req, res, next) => {
    const sent = req.headers['x-request-id'];
    req.requestId = typeof sent === 'string' && REQUEST_ID_PATTERN.test(sent) ? sent : newId('req');
    res.setHeader('X-Request-Id', req.requestId);
    next();
  };
}
