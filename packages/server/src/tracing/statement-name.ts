const NAMES = new Map<string, string>();
/** The first word that says what a statement does, and the first table or function that it does it to. */
const VERB = /^(?:\s|\/\*.*?\*\/)*(\w+)/;
const TARGET = /\b(?:from|into|update|join)\s+(?:only\s+)?([a-z_]+)/i;

/** What a statement is called in a trace: `select leads`, `select delete_leads`. Made once for each text. */
export function statementName(text: string): string {
  let name = NAMES.get(text);
  if (name === undefined) {
    const verb = VERB.exec(text)?.[1]?.toLowerCase() ?? 'statement';
    const target = TARGET.exec(text)?.[1];
    name = target === undefined ? verb : `${verb} ${target}`;
    NAMES.set(text, name);
  }
  return name;
}
