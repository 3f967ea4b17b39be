import { QueryClient } from '@tanstack/react-query';
import { retryAfterMs } from './retry-after.ts';

const TRIES = 3;

/** Makes the cache of what was read. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The client has tried again by itself. What is left is to wait as long as the API asks.
        retry: (failures, error) => failures < TRIES && retryAfterMs(error) !== null,
        retryDelay: (_, error) => retryAfterMs(error)!,
        // A page without a network says so.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}
