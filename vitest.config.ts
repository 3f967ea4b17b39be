import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// What takes longer stands in folders of that name.
const MORE = process.env['LEADS_TEST_MORE'] ? ',more' : '';

const TEMPORARY_FOLDER = fileURLToPath(new URL('./scripts/test/support/temporary-folder.ts', import.meta.url));

export default defineConfig({
  test: {
    // Numbers for `npm test`, which adds them up. Each package has its own file, as its script `test` says.
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.cache/tests.json' },
    // The suites start databases and servers: more files at once than cores would only make each slower.
    maxWorkers: 2,
    // The files of a package share what they import: loading the contract and the server took longer than most files' tests.
    isolate: false,
    // For what hangs, not for what is slow: the machine may be busy.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 300_000 } },
    projects: ['contract', 'server', 'client', 'mock', 'conformance']
      .map((name) => ({
        extends: true as const,
        test: {
          name,
          root: `packages/${name}`,
          include: [`{src,test${MORE}}/**/*.test.ts`],
          globalSetup: [
            TEMPORARY_FOLDER,
            ...(['server', 'conformance', 'client'].includes(name) ? ['../server/test/support/global-setup.ts'] : []),
          ],
        },
      }))
      .concat(
        [
          { name: 'docs', root: 'docs/site' },
          { name: 'web', root: 'examples/web' },
          { name: 'scripts', root: 'scripts' },
        ].map((project) => ({
          extends: true as const,
          test: { ...project, include: [`{src,test${MORE}}/**/*.test.ts`], globalSetup: [TEMPORARY_FOLDER] },
        })),
      ),
  },
});
