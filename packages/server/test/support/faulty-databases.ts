import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { type Database, openDatabase } from '../../src/db/database.ts';
import type { Schema } from '../../src/db/schema.ts';

/** A database whose every statement fails with an error that means a bug and nothing passing. */
export function brokenDatabase(error: (query: CompiledQuery) => Error | Promise<Error>): Database {
  const connection: DatabaseConnection = {
    executeQuery: async (query) => {
      throw await error(query);
    },
    streamQuery: () => {
      throw new Error('not used');
    },
  };
  const done = async () => {};
  const driver: Driver = {
    init: done,
    acquireConnection: async () => connection,
    beginTransaction: done,
    commitTransaction: done,
    rollbackTransaction: done,
    releaseConnection: done,
    destroy: done,
  };
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** A database that nobody listens at. */
export function unreachableDatabase(): Database {
  return openDatabase({ host: '127.0.0.1', port: 1, user: 'nobody', database: 'nowhere' }, 1, () => {});
}
