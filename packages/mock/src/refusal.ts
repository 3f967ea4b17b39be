import { ERRORS, type ErrorCode, type ErrorDetails } from '@leads/contract';

/** A request that the mock refuses as the server would: with a code of the registry. */
export class Refusal<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly details: ErrorDetails<Code>;

  constructor(code: Code, ...[details]: ErrorDetails<Code> extends undefined ? [] : [details: ErrorDetails<Code>]) {
    super(ERRORS[code].message);
    this.name = 'Refusal';
    this.code = code;
    this.details = details as ErrorDetails<Code>;
  }
}

/** One thing that is wrong with a request, as `VALIDATION_ERROR` lists it. */
export type Issue = ErrorDetails<'VALIDATION_ERROR'>['issues'][number];
