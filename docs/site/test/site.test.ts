import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ERRORS } from '@leads/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { operationPath } from '../src/operation-path.ts';

const SITE = fileURLToPath(new URL('../', import.meta.url));
const DIST = join(SITE, 'dist');
// Any path below it is a page or a file of the site.
const ORIGIN = 'http://site.invalid';

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, { readonly name?: string; readonly value?: unknown; readonly content?: Content }>>;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly { readonly name?: string; readonly $ref?: string }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, { readonly $ref?: string; readonly content?: Content }>;
}
type Content = Record<string, { readonly examples: Record<string, { readonly $ref?: string; readonly value?: unknown }> }>;

const document = JSON.parse(await readFile(new URL('../../openapi.json', import.meta.url), 'utf8')) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const pages = new Map<string, string>();

beforeAll(async () => {
  // The test runner's own variables (DEV, MODE, NODE_ENV) would make it a development build, without search.
  const { PATH, HOME } = process.env;
  await promisify(execFile)('npm', ['run', 'build'], { cwd: SITE, env: { PATH, HOME } });
  for await (const file of glob('**/*.html', { cwd: DIST })) {
    pages.set(`/${file.replace(/index\.html$/, '')}`, await readFile(join(DIST, file), 'utf8'));
  }
}, 120_000);

describe('every operation of openapi.json has a page that can be read without scripts', () => {
  it.each(operations)('$method $path', ({ path, method, operation }) => {
    const page = textOf(pages.get(operationPath(operation.operationId)) ?? '');
    const expected = [
      method.toUpperCase(),
      path,
      operation.summary,
      ...operation.parameters.map((parameter) => resolve(parameter).name!),
      ...Object.keys(operation.responses),
    ];
    for (const text of expected) expect(page).toContain(text);
    for (const content of [
      operation.requestBody?.content,
      ...Object.values(operation.responses).map((response) => resolve(response).content),
    ]) {
      for (const { examples } of Object.values(content ?? {})) {
        for (const example of Object.values(examples)) {
          const { value } = resolve(example);
          expect(withoutSpace(page)).toContain(withoutSpace(typeof value === 'string' ? value : JSON.stringify(value)));
        }
      }
    }
  });
});

describe('the errors page', () => {
  it('lists exactly the codes of the registry, each under its own anchor', () => {
    const page = pages.get('/errors/')!;
    const listed = [...page.matchAll(/data-error-code="([^"]*)"/g)].map(([, code]) => code);
    expect(listed).toEqual(Object.keys(ERRORS));
    for (const code of listed) expect(page).toContain(`<h3 id="${code}"`);
  });

  it.each(Object.entries(ERRORS))('says status, message and remedy of %s', (code, { status, message, remedy }) => {
    const section = textOf(pages.get('/errors/')!.split(`data-error-code="${code}"`)[1]!.split('</section>')[0]!);
    for (const text of [String(status), message, remedy.replaceAll('`', '')]) expect(withoutSpace(section)).toContain(withoutSpace(text));
  });
});

it('every guide of docs/guides has a page', async () => {
  for await (const file of glob('*.md', { cwd: join(SITE, '../guides') })) {
    expect([...pages.keys()]).toContain(`/guides/${file.replace(/\.md$/, '')}/`);
  }
});

it('every page has the search, and the search has its index', () => {
  for (const [path, html] of pages) expect(html, path).toContain('id="starlight__search"');
  expect(existsSync(join(DIST, 'pagefind/pagefind-entry.json'))).toBe(true);
});

it('no page, style or script calls an outside host', async () => {
  const outside: string[] = [];
  // `new URL("https://…")` only parses: it is how the search reads the addresses of the pages.
  const reference =
    /(?:\b(?:src|srcset|href|action|poster|from)\s*[=:]?\s*|(?<!new )url\(\s*|@?import\s*\(?\s*|fetch\(\s*)["'`]?((?:https?:)?\/\/[\w-]+\.[^"'`\s)]*)/gi;
  for await (const file of glob('**/*.{html,css,js}', { cwd: DIST })) {
    const text = await readFile(join(DIST, file), 'utf8');
    for (const [, url] of text.matchAll(reference)) outside.push(`${file}: ${url}`);
  }
  expect(outside).toEqual([]);
});

it('every internal link leads to a page, and to an anchor that it has', () => {
  const broken: string[] = [];
  for (const [path, html] of pages) {
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const url = new URL(target!.replaceAll('&#38;', '&'), ORIGIN + path);
      if (url.origin !== ORIGIN) continue;
      const page = pages.get(url.pathname);
      const found = page
        ? url.hash === '' || page.includes(` id="${url.hash.slice(1)}"`)
        : existsSync(join(DIST, url.pathname)) && !url.pathname.endsWith('/');
      if (!found) broken.push(`${path}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

function resolve<Value extends object>(value: Value & { readonly $ref?: string }) {
  if (value.$ref === undefined) return value as Value & { name?: string; value?: unknown; content?: Content };
  const [, , kind, name] = value.$ref.split('/');
  return document.components[kind!]![name!]!;
}

function textOf(html: string): string {
  return html
    .replace(/<(script|style)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);|&#x([\da-f]+);/gi, (_, decimal: string, hex: string) =>
      String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)),
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
