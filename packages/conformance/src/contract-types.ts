import type { BulkFilterSchema, contract, OperationId } from '@leads/contract';
import type * as z from 'zod';

type Contract = typeof contract;

type RouteOf<Id extends OperationId> = Id extends `${infer Resource extends keyof Contract & string}.${infer Name}`
  ? Name extends keyof Contract[Resource]
    ? Contract[Resource][Name]
    : never
  : never;

type QueryOf<Id extends OperationId> = RouteOf<Id> extends { query: infer Query extends z.ZodType } ? z.infer<Query> : object;
type DataOf<Id extends OperationId> =
  RouteOf<Id> extends { responses: { 200: infer Body extends z.ZodType } }
    ? z.infer<Body> extends { data: infer Data }
      ? Data
      : never
    : never;

/** The operations that change something. */
export type ChangingId = { [Id in OperationId]: RouteOf<Id> extends { method: 'GET' } ? never : Id }[OperationId];

/** The operations that answer a list, a page at a time. */
export type ListId = {
  [Id in OperationId]: string extends keyof QueryOf<Id> ? never : 'cursor' extends keyof QueryOf<Id> ? Id : never;
}[OperationId];

type ItemOf<Id extends ListId> = {
  [Name in keyof DataOf<Id>]: DataOf<Id>[Name] extends readonly (infer Item)[] ? Item : never;
}[keyof DataOf<Id>];

/** The parameters that say which part of a list is answered and how, and not what belongs to it. */
export const NO_FILTERS = ['page', 'limit', 'cursor', 'sortBy', 'sortOrder', 'format', 'delimiter', 'bom', 'formulaGuard'] as const;
type NoFilter = (typeof NO_FILTERS)[number];

/** A filter means what its name says where an item has a field of that name, or `createdAt` for `createdBefore`. */
type SelfExplaining<Item, Name> = Name extends keyof Item
  ? Name
  : Name extends `${infer Moment}${'After' | 'Before'}`
    ? `${Moment}At` extends keyof Item
      ? Name
      : never
    : never;
type Unexplained<Item, Name> = Exclude<Name, SelfExplaining<Item, Name> | NoFilter>;

/** The filters whose meaning their names do not say. */
export type UnexplainedFilter =
  | { [Id in ListId]: Unexplained<ItemOf<Id>, keyof QueryOf<Id>> }[ListId]
  | Unexplained<ItemOf<'leads.list'>, keyof QueryOf<'leads.export'>>
  | Unexplained<ItemOf<'leads.list'>, keyof z.infer<typeof BulkFilterSchema>>;
