import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request } from 'express';
import { ApiError } from './api-error.ts';

/** What a body of text may be. */
export interface TextRules {
  readonly maxBytes: number;
  readonly maxLines: number;
  /** Whether a line break in quotes is part of a cell, as in CSV. */
  readonly hasCells: boolean;
}

const DECOMPRESS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/**
 * Reads a body of text, and stops where it is over its bounds: `PAYLOAD_TOO_LARGE`, or `VALIDATION_ERROR` for its lines. It is
 * UTF-8; CSV may be UTF-16 with a byte order mark, too. Anything else is `INVALID_JSON`, or `VALIDATION_ERROR` of CSV.
 */
export async function readText(req: Request, supported: readonly string[], rules: TextRules): Promise<string> {
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && !Object.hasOwn(DECOMPRESS, encoding))
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { supported: [...supported] });
  const decompressed = encoding === 'identity' ? undefined : DECOMPRESS[encoding as keyof typeof DECOMPRESS]();
  if (decompressed) req.on('error', (error) => decompressed.destroy(error)).pipe(decompressed);
  const pieces: string[] = [];
  try {
    // A request that is refused stays open, for its answer.
    const chunks: AsyncIterable<Buffer> = decompressed ?? req.iterator({ destroyOnReturn: false });
    for await (const piece of decoded(bounded(chunks, rules.maxBytes), rules)) pieces.push(piece);
  } catch (error) {
    if (decompressed) req.unpipe(decompressed);
    // Nobody is left to answer.
    if (req.errored) throw new ApiError('BAD_REQUEST');
    throw error;
  }
  return pieces.join('');
}

async function* bounded(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ApiError('PAYLOAD_TOO_LARGE', { maxBytes });
    yield chunk;
  }
}

async function* decoded(chunks: AsyncIterable<Buffer>, { maxLines, hasCells }: TextRules): AsyncGenerator<string> {
  const count = lineCounter(hasCells);
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const decode = (chunk?: Buffer) => {
    try {
      return decoder ? decoder.decode(chunk, { stream: chunk !== undefined }) : '';
    } catch {
      if (!hasCells) throw new ApiError('INVALID_JSON');
      throw invalid('Must be UTF-8, or UTF-16 with a byte order mark: save it as "CSV UTF-8"', 'invalid_encoding');
    }
  };
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(hasCells ? encodingOf(chunk) : 'utf-8', { fatal: true });
    const text = decode(chunk);
    if (count(text) > maxLines) throw invalid(`Must have at most ${maxLines} lines: send it in parts`, 'too_big');
    yield text;
  }
  yield decode();
}

function invalid(message: string, code: string): ApiError {
  return new ApiError('VALIDATION_ERROR', { issues: [{ location: 'body', message, code }] });
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}

const [LINE_FEED, SPACE, QUOTE] = [10, 32, 34];

/** Counts the lines of a text that comes in pieces; empty ones do not count. */
function lineCounter(hasCells: boolean): (text: string) => number {
  let [lines, isEmpty, isQuoted] = [0, true, false];
  return (text) => {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === LINE_FEED && !isQuoted) isEmpty = true;
      else if (code > SPACE) {
        if (hasCells && code === QUOTE) isQuoted = !isQuoted;
        if (isEmpty) lines++;
        isEmpty = false;
      }
    }
    return lines;
  };
}
