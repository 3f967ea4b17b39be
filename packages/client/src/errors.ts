import type { ErrorCode, ErrorDetailsByCode } from './api.generated.ts';

/** Everything that a call throws, but for a `TypeError` where it is called wrongly. */
export class LeadsError extends Error {
  override readonly name: string = 'LeadsError';
}

/** What every error of the API carries; `code` says what `details` holds. */
interface ApiErrorFields<Code extends ErrorCode> extends LeadsError {
  /** The HTTP status. */
  readonly status: number;
  /** What went wrong, for programs: a code of the API's registry. */
  readonly code: Code;
  readonly details: ErrorDetailsByCode[Code];
  /** The id of the request; quote it when you report a problem. */
  readonly requestId: string | null;
  readonly headers: Headers;
}

/** The API refused or failed. Compare `code`, and `details` has the type that belongs to it. */
export type LeadsApiError = { [Code in ErrorCode]: ApiErrorFields<Code> }[ErrorCode];

interface ApiErrorInit {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string | null;
  readonly headers: Headers;
}

class ApiError extends LeadsError {
  override readonly name = 'LeadsApiError';
  declare readonly status: number;
  declare readonly code: string;
  declare readonly details: unknown;
  declare readonly requestId: string | null;
  declare readonly headers: Headers;

  constructor(message: string, init: ApiErrorInit) {
    super(message);
    Object.assign(this, init);
    // Where a log prints the error, its headers would drown what it says.
    Object.defineProperty(this, 'headers', { enumerable: false });
  }
}

/** The class of `LeadsApiError`, for `instanceof`: its type is the union of all codes, so that comparing `code` narrows it. */
export const LeadsApiError = ApiError as unknown as {
  new (message: string, init: ApiErrorInit): LeadsApiError;
  readonly prototype: LeadsApiError;
};

interface ConnectionErrorInit {
  readonly status?: number | null;
  readonly headers?: Headers | null;
  readonly cause?: unknown;
}

/** The API gave no answer of its own: the network failed (`cause` says how), or something between answered instead. */
export class LeadsConnectionError extends LeadsError {
  override readonly name: string = 'LeadsConnectionError';
  /** The status of what something between answered; null where nothing did. */
  readonly status: number | null;
  /** The headers of that. */
  declare readonly headers: Headers | null;

  constructor(message: string, { status = null, headers = null, cause }: ConnectionErrorInit = {}) {
    super(message, { cause });
    this.status = status;
    Object.defineProperty(this, 'headers', { value: headers });
  }
}

/** No answer came in time. A change may have been made all the same: repeated with the same `idempotencyKey` it is not made twice. */
export class LeadsTimeoutError extends LeadsConnectionError {
  override readonly name = 'LeadsTimeoutError';
}

/** The caller's `signal` ended the call; `cause` is its reason. */
export class LeadsAbortedError extends LeadsError {
  override readonly name = 'LeadsAbortedError';
}
