/**
 * Makes the ready-made database that a fresh data directory is copied from, so that the first start
 * takes no longer than the others. Run after the dependencies are installed; does nothing when the
 * snapshot of the installed PGlite version is there.
 */
import { buildSnapshot } from '../src/db/embedded/fresh-database.ts';

await buildSnapshot();
