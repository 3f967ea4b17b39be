import { docsSchema } from '@astrojs/starlight/schema';
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';

/** The guides, read where they are written so that the repository and the site cannot disagree. */
export const collections = {
  docs: defineCollection({
    loader: glob({ base: '../guides', pattern: '*.md', generateId: ({ entry }) => `guides/${entry.replace(/\.md$/, '')}` }),
    schema: docsSchema(),
  }),
};
