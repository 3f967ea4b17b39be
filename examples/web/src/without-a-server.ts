import { leadsHandlers } from '@leads/mock/msw';
import { setupWorker } from 'msw/browser';

/** Answers every call of the page in the browser, with the examples of the contract. */
export async function startWorker(): Promise<void> {
  await setupWorker(...leadsHandlers()).start({ quiet: true });
}
