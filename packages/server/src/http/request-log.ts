import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/**
 * Logs a line per request. It names the route and not the path or the query, which may hold personal data: a search,
 * an e-mail address.
 */
export function requestLog(logger: Logger): RequestHandler {
  // Nothing in these lines has to be looked for and blacked out.
  const requests = logger.child({}, { redact: [] });
  return (req, res, next) => {
    if (!logger.isLevelEnabled('info')) return next();
    const start = performance.now();
    res.once('close', () => {
      requests.info({
        requestId: req.requestId,
        traceId: req.traceId,
        method: req.method,
        route: (req.route as { path?: string } | undefined)?.path,
        status: res.statusCode,
        durationMs: Math.round((performance.now() - start) * 100) / 100,
        keyId: (req.caller as { keyId?: string } | undefined)?.keyId,
        aborted: res.writableFinished ? undefined : true,
      });
    });
    next();
  };
}
