import { fromHtml } from 'hast-util-from-html';
import { defaultHandlers, type Handle, type State, toMdast } from 'hast-util-to-mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';
import { markdownPath } from './addresses.ts';

/** A page of the site as Markdown. */
export interface Page {
  readonly path: string;
  /** Its address as Markdown. */
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
}

const nothing: Handle = () => undefined;
const HANDLERS: Record<string, Handle> = {
  // Controls, and pictures that the text beside them says as well.
  input: nothing,
  label: nothing,
  legend: nothing,
  svg: nothing,
  figure: nothing,
  footer: nothing,
  // A line that can be broken, and a part that is called something, are text.
  wbr: nothing,
  // A table cannot stand in the cell of another one.
  details: (state, node, parent) =>
    (parent?.type === 'element' && parent.tagName === 'td' ? rowsInLine(state, node) : state.all(node)) as never,
  summary: nothing,
  div: (state, node) => {
    const label = node.properties['dataLabel'];
    const content = defaultHandlers.div(state, node) as never;
    if (typeof label !== 'string') return content;
    return [
      { type: 'paragraph', children: [{ type: 'strong', children: [{ type: 'text', value: label }] }] },
      ...[content].flat(),
    ] as never;
  },
  pre: (state, node) => {
    const lang = node.properties['dataLanguage'];
    const code = defaultHandlers.pre(state, node) as { lang?: string | null };
    if (typeof lang === 'string') code.lang = lang;
    return code as never;
  },
};

/** The rows of the tables inside an element, one after the other, as text. */
function rowsInLine(state: State, { children }: Parameters<Handle>[1]): unknown[] {
  return children.flatMap((child) => {
    if (child.type !== 'element' || child.tagName === 'thead' || child.tagName === 'summary') return [];
    if (child.tagName !== 'tr') return rowsInLine(state, child);
    const cells = child.children.flatMap((cell) => (cell.type === 'element' ? [text(' '), ...state.all(cell)] : []));
    return [text(' ·'), ...cells];
  });
}

function text(value: string) {
  return { type: 'text', value } as const;
}

/** A finished page as Markdown: what stands in its `main`. */
export function pageAsMarkdown(path: string, html: string): Page {
  const main = /<main[^>]*>(.*)<\/main>/s.exec(html)![1]!.replace(/<(\w+)[^>]* data-copy="none".*?<\/\1>/gs, '');
  const tree = toMdast(fromHtml(main, { fragment: true }), { handlers: HANDLERS });
  const markdown = toMarkdown(tree, { extensions: [gfmToMarkdown({ tablePipeAlign: false })], bullet: '-', rule: '-', emphasis: '_' });
  return {
    path,
    file: markdownPath(path),
    title: attribute(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)![1]!),
    description: attribute(/<meta name="description" content="([^"]*)"/.exec(html)?.[1] ?? ''),
    text: markdown.replaceAll(
      /\]\((\/[^)#]*?)\/?(#[^)]*)?\)/g,
      (_, page: string, hash = '') => `](${/\.\w+$/.test(page) && !page.startsWith('/reference/') ? page : markdownPath(page)}${hash})`,
    ),
  };
}

function attribute(html: string): string {
  const [node] = fromHtml(html, { fragment: true }).children;
  return node?.type === 'text' ? node.value : html.replaceAll(/<[^>]*>/g, '');
}
