/**
 * After `npm ci`: takes away what the package `node` leaves behind once it has linked its program, 68 MB of C++ headers, which
 * nothing here compiles with.
 */
import { rmSync } from 'node:fs';

rmSync(new URL('../node_modules/node/node_modules', import.meta.url), { recursive: true, force: true });
