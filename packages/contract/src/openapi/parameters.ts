import type * as z from 'zod';
import type { Operation } from '../operations.ts';
import type { Components, Json } from './components.ts';

type Place = 'path' | 'query' | 'header';

/** Writes the parameters of operations; one that several operations have becomes a component. */
export class SharedParameters {
  readonly #components: Components;
  readonly #uses = new Map<string, number>();

  constructor(components: Components, operations: readonly Operation[]) {
    this.#components = components;
    for (const parameter of operations.flatMap((operation) => this.#written(operation))) {
      const key = JSON.stringify(parameter);
      this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    }
  }

  of(operation: Operation): Json[] {
    return this.#written(operation).map((parameter) => {
      if (this.#uses.get(JSON.stringify(parameter)) === 1) return parameter;
      // Many generators make a type of each component, and `Status` alone would be taken for the status of anything.
      const name = `${(parameter['name'] as string).replaceAll('-', '')}Parameter`;
      return this.#components.add('parameters', name[0]!.toUpperCase() + name.slice(1), parameter);
    });
  }

  #written({ id, route: { pathParams, query, headers } }: Operation): Json[] {
    const places = { path: pathParams, query, header: headers } as Readonly<Record<Place, z.ZodObject | undefined>>;
    const parameters = (Object.keys(places) as Place[]).flatMap((place) => this.#writtenIn(place, places[place]));
    return JSON.parse(JSON.stringify(parameters).replaceAll('{operationId}', id)) as Json[];
  }

  #writtenIn(where: Place, schema: z.ZodObject | undefined): Json[] {
    return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
      const { description, ...rest } = this.#components.schema(field as z.ZodType, 'output');
      const required = !(field as z.ZodType).safeParse(undefined).success;
      return {
        name: where === 'header' ? titleCase(name) : name,
        in: where,
        ...(required && { required }),
        ...(description !== undefined && { description }),
        schema: rest,
      };
    });
  }
}

/** A header as it is usually written: `If-Match`. */
function titleCase(header: string): string {
  return header.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
