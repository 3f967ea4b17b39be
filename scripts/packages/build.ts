/**
 * `npm run build` in a package: compiles its sources into `dist`, as an ES module with types and source maps, beside the files that
 * they read. What they import of the workspace must have been built before.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINGERPRINT_FILE, fingerprintOf } from './fingerprint.ts';

const [source, output] = [join(process.cwd(), 'src'), join(process.cwd(), 'dist')];

rmSync(output, { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
cpSync(source, output, { recursive: true, filter: (path) => statSync(path).isDirectory() || !path.endsWith('.ts') });
writeFileSync(join(output, FINGERPRINT_FILE), fingerprintOf(source));
