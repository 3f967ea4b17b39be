import { ERRORS } from '@leads/contract';
import { defineMiddleware } from 'astro:middleware';

const CODE = new RegExp(`<code[^>]*>(${Object.keys(ERRORS).join('|')})</code>`, 'g');
const GUIDE_LINK = /href="([a-z-]+)\.md(#[^"]*)?"/g;

/**
 * Links every error code in the text to its entry on the errors page, and every guide's link to another guide's file to
 * that guide's page. Done on the finished page, because the reference's Markdown offers no plugin of its own.
 */
export const onRequest = defineMiddleware(async ({ url }, next) => {
  const response = await next();
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  let html = (await response.text()).replace(GUIDE_LINK, 'href="../$1/$2"');
  if (url.pathname !== '/errors/') html = html.replace(CODE, '<a href="/errors/#$1">$&</a>');
  return new Response(html, response);
});
