import type { AppRoute } from '@ts-rest/core';
import { contract } from './contract.ts';
import type { OperationMetadata } from './http/operation.ts';

/** `leads.create` and so on. */
export type OperationId = { [R in keyof typeof contract]: `${R}.${keyof (typeof contract)[R] & string}` }[keyof typeof contract];

/** One operation of the contract. */
export interface Operation {
  /** Its id, such as `leads.delete`. */
  readonly id: string;
  readonly route: AppRoute;
  readonly metadata: OperationMetadata;
}

/** Every operation of the contract, in the order in which it declares them. */
export const OPERATIONS: readonly Operation[] = Object.entries(contract).flatMap(([resource, routes]) =>
  Object.entries(routes as Record<string, AppRoute>).map(([name, route]) => ({
    id: `${resource}.${name}`,
    route,
    metadata: route.metadata as OperationMetadata,
  })),
);
