import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Job, Result } from './load.ts';

/** The process that makes the load: one for the whole run, so that it is warm whoever it measures. */
export class Client {
  readonly #process: ChildProcess = fork(new URL('./load-process.ts', import.meta.url), { serialization: 'advanced' });

  /** @throws where a request did not succeed: then the figures would mean nothing. */
  async run(job: Job): Promise<Result> {
    this.#process.send(job);
    const [result] = (await once(this.#process, 'message')) as [Result];
    if (result.failure !== undefined) throw new Error(`A request to ${job.origin} failed: ${result.failure}`);
    return result;
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill();
    await exited;
  }
}
