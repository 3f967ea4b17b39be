import { createCssVariablesTheme, createHighlighter } from 'shiki';
import { escapeHtml } from './html.ts';

const LANGUAGES = ['json', 'sh', 'ts', 'js', 'python'] as const;
const THEME = createCssVariablesTheme();
const highlighter = await createHighlighter({ langs: [...LANGUAGES], themes: [THEME] });

// A class of one letter for each kind of token: a colour on each would make a page several times as large.
const CLASSES: Readonly<Record<string, string>> = {
  '--shiki-token-keyword': 'k',
  '--shiki-token-constant': 'n',
  '--shiki-token-string': 's',
  '--shiki-token-string-expression': 's',
  '--shiki-token-comment': 'c',
  '--shiki-token-function': 'f',
  '--shiki-token-parameter': 'p',
};

/** Code as HTML, its tokens in `<i>` with a class for their kind. An unknown language is shown as it is. */
export function highlight(code: string, lang: string): string {
  const known = LANGUAGES.find((language) => language === lang);
  if (!known) return escapeHtml(code);
  return highlighter.codeToTokensBase(code, { lang: known, theme: THEME }).map(lineAsHtml).join('\n');
}

function lineAsHtml(tokens: readonly { readonly content: string; readonly color?: string }[]): string {
  let html = '';
  let open: string | undefined;
  for (const { content, color = '' } of tokens) {
    const kind = content.trim() === '' ? open : CLASSES[color.slice('var('.length, -1)];
    if (kind !== open) html += (open ? '</i>' : '') + (kind ? `<i class="${kind}">` : '');
    open = kind;
    html += escapeHtml(content);
  }
  return open ? `${html}</i>` : html;
}
