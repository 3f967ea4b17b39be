import { type Answer, checkAnswer, type Circumstances, isText, operationOf, type RawRequest } from '@leads/conformance';
import { ERRORS, type ErrorCode } from '@leads/contract';
import { expect } from 'vitest';

/**
 * Checks an answer against the contract, and against what this server promises beyond it.
 * @returns the name of the documented answer; undefined outside the operations.
 */
export function checkServerAnswer(request: RawRequest, answer: Answer, circumstances: Circumstances): string | undefined {
  const operation = operationOf(request);
  const about = `${request.method} ${request.path} → ${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.headers['x-content-type-options'], about).toBe('nosniff');
  expect(answer.headers['content-security-policy'], about).toContain("default-src 'none'");
  expect(answer.headers['x-powered-by'], about).toBeUndefined();
  if (!operation?.metadata.successHeaders?.includes('ETag')) expect(answer.headers.etag, about).toBeUndefined();
  if (answer.status !== 204) {
    const streams = answer.status === 200 && operation !== undefined && isText(operation);
    if (request.method !== 'HEAD' && !streams) expect(Buffer.byteLength(answer.text), about).toBe(Number(answer.headers['content-length']));
    if (operation && !circumstances.beforeAuthentication) expect(answer.headers['cache-control'], about).toBe('no-store');
  }
  // Text for people is free by the contract. This server has the contract's own.
  if (answer.body?.success === false) expect(answer.body.error, about).toBe(ERRORS[answer.body.code as ErrorCode].message);
  return checkAnswer(request, answer, circumstances);
}
