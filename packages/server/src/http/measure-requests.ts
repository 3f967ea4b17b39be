import { OPERATIONS } from '@leads/contract';
import type { Request, RequestHandler } from 'express';

/** What is told of a request that is no operation's, such as one for a path that there is not. */
export const NO_OPERATION = 'none';
/** What is told in place of a status where the answer did not reach its end. */
const ABORTED = 'aborted';

/** Is told of a request that ended: by its operation, never by its path; `code` is that of an error, else empty. */
export type RequestEnded = (operation: string, status: number | typeof ABORTED, code: string, seconds: number, isReplay: boolean) => void;

declare module 'express-serve-static-core' {
  interface Response {
    /** The code of the error that was answered. */
    errorCode?: string;
  }
}

const IDS = new Map<unknown, string>(OPERATIONS.map(({ id, route }) => [route, id]));

/** The id of the operation that a request is for, once it is known. */
export function operationOf(req: Request): string {
  return IDS.get((req as unknown as { tsRestRoute?: unknown }).tsRestRoute) ?? NO_OPERATION;
}

/** Tells of every request when it ends. */
export function measureRequests(ended: RequestEnded): RequestHandler {
  return (req, res, next) => {
    const start = performance.now();
    res.once('close', () => {
      const status = res.writableFinished ? res.statusCode : ABORTED;
      const isReplay = req.method !== 'GET' && res.hasHeader('Idempotency-Replayed');
      ended(operationOf(req), status, res.errorCode ?? '', (performance.now() - start) / 1000, isReplay);
    });
    next();
  };
}
