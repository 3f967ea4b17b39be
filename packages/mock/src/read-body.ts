import { BODY_MAX_BYTES, OPERATIONS } from '@leads/contract';
import type { IncomingMessage } from 'node:http';
import type { HttpOperation } from './prism.ts';
import { Refusal } from './refusal.ts';

/**
 * The body of a request, parsed; undefined where there is none or the operation takes none. Throws the 415, 413 or
 * `INVALID_JSON`. Prism must not do this: it never answers a body that is not JSON.
 */
export async function readBody(operation: HttpOperation, request: IncomingMessage): Promise<unknown> {
  const supported = operation.request?.body?.contents?.map(({ mediaType }) => mediaType);
  if (!supported || !hasBody(request)) return undefined;
  const mediaType = request.headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaType === undefined || !supported.includes(mediaType)) throw new Refusal('UNSUPPORTED_MEDIA_TYPE', { supported });
  const bytes = await readBytes(request, maxBytesOf(operation));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return mediaType === 'application/json' ? JSON.parse(text) : text;
  } catch {
    throw new Refusal('INVALID_JSON');
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function maxBytesOf({ iid }: HttpOperation): number {
  return OPERATIONS.find(({ id }) => id === iid)?.metadata.bodyMaxBytes ?? BODY_MAX_BYTES;
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Read to the end even when it is too large: a client that is still writing does not see an answer.
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', { maxBytes });
  return Buffer.concat(chunks);
}
