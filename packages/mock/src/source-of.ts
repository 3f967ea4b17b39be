import { isDeepStrictEqual } from 'node:util';
import { generateOpenApi } from '@leads/contract';
import type { Source } from './answer-request.ts';
import { contractSource } from './contract-source.ts';
import type { DocumentedOperation } from './documented-operation.ts';
import type { Mode } from './mock.ts';
import type { Prism } from './prism.ts';

/** What answers by a document, whatever kind of it it is. */
export type DocumentSource = Source<DocumentedOperation>;

/**
 * What answers by a document. The contract's own is answered by the contract, which needs none of Prism's 100 MB; Prism reads
 * any other, and is loaded when data is to be generated. The same `seed()` generates the same data. Rejects when it is no document.
 */
export async function sourceOf(document: object | undefined, mode: Mode, seed: () => string): Promise<DocumentSource> {
  const own = generateOpenApi();
  const isOwn = document === undefined || isDeepStrictEqual(document, own);
  if (!isOwn && !isDocument(document)) throw new TypeError('Not an OpenAPI document: it must have openapi and paths');
  if (!isOwn || mode === 'generated') return loadPrism(document ?? own, seed);

  const contract = contractSource(own);
  let prism: Promise<Prism> | undefined;
  return {
    operations: contract.operations,
    async ask({ iid }, ...rest) {
      if (!rest[1].dynamic) return contract.ask(named(iid, contract), ...rest);
      prism ??= loadPrism(generateOpenApi(), seed);
      const generator = await prism;
      return generator.ask(named(iid, generator), ...rest);
    },
  };
}

function named<Operation extends DocumentedOperation>(id: string | undefined, { operations }: Source<Operation>): Operation {
  return operations.find(({ iid }) => iid === id)!;
}

function isDocument(document: object): boolean {
  const { openapi, paths } = document as { openapi?: unknown; paths?: unknown };
  return typeof openapi === 'string' && typeof paths === 'object' && paths !== null;
}

async function loadPrism(document: object, seed: () => string): Promise<Prism> {
  const { createPrism } = await import('./prism.ts');
  return createPrism(document, seed);
}
