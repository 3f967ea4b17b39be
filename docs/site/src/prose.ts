import { micromark } from 'micromark';

/** The contract's prose, which is Markdown, as HTML. */
export function prose(text: string): string {
  return micromark(text);
}

/** A line of the contract's prose as HTML, without a paragraph around it. */
export function inlineProse(text: string): string {
  return prose(text).replace(/^<p>|<\/p>$/g, '');
}

/** The sentences that a text begins with, up to 200 characters; at least one. */
export function opening(text: string): string {
  let opened = '';
  for (const [sentence] of text.matchAll(/.+?[.](?=\s|$)\s*|.+$/gs)) {
    if (opened !== '' && opened.length + sentence.length > 200) break;
    opened += sentence;
  }
  return opened.trim();
}

/** The first sentence of a text, or what stands before a sample. */
export function firstSentence(text: string): string {
  return /^.*?(?:[.](?=\s|$)|:(?=\n))/s.exec(text)?.[0].replace(/:$/, '.') ?? text;
}
