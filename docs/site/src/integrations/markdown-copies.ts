import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { type Page, pageAsMarkdown } from '../markdown.ts';

/**
 * Writes each page of the finished site as Markdown beside it (`/errors/` as `/errors.md`), and all of them for programs that read:
 * `llms.txt` names them, `llms-full.txt` holds them. Made from the finished pages, so that what is read is what is seen.
 */
export function markdownCopies(): AstroIntegration {
  return {
    name: 'markdown-copies',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const files = (await Array.fromAsync(glob('**/*.html', { cwd: fileURLToPath(dir) }))).toSorted();
        const pages = await Promise.all(
          files.map(async (file) => pageAsMarkdown(pathOf(file), await readFile(new URL(file, dir), 'utf8'))),
        );
        const write = async (path: string, text: string) => {
          const file = new URL(`.${path}`, dir);
          await mkdir(dirname(fileURLToPath(file)), { recursive: true });
          await writeFile(file, text);
        };
        await Promise.all(pages.map(({ file, text }) => write(file, text)));
        const read = pages.filter(({ path }) => path !== NOT_FOUND);
        await write('/llms.txt', index(read));
        await write('/llms-full.txt', read.map(({ text }) => text).join('\n---\n\n'));
        logger.info(`${pages.length} pages written as Markdown`);
      },
    },
  };
}

const NOT_FOUND = '/404/';

/** The path of a page by its file: `errors/index.html` is `/errors/`, `404.html` is `/404/`. */
function pathOf(file: string): string {
  return `/${file.replace(/(index)?\.html$/, '/')}`.replaceAll('//', '/');
}

const SECTIONS: readonly [heading: string, prefix: string][] = [
  ['Guides', '/guides/'],
  ['Operations', '/reference/'],
  ['Errors', '/errors/'],
  ['More', '/'],
];

function index(pages: readonly Page[]): string {
  const left = new Set(pages);
  const sections = SECTIONS.map(([heading, prefix]) => {
    const own = [...left].filter(({ path }) => path.startsWith(prefix));
    for (const page of own) left.delete(page);
    const lines = own.map(({ title, file, description }) => `- [${title}](${file})${description ? `: ${description}` : ''}`);
    return `## ${heading}\n\n${lines.join('\n')}\n`;
  });
  const home = pages.find(({ path }) => path === '/');
  return `# ${home!.title}\n\n> ${home!.description}\n\nThe OpenAPI document: [openapi.json](/openapi.json). Everything in one file: [llms-full.txt](/llms-full.txt).\n\n${sections.join('\n')}`;
}
