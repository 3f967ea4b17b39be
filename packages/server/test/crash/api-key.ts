import { newApiKey } from '../../src/auth/api-key.ts';

/** The key of the first workspace of every database that is made here. */
export const API_KEY = newApiKey();
