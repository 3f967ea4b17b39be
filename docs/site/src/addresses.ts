/** The page of an operation. Its id is the address: `/docs` of a server links to it. */
export function operationPath(operationId: string): string {
  return `/reference/${operationId}/`;
}

/** The page of an error code. The code is the address, so that whoever sees the code knows where to look. */
export function errorPath(code: string): string {
  return `/errors/${code}/`;
}

/** Where a header that several operations have is explained. */
export function headerPath(name: string): string {
  return `/reference/conventions/#${name.toLowerCase()}`;
}

/** A page as Markdown: `/errors/` is `/errors.md`, and the first page `/index.md`. */
export function markdownPath(path: string): string {
  return `${path.replace(/\/$/, '') || '/index'}.md`;
}

/** The server that samples speak to, and whose page to try operations on is linked; `LEADS_SERVER_URL` when the site is built. */
export const SERVER_URL = (process.env['LEADS_SERVER_URL'] ?? 'http://127.0.0.1:3000').replace(/\/$/, '');

/** An operation on the server's page to try it, as Swagger UI addresses it. */
export function tryItUrl(tag: string, operationId: string): string {
  return `${SERVER_URL}/docs/#/${tag.replaceAll(' ', '%20')}/${operationId}`;
}
