import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import starlightOpenApi, { openAPISidebarGroups } from 'starlight-openapi';
import { writeReferenceDocument } from './src/reference-document.ts';

// Without scripts no picker can be operated, so everything that a picker hides is shown, and the controls that would do
// nothing are not.
const WITHOUT_SCRIPTS = `<style>
main [hidden] { display: block !important; }
main select, main select + svg, starlight-theme-select, site-search { display: none !important; }
</style>`;

export default defineConfig({
  // Astro's default drops a line break before a link, and with it the space between two words.
  compressHTML: true,
  integrations: [
    starlight({
      title: 'Leads API',
      description: 'The reference of the Leads API: operations, errors and guides.',
      favicon: '/favicon.svg',
      customCss: ['./src/styles/site.css'],
      markdown: { processedDirs: ['../guides'] },
      head: [{ tag: 'noscript', content: WITHOUT_SCRIPTS }],
      plugins: [
        starlightOpenApi([
          {
            base: 'reference',
            schema: await writeReferenceDocument(),
            sidebar: { label: 'Operations', collapsed: false, operations: { badges: true } },
          },
        ]),
      ],
      sidebar: [
        { label: 'Start here', link: '/' },
        {
          label: 'Guides',
          items: [
            'guides/authentication',
            'guides/pagination',
            'guides/deleting-leads',
            'guides/client',
            'guides/command-line',
            'guides/building-against-the-mock',
            'guides/other-tools',
            'guides/evolution',
            'guides/published-samples',
            'guides/running-in-production',
          ],
        },
        ...openAPISidebarGroups,
        { label: 'Errors', link: '/errors/' },
      ],
    }),
  ],
});
