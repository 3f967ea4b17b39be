/** How a command ends. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  key: 3,
  notFound: 4,
  conflict: 5,
  rateLimit: 6,
  connection: 7,
  someFailed: 8,
  interrupted: 130,
} as const;

/** The number that a command ends with. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each means, as `leads help` and the guide say it. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.failure, 'another failure'],
  [EXIT.usage, 'the command is not written right, or it needs --yes'],
  [EXIT.key, 'no API key, or it is refused'],
  [EXIT.notFound, 'not found'],
  [EXIT.conflict, 'changed, in use, or there already'],
  [EXIT.rateLimit, 'the rate limit is used up'],
  [EXIT.connection, 'no connection, or no answer in time'],
  [EXIT.someFailed, 'done, but some leads failed'],
  [EXIT.interrupted, 'interrupted'],
];

/** The class of an HTTP status of the API. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 400) return EXIT.usage;
  if (status === 401 || status === 403) return EXIT.key;
  if (status === 404) return EXIT.notFound;
  if (status === 409 || status === 412 || status === 422) return EXIT.conflict;
  if (status === 429) return EXIT.rateLimit;
  if (status === 408) return EXIT.connection;
  return EXIT.failure;
}
