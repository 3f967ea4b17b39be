import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Skips a test where Python or its package `requests` is missing; in CI that is a failure. */
export function requirePythonRequests(context: TestContext): void {
  if (spawnSync('python3', ['-c', 'import requests']).status === 0) return;
  const reason = 'python3 with the package requests is not installed';
  if (process.env.CI === 'true') throw new Error(reason);
  context.skip(reason);
}
