const { PATH, NODE_COMPILE_CACHE } = process.env;

/** For a program that is to see nothing else of this environment: where programs are, and what is compiled already. */
export const BARE_ENVIRONMENT = { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
