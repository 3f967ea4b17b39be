import starlight from '@astrojs/starlight';
import { defineConfig, fontProviders, passthroughImageService } from 'astro/config';
import { markdownCopies } from './src/integrations/markdown-copies.ts';
import { SIDEBAR } from './src/sidebar.ts';

// Without scripts the controls that need them would do nothing.
const WITHOUT_SCRIPTS = '<style>starlight-theme-select, site-search { display: none !important; }</style>';

export default defineConfig({
  // Astro's default drops a line break before a link, and with it the space between two words.
  compressHTML: true,
  fonts: [
    {
      name: 'Instrument Sans',
      cssVariable: '--font-text',
      provider: fontProviders.local(),
      options: {
        variants: [
          {
            weight: '400 700',
            style: 'normal',
            src: ['@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2'],
          },
        ],
      },
      fallbacks: ['system-ui', 'sans-serif'],
    },
  ],
  // One picture, made to the size it is shown in.
  image: { service: passthroughImageService() },
  markdown: { shikiConfig: { theme: 'css-variables' } },
  integrations: [
    starlight({
      title: 'Leads API',
      description: 'The reference of the Leads API: operations, errors and guides.',
      favicon: '/favicon.svg',
      customCss: ['theme', 'shell', 'prose', 'reference', 'home', 'print'].map((name) => `./src/styles/${name}.css`),
      components: {
        Head: './src/components/Head.astro',
        SiteTitle: './src/components/SiteTitle.astro',
        PageTitle: './src/components/PageTitle.astro',
        Footer: './src/components/Footer.astro',
      },
      // One look of code everywhere, from a tenth of the bytes.
      expressiveCode: false,
      markdown: { processedDirs: ['../guides'] },
      head: [{ tag: 'noscript', content: WITHOUT_SCRIPTS }],
      sidebar: SIDEBAR,
      pagination: false,
      disable404Route: true,
      routeMiddleware: './src/current-entry.ts',
    }),
    markdownCopies(),
  ],
});
