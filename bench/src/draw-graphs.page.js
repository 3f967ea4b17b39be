/* global uPlot */

/** What Grafana writes for a value in one of its units, to three digits. */
function formatted(unit, value) {
  if (value === null) return '';
  const short = (number) => `${Number(number.toPrecision(3))}`;
  if (unit === 's') return value > 0 && value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
  if (unit === 'bytes') return `${short(value / 2 ** 20)} MiB`;
  if (unit === 'percentunit') return `${short(value * 100)} %`;
  return `${short(value)}${unit === 'reqps' ? '/s' : ''}`;
}

/** Draws the panels into this page: `unit` says how wide and high a place of their grid is, and what is left free in it, in pixels. */
globalThis.drawAll = ({ graphs, colours, unit }) => {
  const colourOf = (i) => colours[i % colours.length];
  for (const graph of graphs) {
    const { place, series } = graph;
    const section = document.createElement('section');
    const [width, height] = [place.w * unit.x - unit.gap, place.h * unit.y - unit.gap];
    section.style.cssText = `left:${place.x * unit.x + unit.gap}px;top:${place.y * unit.y + unit.gap}px;width:${width}px;height:${height}px`;
    document.body.append(section);
    if (place.h === 1) {
      section.className = 'row';
      section.textContent = graph.title;
      continue;
    }
    const heading = document.createElement('h2');
    heading.textContent = graph.title;
    const legend = document.createElement('p');
    for (const [i, { name }] of series.entries()) {
      const entry = document.createElement('span');
      const colour = document.createElement('i');
      colour.style.background = colourOf(i);
      entry.append(colour, name);
      legend.append(entry);
    }
    section.append(heading, legend);
    const times = [...new Set(series.flatMap(({ values }) => values.map(([at]) => at)))].toSorted((a, b) => a - b);
    const lines = series.map(({ values }) => {
      const known = new Map(values);
      return times.map((at) => known.get(at) ?? null);
    });
    const options = {
      width: width - 18,
      height: height - 50,
      legend: { show: false },
      cursor: { show: false },
      series: [{}, ...lines.map((_, i) => ({ stroke: colourOf(i), width: 1.5, points: { show: false } }))],
      axes: [{ size: 24 }, { size: 62, values: (_, ticks) => ticks.map((tick) => formatted(graph.unit, tick)) }],
      scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) * 1.1 || 1] } },
    };
    section.append(new uPlot(options, [times, ...lines]).root);
  }
};
