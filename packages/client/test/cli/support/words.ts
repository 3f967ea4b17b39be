/** The arguments of a call of `leads`, as a shell would make them of it. */
export function wordsOf(call: string): string[] {
  const words = call.replace(/ > .*$/, '').match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)!;
  return words.slice(1).map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}
