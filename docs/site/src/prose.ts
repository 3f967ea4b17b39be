import { micromark } from 'micromark';

/** The contract's prose, which is Markdown, as HTML. */
export function prose(text: string): string {
  return micromark(text);
}

/** A line of the contract's prose as HTML, without a paragraph around it. */
export function inlineProse(text: string): string {
  return prose(text).replace(/^<p>|<\/p>$/g, '');
}

/** The first sentence of a text. */
export function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, '.') ?? text;
}
