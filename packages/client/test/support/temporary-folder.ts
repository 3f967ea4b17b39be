/** Every temporary folder of a test file stands in one, which goes with the file's last test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const before = process.env['TMPDIR'];
const folder = mkdtempSync(join(tmpdir(), 'leads-client-'));
process.env['TMPDIR'] = folder;

afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});
