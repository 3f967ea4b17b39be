import { ERRORS, type ErrorCode, type ErrorDetails } from '@leads/contract';

/** A failure that the caller is told: answered in the envelope, with the code's status, text and headers. */
export class ApiError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly details: ErrorDetails<Code>;

  constructor(code: Code, ...[details]: ErrorDetails<Code> extends undefined ? [] : [details: ErrorDetails<Code>]) {
    super(ERRORS[code].message);
    this.name = 'ApiError';
    this.code = code;
    this.details = details as ErrorDetails<Code>;
  }
}
