import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { KeyCache } from './auth/key-cache.ts';
import type { Database } from './db/database.ts';
import type { RequestEnded } from './http/measure-requests.ts';
import type { Health } from './http/system-routes.ts';
import type { NewId } from './ids.ts';
import type { RateLimiter } from './rate-limit/rate-limiter.ts';
import type { TokenSigner } from './tokens.ts';

/** What the application is given: time, ids and state come from outside, so that tests decide them. */
export interface Deps {
  readonly db: Database;
  readonly now: () => Date;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly keys: KeyCache;
  readonly limiter: RateLimiter;
  readonly tokens: TokenSigner;
  /** Until when a backup is kept that is made at a moment. */
  readonly backupLifetime: (from: Date) => Date;
  /** Called when there is a new job to run. */
  readonly onJob: () => void;
  /** The origins that browsers may call from; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Where the reference is published, if it is known. */
  readonly referenceUrl?: string | undefined;
  readonly health: Health;
  /** Where requests are traced. */
  readonly traceRequests?: RequestHandler | undefined;
  /** Where somebody measures requests. */
  readonly onRequestEnded?: RequestEnded | undefined;
}
