import type { Response } from 'express';

/**
 * Answers with JSON, in place of Express's `res.json`: that one parses the content type it has just set, and compares
 * validators that no answer of this server carries.
 */
export function sendJson(this: Response, body: unknown): Response {
  const text = JSON.stringify(body);
  this.setHeader('Content-Type', 'application/json; charset=utf-8');
  this.setHeader('Content-Length', Buffer.byteLength(text));
  this.end(text);
  return this;
}
