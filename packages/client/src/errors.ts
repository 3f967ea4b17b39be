import type { ErrorCode, ErrorDetails } from '@leads/contract';

/** What every error of the API carries; `code` says what `details` holds. */
interface ApiErrorFields<Code extends ErrorCode> extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** What went wrong, for programs: a code of the API's registry. */
  readonly code: Code;
  readonly details: ErrorDetails<Code>;
  /** The id of the request; quote it when you report a problem. */
  readonly requestId: string | null;
}

/** The API refused or failed. Compare `code`, and `details` has the type that belongs to it. */
export type LeadsApiError = { [Code in ErrorCode]: ApiErrorFields<Code> }[ErrorCode];

interface ApiErrorInit {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string | null;
}

class ApiError extends Error implements ApiErrorInit {
  override readonly name = 'LeadsApiError';
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly requestId: string | null;

  constructor(message: string, { status, code, details, requestId }: ApiErrorInit) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
  }
}

/** The class of `LeadsApiError`, for `instanceof`: its type is the union of all codes, so that comparing `code` narrows it. */
export const LeadsApiError = ApiError as unknown as {
  new (message: string, init: ApiErrorInit): LeadsApiError;
  readonly prototype: LeadsApiError;
};

/** The API gave no answer of its own: the network failed (`cause` says how), or something between answered instead. */
export class LeadsConnectionError extends Error {
  override readonly name = 'LeadsConnectionError';
}
