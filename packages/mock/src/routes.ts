import type { DocumentedOperation } from './documented-operation.ts';
import { Refusal } from './refusal.ts';

/** Finds the operation that a request is for. */
export class Routes<Operation extends DocumentedOperation> {
  readonly #routes: ReadonlyArray<{ readonly pattern: RegExp; readonly operation: Operation }>;

  constructor(operations: readonly Operation[]) {
    this.#routes = operations.toSorted(literalsFirst).map((operation) => ({ pattern: patternOf(operation.path), operation }));
  }

  /**
   * The operation at a path, percent-encoded as it was sent; a HEAD is answered as a GET. Throws `ROUTE_NOT_FOUND`, or
   * `METHOD_NOT_ALLOWED` where the path has other methods.
   */
  find(method: string, path: string): Operation {
    const [nearest, ...others] = this.#routes.filter(({ pattern }) => pattern.test(path)).map(({ operation }) => operation);
    if (!nearest) throw new Refusal('ROUTE_NOT_FOUND', { method, path });
    // `/leads/stats` is not the lead `stats`, whatever the method.
    const operations = [nearest, ...others.filter((other) => other.path === nearest.path)];
    const found = operations.find((operation) => methodsOf(operation).includes(method));
    if (!found) throw new Refusal('METHOD_NOT_ALLOWED', { method, allowed: operations.flatMap(methodsOf) });
    return found;
  }

  /** The operation that `find` answers; undefined where it throws. */
  lookUp(method: string, path: string): Operation | undefined {
    try {
      return this.find(method, path);
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }
}

function methodsOf({ method }: DocumentedOperation): string[] {
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
}

/** Orders operations so that `/leads/search` is tried before `/leads/{leadId}`. */
function literalsFirst(a: DocumentedOperation, b: DocumentedOperation): number {
  const [first, second] = [a, b].map(({ path }) => path.replace(/\{\w+\}/g, '\uffff')) as [string, string];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);
}
