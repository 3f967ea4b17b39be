import { type FSWatcher, watch } from 'chokidar';

/** How long nothing may happen before a save counts as done, in milliseconds: editors write a file in several steps. */
const SETTLE_MS = 150;
const SOURCE = /(?<!\.test)\.(ts|sql|json|html|css|js)$/;

/**
 * Calls back with the sources that were saved in these folders, once for each save: written over, put in the place of the
 * former one, touched, added or taken away.
 */
export function watchSources(root: string, folders: readonly string[], saved: (paths: string[]) => void): FSWatcher {
  let paths = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...folders], {
    cwd: root,
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !SOURCE.test(path),
  });
  return watcher.on('all', (_, path) => {
    paths.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      saved([...paths]);
      paths = new Set();
    }, SETTLE_MS);
  });
}
