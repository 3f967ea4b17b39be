#!/usr/bin/env node
/** `leads`: the command line of the Leads API. */
import { run } from './run.ts';

const interruption = new AbortController();
process.on('SIGINT', () => {
  // Who presses Ctrl-C again does not want to wait for a clean end.
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort();
});
// Also where it is the last thing that is written to: nobody is there to be told.
process.stderr.on('error', () => {});

const { stdin, stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), { stdin, stdout, stderr, env, now: () => new Date(), interruption });
// A terminal that was read from keeps the process.
stdin.unref?.();
