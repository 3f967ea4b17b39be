import { type Job, load } from './load.ts';

// A process of its own: the client must not share a thread with anything that it measures.
process.on('message', async (job: Job) => {
  process.send!(await load(job));
});
