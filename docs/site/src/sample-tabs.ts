// A line that ends with a colon, and the sample that it is about; several, one after the other.
const SAMPLE = String.raw`<p>((?:(?!</p>).)*):</p>\s*(<pre\b[^>]* data-language="(\w+)"(?:(?!</pre>).)*</pre>)\s*`;
const RUN = new RegExp(`(?:${SAMPLE.replaceAll(/\((?!\?)/g, '(?:')}){2,}`, 'gs');
const LABELS: Readonly<Record<string, string>> = { sh: 'curl', js: 'JavaScript', ts: 'TypeScript', python: 'Python' };
/** A line that says nothing but the language. */
const LANGUAGE_ONLY = /^(?:In|With) \w+$/;

/** The HTML of a guide, with samples of the same in several languages as tabs, like those of an operation. */
export function withSampleTabs(html: string): string {
  let group = 0;
  return html.replaceAll(RUN, (run) => {
    const samples = [...run.matchAll(new RegExp(SAMPLE, 'gs'))].map(([, about, pre, lang]) => ({ about: about!, pre: pre!, lang: lang! }));
    if (new Set(samples.map(({ lang }) => lang)).size < samples.length) return run;
    group++;
    const tabs = samples.map(({ about, pre, lang }, place) => {
      const label = LABELS[lang] ?? lang;
      const id = `samples-${group}-${place}`;
      const told = LANGUAGE_ONLY.test(about) ? '' : `<p class="caption">${about}:</p>`;
      return `<input type="radio" name="samples-${group}" id="${id}" data-language="${label}"${place === 0 ? ' checked' : ''}><label for="${id}">${label}</label><div class="panel" data-label="${label}">${told}${pre}</div>`;
    });
    return `<div class="card samples not-content"><fieldset class="tabs"><legend class="sr-only">Language of the sample</legend>${tabs.join('')}</fieldset></div>`;
  });
}
