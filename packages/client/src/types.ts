import type { contract } from '@leads/contract';
import type { AppRoute, ClientInferRequest, SuccessfulHttpStatusCode } from '@ts-rest/core';
import type * as z from 'zod';

type Contract = typeof contract;

/** The path parameters of a route, in order, as arguments. */
type PathArguments<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? [...NamedArgument<Name>, ...PathArguments<Rest>]
  : Path extends `${string}:${infer Name}`
    ? NamedArgument<Name>
    : [];

/** A tuple whose element is shown with the parameter's name. */
type NamedArgument<Name extends string> = Name extends 'leadId' ? [leadId: string] : Name extends 'keyId' ? [keyId: string] : [id: string];

/** What follows the path parameters: the body of an operation that has one, else its query, if it has one. */
type PayloadArguments<Route extends AppRoute> =
  ClientInferRequest<Route> extends { body: infer Body }
    ? [body: Body]
    : Route['query'] extends z.ZodType
      ? z.input<Route['query']> extends Record<string, never>
        ? []
        : [query?: z.input<Route['query']>]
      : [];

/** What an operation returns: the envelope's `data`. */
type Data<Route extends AppRoute> = {
  [Status in keyof Route['responses'] & SuccessfulHttpStatusCode]: Route['responses'][Status] extends z.ZodType<infer Body>
    ? Body extends { data: infer Payload }
      ? Payload
      : never
    : never;
}[keyof Route['responses'] & SuccessfulHttpStatusCode];

/**
 * The operations of the API, by resource: `client.leads.get('lead_…')`. The path parameters come first, then the body or
 * the query. Each returns the envelope's `data`.
 */
export type LeadsClient = {
  readonly [Resource in keyof Contract]: {
    readonly [Name in keyof Contract[Resource]]: Contract[Resource][Name] extends infer Route extends AppRoute
      ? (...args: [...PathArguments<Route['path']>, ...PayloadArguments<Route>]) => Promise<Data<Route>>
      : never;
  };
};
