import { readdirSync, readFileSync } from 'node:fs';
import { operationPath } from './addresses.ts';
import { DOCUMENT, OPERATIONS } from './openapi/document.ts';

/** The menu. Guides and operations come by themselves; a page that nothing leads to fails the test of the links. */
export const SIDEBAR = [
  { label: 'Start here', link: '/' },
  { label: 'Guides', items: guides() },
  {
    label: 'Tools',
    collapsed: true,
    items: [
      { label: 'Commands', link: '/commands/' },
      { label: 'Mock', link: '/mock/' },
      { label: 'Mock control', link: '/mock-control/' },
      { label: 'Conformance', link: '/conformance/' },
    ],
  },
  {
    label: 'Server',
    collapsed: true,
    items: [
      { label: 'Settings', link: '/settings/' },
      { label: 'Measurements', link: '/measurements/' },
      { label: 'Changelog', link: '/changelog/' },
    ],
  },
  {
    label: 'Reference',
    items: [
      { label: 'All operations', link: '/reference/' },
      { label: 'Requests and answers', link: '/reference/conventions/' },
      { label: 'Errors', link: '/errors/' },
      ...DOCUMENT.tags.map(({ name }) => ({
        label: name,
        collapsed: true,
        items: OPERATIONS.filter(({ tags }) => tags.includes(name)).map(({ operationId, method, summary }) => ({
          label: summary,
          link: operationPath(operationId),
          badge: { text: method, class: `method ${method}` },
        })),
      })),
    ],
  },
];

/** Every guide, in the order that its frontmatter asks for. Those of Starlight's own collection come by themselves, ours are elsewhere. */
function guides(): string[] {
  const directory = new URL('../../guides/', import.meta.url);
  const order = (file: string) => Number(/^ {2}order: (\d+)$/m.exec(readFileSync(new URL(file, directory), 'utf8'))?.[1] ?? Infinity);
  return readdirSync(directory)
    .map((file) => ({ slug: `guides/${file.replace(/\.md$/, '')}`, order: order(file) }))
    .toSorted((one, other) => one.order - other.order || one.slug.localeCompare(other.slug))
    .map(({ slug }) => slug);
}
