const { PATH = '', TMPDIR, NODE_COMPILE_CACHE } = process.env;

/** For a program that is to see nothing else of this environment: where programs and temporary files are, and what is compiled already. */
export const BARE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH,
  ...(TMPDIR && { TMPDIR }),
  ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
};
