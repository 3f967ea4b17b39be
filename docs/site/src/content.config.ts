import { docsSchema } from '@astrojs/starlight/schema';
import { defineCollection } from 'astro:content';
import { glob, type Loader, type LoaderContext } from 'astro/loaders';
import { readFile } from 'node:fs/promises';
import { withCharts } from './charts.ts';
import { firstSentence } from './prose.ts';
import { FILE_PAGES } from './source-files.ts';

const guides = glob({ base: '../guides', pattern: '*.md', generateId: ({ entry }) => `guides/${entry.replace(/\.md$/, '')}` });

/** Guides and READMEs, read where they are written so that the repository and the site cannot disagree. */
const files: Loader = {
  name: 'files',
  async load(context) {
    await guides.load(context);
    for (const [id, file] of Object.entries(FILE_PAGES)) await loadReadme(context, id, file);
  },
};

/** A README has no frontmatter: its heading is the title, and its first sentence the description. */
async function loadReadme(context: LoaderContext, id: string, file: string): Promise<void> {
  const fileURL = new URL(`../../${file}`, context.config.root);
  const [, title, text] = /^# (.+?)\n+(.*)$/s.exec(await readFile(fileURL, 'utf8'))!;
  const description = /^[\w`*]/.test(text!) ? firstSentence(text!) : '';
  const body = withCharts(text!.slice(description.length).trimStart());
  const data = await context.parseData({
    id,
    data: {
      title: title!.replaceAll('`', ''),
      description: description.replaceAll(/[`*]/g, '').replaceAll(/\s+/g, ' '),
    },
  });
  context.store.set({ id, data, body, filePath: `../../${file}`, rendered: await context.renderMarkdown(body, { fileURL }) });
}

export const collections = { docs: defineCollection({ loader: files, schema: docsSchema() }) };
