/*
 * Draws the curves of a page with uPlot over the drawing that the server sent, which stays when
 * this cannot. <figure data-curve="ADDRESS"> names JSON of schema assay/curve/v1:
 * { x: { unit: 's' | 'B', values }, lines: [{ name, unit, values }],
 * band: { name, low, high } }, where a band may be missing.
 */

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colors = ['--mark-curve', '--mark-lost', '--mark-won', '--mark-possible'];

function load(tag, fields) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(tag), fields);
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

const powers = ['', 'K', 'M', 'G', 'T'];

/* 1024 -> "1 KiB", 2.5e9 of "B/s" -> "2.5 GB/s" */
function amount(value, unit, base) {
  if (value === null || value === undefined) return '–';
  let power = 0;
  while (Math.abs(value) >= base && power < powers.length - 1) {
    value /= base;
    power++;
  }
  const digits = Number(value.toPrecision(4)).toString();
  return `${digits} ${powers[power]}${base === 1024 && power ? 'i' : ''}${unit}`;
}

function options(curve, width) {
  const isTime = curve.x.unit === 's';
  const bytes = curve.x.unit === 'B';
  const unit = curve.lines[0].unit;
  const axis = { stroke: css('--text-soft'), grid: { stroke: css('--line-rule'), width: 1 } };
  const series = [{ label: isTime ? 'time' : 'size', value: isTime ? undefined : (_, v) => amount(v, 'B', 1024) }];
  curve.lines.forEach((line, index) => {
    const stroke = css(colors[index % colors.length]);
    series.push({ label: line.name, stroke, width: 2, points: { show: line.values.length < 60 }, value: (_, v) => amount(v, line.unit, 1000) });
  });
  /* What is around the first line: two series without a stroke, and what lies between them. */
  const bands = [];
  if (curve.band) {
    for (const end of ['high', 'low'])
      series.push({ label: `${curve.band.name}, ${end}`, stroke: 'transparent', points: { show: false }, value: (_, v) => amount(v, unit, 1000) });
    bands.push({ series: [series.length - 2, series.length - 1], fill: `${css(colors[0])}30` });
  }
  return {
    width,
    height: 280,
    bands,
    scales: { x: { time: isTime, distr: bytes ? 3 : 1, log: 2 }, y: { range: (_, low, high) => [Math.min(0, low), high * 1.05 || 1] } },
    axes: [
      bytes ? { ...axis, values: (_, ticks) => ticks.map((v) => (v === null ? '' : amount(v, 'B', 1024))) } : axis,
      { ...axis, size: 80, values: (_, ticks) => ticks.map((v) => amount(v, unit, 1000)) },
    ],
    series,
  };
}

async function draw(figure) {
  const answer = await fetch(figure.dataset.curve);
  if (!answer.ok) return;
  const curve = await answer.json();
  if (curve.schema !== 'assay/curve/v1' || curve.x.values.length < 2) return;
  const place = document.createElement('div');
  place.className = 'plot';
  /* The table beside it says the same to who cannot see it. */
  place.setAttribute('aria-hidden', 'true');
  const still = figure.querySelector('svg');
  still?.replaceWith(place);
  if (!still) figure.prepend(place);
  const ends = curve.band ? [curve.band.high, curve.band.low] : [];
  const data = [curve.x.values, ...curve.lines.map((line) => line.values), ...ends];
  const plot = new uPlot(options(curve, place.clientWidth || 640), data, place);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: 280 })).observe(place);
}

const here = new URL('.', import.meta.url);
const ready = Promise.all([
  load('script', { src: new URL('uplot.js', here).href }),
  load('link', { rel: 'stylesheet', href: new URL('uplot.css', here).href }),
]);
/* A server that was built without uPlot sends none: the drawings stay. */
const draw_all = () => globalThis.uPlot && document.querySelectorAll('figure[data-curve]').forEach(draw);
ready.then(draw_all, () => {});
