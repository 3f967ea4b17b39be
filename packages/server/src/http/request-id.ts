import { API_KEY_PREFIX } from '@leads/contract';
import type { RequestHandler } from 'express';
import type { NewId } from '../ids.ts';

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Gives every request its id, the caller's own where it is fit for a log line, and answers with it. */
export function requestId(newId: NewId): RequestHandler {
  return (req, res, next) => {
    const sent = req.headers['x-request-id'];
    req.requestId = typeof sent === 'string' && ACCEPTED.test(sent) && !sent.includes(API_KEY_PREFIX) ? sent : newId('req');
    res.setHeader('X-Request-Id', req.requestId);
    next();
  };
}
