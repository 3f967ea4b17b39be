import { ERRORS } from '@leads/contract';
import { defineMiddleware } from 'astro:middleware';
import { errorPath, operationPath } from './addresses.ts';
import { OPERATIONS } from './openapi/document.ts';
import { withSampleTabs } from './sample-tabs.ts';
import { fileOf, pageOf } from './source-files.ts';

const PAGES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(ERRORS).map((code) => [code, errorPath(code)])),
  ...Object.fromEntries(OPERATIONS.map(({ operationId }) => [operationId, operationPath(operationId)])),
};
// Links are matched to be left alone.
const CODE = /<a\b.*?<\/a>|<code[^>]*>([\w.]+)<\/code>/gs;
const LINK = /<a href="(?![a-z]+:|[/#])([^"]+)"([^>]*)>(.*?)<\/a>/gs;

/**
 * Links every error code and every operation in the text to its page, and every link of a file to another file of the
 * repository to that file's page; where the site has none, only the text stays. Done on the finished page, for all that is written in Markdown.
 */
export const onRequest = defineMiddleware(async ({ url }, next) => {
  const response = await next();
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  const file = fileOf(url.pathname);
  let html = await response.text();
  html = html.replaceAll(/<table>.*?<\/table>/gs, withHeadings);
  if (file) {
    html = html.replace(LINK, (_, link: string, rest: string, text: string) => {
      const page = pageOf(link, file);
      return page ? `<a href="${page}"${rest}>${text}</a>` : text;
    });
    // Markdown has no other way to leave a corner of a table empty.
    html = html.replaceAll(/<th[^>]*><\/th>/g, '<td></td>');
    html = withSampleTabs(html);
  }
  html = html.replace(CODE, (code, name = '') =>
    PAGES[name] && PAGES[name] !== url.pathname ? `<a href="${PAGES[name]}">${code}</a>` : code,
  );
  return new Response(html, response);
});

/** Each cell names the heading of its column, for screens on which it does not stand below it. */
function withHeadings(table: string): string {
  const headings = [...table.matchAll(/<th\b[^>]*>(.*?)<\/th>/gs)].map(([, heading]) => heading!.replaceAll(/<[^>]*>/g, ''));
  return table.replaceAll(/<tr>.*?<\/tr>/gs, (row) => {
    let column = 0;
    return row.replaceAll(/<td\b/g, (cell) => {
      const heading = headings[column++];
      return heading ? `${cell} data-heading="${heading.replaceAll('"', '&quot;')}"` : cell;
    });
  });
}
