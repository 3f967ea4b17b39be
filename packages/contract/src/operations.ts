import type { AppRoute, AppRouter } from '@ts-rest/core';
import { contract } from './contract.ts';
import { isAppRoute, type OperationMetadata, type PlannedRoute } from './http/operation.ts';

type Resources = typeof contract;
type IdsOf<Resource extends keyof Resources, Names extends keyof Resources[Resource]> = `${Resource}.${Names & string}`;

/** The ids of the operations that are planned; `never` where none is. */
export type PlannedOperationId = {
  [R in keyof Resources]: { [N in keyof Resources[R]]: Resources[R][N] extends PlannedRoute ? IdsOf<R, N> : never }[keyof Resources[R]];
}[keyof Resources];

/** `leads.create` and so on: the operations that a server has. */
export type OperationId = Exclude<{ [R in keyof Resources]: IdsOf<R, keyof Resources[R]> }[keyof Resources], PlannedOperationId>;

/** One operation of the contract. */
export interface Operation {
  /** Its id, such as `leads.delete`. */
  readonly id: string;
  readonly route: AppRoute;
  readonly metadata: OperationMetadata;
}

/** The operations of a contract, in the order in which it declares them. */
export function operationsOf(router: AppRouter, prefix = ''): Operation[] {
  return Object.entries(router).flatMap(([name, route]) =>
    isAppRoute(route)
      ? [{ id: prefix + name, route, metadata: route.metadata as OperationMetadata }]
      : operationsOf(route, `${prefix}${name}.`),
  );
}

/** Every operation of the contract, in the order in which it declares them. */
export const OPERATIONS: readonly Operation[] = operationsOf(contract);

/** The operations that a server has: all but those that are planned. */
export const IMPLEMENTED_OPERATIONS: readonly Operation[] = OPERATIONS.filter(({ metadata }) => !metadata.planned);

/** The ids of the operations that are planned, which checks of a server leave out. */
export const PLANNED_OPERATIONS: readonly string[] = OPERATIONS.filter(({ metadata }) => metadata.planned).map(({ id }) => id);
