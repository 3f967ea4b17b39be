import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanUpAtEnd } from './clean-up.ts';

const NAME = 'leads-tests-';
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url));

/** Every temporary folder of a test run stands in one, which goes with the run. */
export default function setUp(): void {
  if (tmpdir().includes(NAME)) return;
  // Where Node would keep it else, what was compiled would go with the run, too.
  process.env['NODE_COMPILE_CACHE'] ??= COMPILED;
  const folder = mkdtempSync(join(tmpdir(), NAME));
  // A PostgreSQL that a test starts runs as another user, and has its own folder in it.
  chmodSync(folder, 0o711);
  cleanUpAtEnd({ folder });
  process.env['TMPDIR'] = folder;
}
