import { readFileSync } from 'node:fs';
import { ERRORS, JobStatusSchema, OPERATIONS } from '@leads/contract';
import { parse } from 'yaml';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../src/db/database.ts';
import { Metrics } from '../src/metrics/metrics.ts';
import { WorkersMetrics } from '../src/metrics/workers-metrics.ts';

const read = (file: string) => readFileSync(new URL(`../../../ops/${file}`, import.meta.url), 'utf8');
const alerts: { expr: string; alert: string; annotations: Record<string, string> }[] = parse(read('alerts.yaml')).groups.flatMap(
  ({ rules }: { rules: unknown[] }) => rules,
);
const dashboard = JSON.parse(read('grafana-dashboard.json'));
const panels: { title: string; gridPos: Record<string, number>; targets?: { expr: string }[] }[] = dashboard.panels;
const queries: string[] = dashboard.templating.list.flatMap(({ definition }: { definition?: string }) => definition ?? []);
const expressions = [
  ...alerts.map(({ expr }) => expr),
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ...queries,
];

/** What the values of a label may be, where they are the contract's. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  operation: [...OPERATIONS.map(({ id }) => id), 'none'],
  status: [...Object.values(ERRORS).map(({ status }) => String(status)), ...JobStatusSchema.options],
  code: ['', ...Object.keys(ERRORS)],
};

describe('dashboard and alert rules', () => {
  /** The names of a server's metrics. */
  const names = new Set<string>();
  beforeAll(async () => {
    const [database] = inject('databases');
    const db = openDatabase(database!.connection, database!.maxConnections, () => {});
    const metrics = new Metrics();
    metrics.watch(db, () => new Date());
    const text = `${await metrics.text()}\n${await new WorkersMetrics().text()}`;
    await db.destroy();
    for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm))
      for (const series of type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!]) names.add(series);
  });

  it('ask for metrics that a server tells, and for all that it tells of itself', () => {
    const asked = new Set(expressions.flatMap((expression) => expression.match(/\b(leads|nodejs|process)_[a-z_0-9]+/g) ?? []));
    expect([...asked].filter((name) => !names.has(name))).toEqual([]);
    const own = [...names].filter((name) => name.startsWith('leads_') && !/_(sum|count)$/.test(name));
    expect(own.filter((name) => !asked.has(name))).toEqual([]);
  });

  it('ask for operations, statuses and codes that there are', () => {
    for (const expression of expressions)
      for (const [, label, operator, quoted] of expression.matchAll(/(\w+)(=~|!~|!=|=)"((?:[^"\\]|\\.)*)"/g)) {
        const values = VALUES[label!];
        if (!values || quoted!.startsWith('$')) continue;
        const pattern = new RegExp(`^(${operator!.endsWith('~') ? quoted!.replaceAll('\\\\', '\\') : RegExp.escape(quoted!)})$`);
        expect(
          values.some((value) => pattern.test(value)),
          expression,
        ).toBe(true);
      }
  });

  it('say for each alert what it means and what to do, and put no panel on another', () => {
    for (const { alert, annotations } of alerts)
      expect(annotations, alert).toEqual({ summary: expect.any(String), runbook: expect.any(String) });
    const cells = panels.flatMap(({ gridPos: { x = 0, y = 0, w = 0, h = 0 } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
