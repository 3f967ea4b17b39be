import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

let hasRequests: boolean | undefined;

/** Skips a test where Python or its package `requests` is missing; in CI that is a failure. */
export function requirePythonRequests(context: TestContext): void {
  hasRequests ??= spawnSync('python3', ['-c', 'import requests']).status === 0;
  if (hasRequests) return;
  const reason = 'python3 with the package requests is not installed';
  if (process.env.CI === 'true') throw new Error(reason);
  context.skip(reason);
}
