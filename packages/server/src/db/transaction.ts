import { type Database, transact } from './database.ts';

const TRIES = 5;
/** PostgreSQL's codes of a transaction that it gave up in favour of another: nothing of it happened. */
const GIVEN_UP = new Set(['40001', '40P01']);

/** Runs what must hold together, in a transaction of its own or in the one that is given; repeats it where PostgreSQL gave it up. */
export function inTransaction<Result>(db: Database, work: (transaction: Database) => Promise<Result>): Promise<Result> {
  if (db.isTransaction) return work(db);
  return retrying(db, () => transact(db, work));
}

/** Runs one statement, and repeats it where PostgreSQL gave it up; inside of a transaction, that is for the transaction to do. */
export async function retrying<Result>(db: Database, work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (db.isTransaction || tries === TRIES || !GIVEN_UP.has((error as { code?: string }).code!)) throw error;
    }
  }
}
