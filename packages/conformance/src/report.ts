import type { Result } from './run-conformance.ts';

/** How many checks had each outcome. */
export function countResults(results: readonly Result[]): Record<Result['outcome'], number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}

/** For people: what failed with its reason, what was skipped by reason, a table of the areas, and the totals. */
export function tableOf(results: readonly Result[]): string {
  const { passed, failed, skipped } = countResults(results);
  const reasons = results.flatMap(({ outcome, message }) => (outcome === 'skipped' ? [message] : []));
  return [
    ...results.filter(({ outcome }) => outcome === 'failed').map(({ name, message }) => `✗ ${name}\n    ${message}`),
    ...[...new Set(reasons)].map((reason) => `- ${reasons.filter((each) => each === reason).length} skipped: ${reason}`),
    row('', ['passed', 'failed', 'skipped']),
    ...[...new Set(results.map(({ area }) => area))].map((area) =>
      row(area, Object.values(countResults(results.filter((each) => each.area === area)))),
    ),
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n');
}

function row(area: string, cells: readonly (string | number)[]): string {
  return `  ${area.padEnd(20)}${cells.map((cell) => String(cell).padStart(9)).join('')}`;
}

/** The results as JUnit's XML, which CI systems read. */
export function junitOf(results: readonly Result[]): string {
  const { failed, skipped } = countResults(results);
  const cases = results.map(({ area, name, outcome, message, milliseconds }) => {
    const inner = outcome === 'passed' ? '' : `<${outcome === 'failed' ? 'failure' : 'skipped'} message="${escaped(message ?? '')}"/>`;
    return `  <testcase classname="${escaped(area)}" name="${escaped(name)}" time="${milliseconds / 1000}">${inner}</testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="Leads API conformance" tests="${results.length}" failures="${failed}" skipped="${skipped}">`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return (
    text
      // XML has no way to write most control characters.
      .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '�')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;')
  );
}
