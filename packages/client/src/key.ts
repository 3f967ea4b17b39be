import { API_KEY_PREFIX } from './constants.generated.ts';

/** Why a text cannot be an API key, or null where it can; it never quotes it. Not the whole form of a key: the mock takes short ones. */
export function keyProblem(apiKey: string): string | null {
  if (/^\s|\s$/.test(apiKey)) return 'it has white space or a line break around it';
  return new RegExp(`^${API_KEY_PREFIX}[!-~]+$`).test(apiKey) ? null : `it must be ${API_KEY_PREFIX}… and one word`;
}

/** A text without the API keys that somebody may have written into it. */
export function withoutKeys(text: string): string {
  return text.replaceAll(new RegExp(`${API_KEY_PREFIX}[\\w-]+`, 'g'), `${API_KEY_PREFIX}…`);
}
