import { type Manifest, manifestOf, PACKAGES } from './workspace.ts';

/** What of a manifest in the workspace is for the workspace alone. */
const UNPUBLISHED = new Set(['private', 'scripts', 'devDependencies']);

/** A manifest as it is published: with the built files in place of the sources, and the versions that the workspace has now. */
export function publishedManifest(manifest: Manifest): Manifest & { readonly files: readonly string[] } {
  const { bin = {}, exports, dependencies, sideEffects, files = ['dist'], ...rest } = manifest;
  const published = Object.entries(rest).filter(([field]) => !UNPUBLISHED.has(field));
  return {
    ...(Object.fromEntries(published) as Pick<Manifest, 'name' | 'version'>),
    ...(sideEffects !== undefined && {
      sideEffects: Array.isArray(sideEffects) ? sideEffects.map((path: string) => built(path, 'js')) : sideEffects,
    }),
    ...(Object.keys(bin).length > 0 && { bin: mapped(bin, (path) => built(path, 'js')) }),
    exports: mapped(exports, (path) =>
      path.endsWith('.ts') ? { types: built(path, 'd.ts'), default: built(path, 'js') } : path,
    ) as unknown as Manifest['exports'],
    ...(dependencies && { dependencies: mapped(dependencies, (version, name) => VERSIONS.get(name) ?? version) }),
    files: files as readonly string[],
  };
}

const VERSIONS = new Map(PACKAGES.map(manifestOf).map(({ name, version }) => [name, version]));

function mapped<Value>(record: Readonly<Record<string, string>>, map: (value: string, key: string) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function built(source: string, ending: 'js' | 'd.ts'): string {
  return source.replace(/^\.\/src\/(.*)\.ts$/, `./dist/$1.${ending}`);
}
