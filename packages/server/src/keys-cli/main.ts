#!/usr/bin/env node
import { ConfigError, readSettings } from '../config.ts';
import { useServerDatabase } from '../db/use-server-database.ts';
import { newId } from '../ids.ts';
import { readArguments, UsageError } from './arguments.ts';
import { runKeysCommand } from './run-keys-command.ts';
import { explainStart } from '../start-error.ts';

try {
  const command = readArguments(process.argv.slice(2), new Date());
  const { stdout, stderr } = await useServerDatabase(readSettings(process.env), (db) =>
    runKeysCommand({ db, now: () => new Date(), newId }, command),
  );
  console.log(stdout);
  if (stderr !== undefined) console.error(stderr);
} catch (error) {
  const expected = error instanceof UsageError || error instanceof ConfigError;
  console.error(error instanceof UsageError ? error.message : explainStart(error));
  process.exitCode = expected ? 2 : 1;
}
