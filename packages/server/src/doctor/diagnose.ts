import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { ConfigError, readSettings, type Settings } from '../config.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { compareSchema } from '../db/migrate.ts';
import { connectToServerDatabase } from '../db/use-server-database.ts';
import { explainStart } from '../start-error.ts';
import { auditHeads, backlog, clock, connections, deletedRows, disk, durability, extensions, type Finding, version } from './checks.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Says of each part of a server whether it is as it should be. It changes nothing: it makes no database, and brings none up to
 * date. `now` is the clock of this machine.
 */
export async function diagnose(environment: Environment, now: () => Date = () => new Date()): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => ({ about: 'settings', says: line, remedy: 'Correct the environment variable.' }));
  }
  const valid: Finding = { about: 'settings', says: 'valid' };
  if (!settings.DATABASE_URL && !existsSync(join(settings.LEADS_DATA_DIR, 'pgdata'))) {
    const says =
      settings.LEADS_DATA_DIR === 'memory'
        ? 'LEADS_DATA_DIR is memory: the database lives in the server, and ends with it'
        : `there is none in ${settings.LEADS_DATA_DIR} yet; the first start makes it`;
    return [valid, { about: 'database', says }];
  }
  return [valid, ...(await diagnoseDatabase(settings, now))];
}

async function diagnoseDatabase(settings: Settings, now: () => Date): Promise<Finding[]> {
  const start = performance.now();
  let server;
  try {
    server = await connectToServerDatabase(settings);
  } catch (error) {
    return [unusable(error)];
  }
  const db = openDatabase(server.connection, 1, () => {});
  try {
    const schema = await schemaOf(server.connection);
    const where = settings.DATABASE_URL
      ? 'PostgreSQL answers'
      : `embedded in ${settings.LEADS_DATA_DIR}${server.throughServer ? ', asked through the server that runs on it' : ', no server runs on it'}`;
    const found: Finding = { about: 'database', says: `${where} (${Math.round(performance.now() - start)} ms)` };
    const always = [found, await version(db), schema, await extensions(db, schema.isEmpty), await durability(db, settings)];
    const machine = [
      await connections(db, settings),
      await clock(db, now),
      await disk(db, settings),
      await deletedRows(db, settings, now()),
    ];
    // What follows reads tables of this version.
    const content = schema.isCurrent ? [await backlog(db, now()), await auditHeads(db)] : [];
    return [...always, ...machine, ...content];
  } catch (error) {
    return [unusable(error)];
  } finally {
    await close(db, server.close);
  }
}

async function schemaOf(connection: pg.ClientConfig): Promise<Finding & { readonly isEmpty: boolean; readonly isCurrent: boolean }> {
  const { isEmpty, missing, unknown, changedFunctions } = await compareSchema(connection);
  if (isEmpty) return { about: 'schema', says: 'the database is empty; the first start fills it', isEmpty, isCurrent: false };
  if (unknown.length > 0)
    return {
      about: 'schema',
      says: `a later version has changed the database (${unknown.join(', ')})`,
      remedy: 'Run that version, or a later one; this one would use the database in a way it was not made for.',
      isEmpty,
      isCurrent: false,
    };
  const pending = [...missing, ...(changedFunctions > 0 ? [`functions: ${changedFunctions}`] : [])];
  if (pending.length > 0)
    return {
      about: 'schema',
      says: `of an earlier version; the next start brings it up to date: ${pending.join(', ')}`,
      isEmpty,
      isCurrent: false,
    };
  return { about: 'schema', says: 'of this version', isEmpty, isCurrent: true };
}

function unusable(error: unknown): Finding {
  return { about: 'database', says: explainStart(error), remedy: 'See that it runs and that these settings lead to it, then ask again.' };
}

async function close(db: Database, disconnect: () => Promise<void>): Promise<void> {
  await db.destroy();
  await disconnect();
}
