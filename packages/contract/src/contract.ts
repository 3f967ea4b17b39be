import { apiKeys } from './api-keys/contract.ts';
import { c } from './http/operation.ts';
import { leads } from './leads/contract.ts';

/** The Leads API: everything else in this repository is built from it. */
export const contract = c.router({ leads, apiKeys });
