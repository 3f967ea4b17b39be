/** A line of the contract's prose as HTML: its only Markdown is `code`. */
export function inlineMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
