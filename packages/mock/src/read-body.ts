import { BODY_MAX_BYTES, isUtf8Type, OPERATIONS, parseJson } from '@leads/contract';
import type { IncomingRequest } from './answer-request.ts';
import type { DocumentedOperation } from './documented-operation.ts';
import { Refusal } from './refusal.ts';

/**
 * The body of a request, parsed; undefined where there is none or the operation takes none. Throws the 415, 413,
 * `INVALID_JSON`, or what is wrong with its numbers. Prism must not do this: it never answers a body that is not JSON.
 */
export async function readBody(operation: DocumentedOperation, request: IncomingRequest): Promise<unknown> {
  const supported = operation.request?.body?.contents?.map(({ mediaType }) => mediaType);
  if (!supported || !hasBody(request)) return undefined;
  const mediaType = supported.find((each) => isUtf8Type(request.headers['content-type'], each));
  if (mediaType === undefined) throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { supported });
  const chunks = await readChunks(request, maxBytesOf(operation));
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
    if (mediaType !== 'application/json') return text;
    const { value, issues } = parseJson(text, 'body');
    if (issues.length > 0) throw new Refusal('VALIDATION_ERROR', { issues });
    return value;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('INVALID_JSON');
  }
}

function hasBody({ headers }: IncomingRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function maxBytesOf({ iid }: DocumentedOperation): number {
  return OPERATIONS.find(({ id }) => id === iid)?.metadata.bodyMaxBytes ?? BODY_MAX_BYTES;
}

async function readChunks(request: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Read to the end even when it is too large: a client that is still writing does not see an answer.
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', { maxBytes });
  return chunks;
}
