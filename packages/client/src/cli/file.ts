import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CliError } from './errors.ts';

/** Opens a file to read it. @throws {CliError} where it is a folder, or an error of the system that `explain` puts into words. */
export async function readFrom(path: string): Promise<ReadStream> {
  const found = await stat(path);
  if (found.isDirectory()) throw new CliError(`“${path}” is a folder.`, 'Name a file in it.');
  const stream = createReadStream(path);
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', reject);
  });
  return stream;
}
