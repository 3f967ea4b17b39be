#!/usr/bin/env node
import { explainStart } from '../start-error.ts';
import { diagnose } from './diagnose.ts';

const USAGE = `Says whether the server's settings, database, version, clock, disk, deleted rows, backlog and audit log are as
they should be, and what to do where they are not; then it ends with 1. It changes nothing, and works while the server runs, too.

  npx leads-doctor

It uses the server's settings: DATABASE_URL, else LEADS_DATA_DIR.`;

if (process.argv.length > 2) {
  console.error(USAGE);
  process.exitCode = process.argv.includes('--help') ? 0 : 2;
} else {
  try {
    const findings = await diagnose(process.env);
    const width = Math.max(...findings.map(({ about }) => about.length));
    for (const { about, says, remedy } of findings) {
      console.log(`${remedy ? 'WRONG' : 'ok   '}  ${about.padEnd(width)}  ${says}`);
      if (remedy) console.log(`${' '.repeat(width + 9)}→ ${remedy}`);
    }
    const wrong = findings.filter(({ remedy }) => remedy).length;
    console.log(
      wrong === 0 ? '\nAll is as it should be.' : `\n${wrong} of ${findings.length} ${wrong === 1 ? 'is' : 'are'} not as it should be.`,
    );
    process.exitCode = wrong === 0 ? 0 : 1;
  } catch (error) {
    console.error(explainStart(error));
    process.exitCode = 1;
  }
}
