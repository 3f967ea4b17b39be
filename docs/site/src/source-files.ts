/** The pages that are files of the repository, by their ids, besides the guides. */
export const FILE_PAGES: Readonly<Record<string, string>> = {
  mock: 'packages/mock/README.md',
  conformance: 'packages/conformance/README.md',
  measurements: 'bench/README.md',
  architecture: 'ARCHITECTURE.md',
  contributing: 'CONTRIBUTING.md',
};

const SITE_PAGES: Readonly<Record<string, string>> = {
  'README.md': '/',
  'packages/client/README.md': '/guides/client/',
  'packages/contract/src/errors/registry.ts': '/errors/',
  ...Object.fromEntries(Object.entries(FILE_PAGES).map(([id, file]) => [file, `/${id}/`])),
};

/** The file that a page is made from; undefined for a page of its own. */
export function fileOf(pathname: string): string | undefined {
  const id = pathname.replaceAll(/^\/|\/$/g, '');
  return id.startsWith('guides/') ? `docs/${id}.md` : FILE_PAGES[id];
}

/** Where the site has a file that another file links to; undefined where it does not have it. */
export function pageOf(link: string, from: string): string | undefined {
  const { pathname, hash } = new URL(link, `file:///${from}`);
  const file = pathname.slice(1);
  const page = SITE_PAGES[file] ?? (/^docs\/(guides\/[\w-]+)\.md$/.test(file) ? file.replace(/^docs\/(.*)\.md$/, '/$1/') : undefined);
  return page && page + hash;
}
