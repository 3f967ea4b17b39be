/** `npm run pack [-- FOLDER]`: the tarballs of all packages, as they are published, in one folder; `dist` when none is named. */
import { relative, resolve } from 'node:path';
import { packPackages } from './pack.ts';
import { ROOT } from './workspace.ts';

try {
  for (const tarball of Object.values(packPackages(resolve(process.argv[2] ?? `${ROOT}dist`))))
    console.log(relative(process.cwd(), tarball));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
