import type { contract } from '@leads/contract';
import type { AppRoute, SuccessfulHttpStatusCode } from '@ts-rest/core';
import type * as z from 'zod';

type Contract = typeof contract;

/** The path parameters of a route, in order, as arguments. */
type PathArguments<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? [...NamedArgument<Name>, ...PathArguments<Rest>]
  : Path extends `${string}:${infer Name}`
    ? NamedArgument<Name>
    : [];

/** A tuple whose element is shown with the parameter's name. */
type NamedArgument<Name extends string> = Name extends keyof NamedArguments ? NamedArguments[Name] : [id: string];

interface NamedArguments {
  leadId: [leadId: string];
  activityId: [activityId: string];
  campaignId: [campaignId: string];
  backupId: [backupId: string];
  jobId: [jobId: string];
  keyId: [keyId: string];
}

/** What follows the path parameters: the body of an operation that has one, else its query, if it has one. */
type PayloadArguments<Route extends AppRoute> = Route extends { body: infer Body }
  ? Body extends z.ZodType
    ? undefined extends z.input<Body>
      ? [body?: z.input<Body>]
      : [body: z.input<Body>]
    : []
  : Route['query'] extends z.ZodType
    ? z.input<Route['query']> extends Record<string, never>
      ? []
      : [query?: z.input<Route['query']>]
    : [];

/** What a call can carry in headers; an operation takes those that its contract names. */
export interface CallOptions {
  /** The `ETag` that you have seen: the call is refused with `PRECONDITION_FAILED` where the lead is another version by now. */
  readonly ifMatch?: string;
  /** The token of a deletion preview: the call is refused with `CONFIRMATION_STALE` where anything that it showed changed. */
  readonly confirmationToken?: string;
  /** A value of your own for this one change, such as a UUID: repeated with it, the call changes nothing again and returns the same. */
  readonly idempotencyKey?: string;
}

interface OptionNames {
  'if-match': 'ifMatch';
  'x-confirmation-token': 'confirmationToken';
  'idempotency-key': 'idempotencyKey';
}

/** What comes last: the options of an operation that takes any. */
type OptionsArguments<Route extends AppRoute> = Route extends { headers: infer Headers extends z.ZodType }
  ? [options?: Pick<CallOptions, OptionNames[keyof z.input<Headers> & keyof OptionNames]>]
  : [];

/** What an operation returns: the envelope's `data`. */
type Data<Route extends AppRoute> = {
  [Status in keyof Route['responses'] & SuccessfulHttpStatusCode]: Route['responses'][Status] extends z.ZodType<infer Body>
    ? Body extends { data: infer Payload }
      ? Payload
      : Body extends string
        ? ReadableStream<Uint8Array>
        : never
    : never;
}[keyof Route['responses'] & SuccessfulHttpStatusCode];

/**
 * The operations of the API, by resource: `client.leads.get('lead_…')`. The path parameters come first, then the body or
 * the query, then the options. Each returns the envelope's `data`; an export returns its lines as they come.
 */
export type LeadsClient = {
  readonly [Resource in keyof Contract]: {
    readonly [Name in keyof Contract[Resource]]: Contract[Resource][Name] extends infer Route extends AppRoute
      ? (...args: [...PathArguments<Route['path']>, ...PayloadArguments<Route>, ...OptionsArguments<Route>]) => Promise<Data<Route>>
      : never;
  };
};
