import type { ErrorCode, ErrorDetails, OperationMetadata, PlannedRoute, Scope, ValidationIssue } from '@leads/contract';
import { type AppRoute, type AppRouter, isAppRoute, type ServerInferRequest, type ServerInferResponses } from '@ts-rest/core';
import { createExpressEndpoints } from '@ts-rest/express';
import type { ErrorRequestHandler, IRouter, Request, RequestHandler, Response } from 'express';
import type * as z from 'zod';
import type { Database } from '../db/database.ts';
import { ApiError } from './api-error.ts';

/** Who makes a request. */
export interface Caller {
  readonly keyId: string;
  readonly workspaceId: string;
  readonly scopes: ReadonlySet<Scope>;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** The id of the request, as in `X-Request-Id`. */
    requestId: string;
    /** The id of the trace that it belongs to, where requests are traced. */
    traceId?: string;
    /** Set by authentication, before any operation runs. */
    caller: Caller;
    /** What is wrong with the text of the body, which its schema cannot see any more. */
    bodyIssues?: readonly ValidationIssue[];
  }
}

/** The error codes that a route declares. */
type CodeOf<Route extends AppRoute> = {
  [Status in keyof Route['responses']]: Route['responses'][Status] extends z.ZodType<infer Body>
    ? Body extends { success: false; code: infer Code extends ErrorCode }
      ? Code
      : never
    : never;
}[keyof Route['responses']];

/** What an operation is given: the validated request, who makes it, and how to refuse it. */
export type OperationRequest<Route extends AppRoute> = ServerInferRequest<Route> & {
  readonly caller: Caller;
  readonly requestId: string;
  /** Where it reads and writes; a transaction where what surrounds the operation must hold together with it. */
  readonly db: Database;
  readonly response: Response;
  /** Only where the operation says that it `claims`: the key under which its own statement keeps the answer. */
  readonly claim?: Claim | undefined;
  /** Makes the error to throw. A code that the route does not declare does not compile. */
  readonly refuse: <Code extends CodeOf<Route>>(
    code: Code,
    ...details: ErrorDetails<Code> extends undefined ? [] : [ErrorDetails<Code>]
  ) => ApiError<Code>;
};

/** An operation of the contract, implemented. */
export interface OperationHandler<Route extends AppRoute> {
  (request: OperationRequest<Route>): Promise<ServerInferResponses<Route>>;
  /** It claims an idempotency key, and keeps its answer, in the one statement that makes its change. */
  readonly claims?: true;
}

/** An idempotency key that is to be claimed, with what is kept besides the answer. */
interface Claim {
  readonly name: string;
  readonly keyHash: Buffer;
  readonly requestHash: Buffer;
  /** An answer from before is none. */
  readonly keptSince: Date;
}

/** An implementation for every operation of a contract, but for those that are planned. */
export type Implementation<Contract extends AppRouter> = {
  [Name in keyof Contract as Contract[Name] extends PlannedRoute ? never : Name]: Contract[Name] extends AppRoute
    ? OperationHandler<Contract[Name]>
    : Contract[Name] extends AppRouter
      ? Implementation<Contract[Name]>
      : never;
};

/** An answer of an operation. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The parts of a validated request that are the same for all operations. */
export interface ValidatedRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly req: Request;
  readonly res: Response;
}

/** Runs an operation on a database of its choice, and answers what the operation answers, or something else. */
export type Surroundings = (request: ValidatedRequest, operate: Operate) => Promise<Answer>;

/** Runs the operation. */
interface Operate {
  (db: Database, claim?: Claim): Promise<Answer>;
  /** Whether it takes a claim. */
  readonly claims: boolean;
}

const refuse = ((...args: ConstructorParameters<typeof ApiError>) => new ApiError(...args)) as never;

/**
 * Registers every operation of a contract on an Express router. `before` runs ahead of validation, `onInvalid` gets the
 * validation error, `surround` runs the operation. A planned operation is answered with 501 `NOT_IMPLEMENTED`. With the contract
 * builder, the only place that knows ts-rest.
 */
export function registerOperations<Contract extends AppRouter>(
  contract: Contract,
  implementation: Implementation<Contract>,
  router: IRouter,
  before: RequestHandler[],
  onInvalid: ErrorRequestHandler,
  surround: Surroundings,
): void {
  createExpressEndpoints(contract, adapt(contract, implementation as Handlers, surround) as never, router, {
    globalMiddleware: before as never,
    requestValidationErrorHandler: onInvalid as never,
    logInitialization: false,
    responseValidation: false,
  });
}

type Handlers = { readonly [name: string]: Handlers | OperationHandler<AppRoute> };

function adapt(contract: AppRouter, implementation: Handlers, surround: Surroundings, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(contract).map(([name, route]) => {
      if (!isAppRoute(route)) return [name, adapt(route, implementation[name] as Handlers, surround, `${prefix}${name}.`)];
      if ((route.metadata as OperationMetadata).planned) return [name, notImplemented(prefix + name)];
      return [name, adapted(implementation[name] as OperationHandler<AppRoute>, surround)];
    }),
  );
}

function notImplemented(operation: string) {
  return () => {
    throw new ApiError('NOT_IMPLEMENTED', { operation });
  };
}

function adapted(handler: OperationHandler<AppRoute>, surround: Surroundings) {
  return (request: ValidatedRequest & { query: unknown }) => {
    const { params, query, body, headers, req, res } = request;
    const { caller, requestId, bodyIssues = [] } = req;
    if (bodyIssues.length > 0) throw new ApiError('VALIDATION_ERROR', { issues: [...bodyIssues] });
    // Async, so that an operation that throws at once is refused like any other.
    const operate = async (db: Database, claim?: Claim) =>
      handler({ params, query, body, headers, caller, requestId, db, claim, response: res, refuse } as never);
    return surround(request, Object.assign(operate, { claims: 'claims' in handler }));
  };
}
