'use strict';
/* Draws the page of benchmarks from the figures in it. Times in figures are seconds, unless their names end in ns. */
(() => {
  const page = JSON.parse(document.getElementById('figures').textContent);
  const main = document.getElementById('page');

  const seconds = s => time(s * 1e9);
  const times = factor => factor === null ? '–' : factor.toFixed(2);
  const or = (value, write) => value === null || value === undefined ? '–' : write(value);

  /** Systems have the colours of the style, again from the first where there are more systems. */
  const COLOURS = 12;
  const colourName = index => 'system-' + index % COLOURS;
  const systemColour = index => colour(colourName(index));
  /** For elements, which change with the theme by themselves. */
  const systemVariable = index => `var(--${colourName(index)})`;

  /** A cell of a table with a bar below it. */
  function bar(text, share, index) {
    const line = h('span.bar');
    line.style.width = Math.max(1, 100 * Math.min(1, share)) + '%';
    line.style.background = systemVariable(index);
    return h('td', text, line);
  }

  /** The head of a column of words. */
  const WORDS = 'what it is';

  function table(heads, rows) {
    return h('div.scroll', h('table', h('thead', h('tr', heads.map(head => h(head === WORDS ? 'th.words' : 'th', head)))), h('tbody', rows)));
  }

  // ---------------------------------------------------------------- all cases

  function means() {
    const heads = ['system', `time / ${page.base}`, ...(page.has_floor ? ['time / floor'] : []), `peak memory / ${page.base}`, WORDS];
    const worst = Math.max(...page.systems.map(({mean}) => mean ?? 0));
    const row = (system, index) => {
      const [ratio, floor, memory] = system.means.map(mean => mean ?? '–');
      return h('tr', bar(system.name, (system.mean ?? 0) / worst, index), h('td', ratio), page.has_floor ? h('td', floor) : null, h('td', memory), h('td.words', system.about));
    };
    return card('All cases', `Geometric means of ratios, and how many cases they are of: those that both systems got through. Means over different cases do not compare.`,
      table(heads, page.systems.map(row)));
  }

  // ---------------------------------------------------------------- one case

  const HEADS = ['system', 'time', '95 %', `/ ${page.base}`, ...(page.has_floor ? ['/ floor'] : []), 'peak memory', 'p99 operation', 'p99.9', 'worst operation', 'worst pause'];

  function row(one, cell, index, slowest) {
    const name = page.systems[index].name;
    if (cell.absence) return h('tr', h('td', name), h('td.words' + (cell.is_failure ? '.worse' : '.faint'), {colspan: String(HEADS.length - 1)}, cell.absence));
    const interval = cell.seconds.interval;
    return h('tr', bar(name, cell.seconds.median / slowest, index), h('td', seconds(cell.seconds.median)),
      h('td', interval ? interval.map(seconds).join(' – ') : '–'), h('td', or(cell.ratio, times)),
      page.has_floor ? h('td', or(cell.above_floor, times)) : null, h('td', or(cell.peak_bytes, bytes)),
      ['p99_ns', 'p999_ns', 'worst_ns'].map(name => h('td', cell.latency ? time(cell.latency[name]) : '–')), h('td', or(cell.worst_pause_ns, time)));
  }

  /** Points of systems on logarithmic axes: `points[system]` is a list of [x, y]. */
  function logChart(title, note, points, {x, y, lines}) {
    const shown = points.map((list, index) => [index, list]).filter(([, list]) => list.length);
    if (!shown.length) return null;
    const xs = [...new Set(shown.flatMap(([, list]) => list.map(([at]) => at)))].sort((a, b) => a - b);
    const spread = values => [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
    const columns = shown.map(([, list]) => { const at = new Map(list); return xs.map(x => at.has(x) ? at.get(x) : undefined); });
    const element = chart({
      data: [xs, ...columns],
      hint: i => [x.say(xs[i]), ...shown.map(([index], n) => columns[n][i] === undefined ? '' : `${page.systems[index].name}: ${y.say(columns[n][i])}`)].filter(Boolean).join('\n'),
      legend: () => shown.map(([index]) => [page.systems[index].name, systemVariable(index)]),
      options: () => ({
        cursor: {drag: {x: false, y: false}},
        scales: {x: {time: false, distr: 3, range: () => spread(xs)}, y: {distr: 3, range: () => spread(columns.flat().filter(value => value !== undefined))}},
        axes: [logLabels(x), logLabels(y)],
        series: [{}, ...shown.map(([index]) => ({stroke: systemColour(index), width: 2, spanGaps: true, paths: lines ? undefined : () => null,
          points: {show: true, size: lines ? 6 : 9, fill: systemColour(index), stroke: systemColour(index), width: 0}}))],
      }),
    });
    return card(title, note, element);
  }

  const isDigit = (split, digits) => digits.some(digit => Math.abs(split / 10 ** Math.floor(Math.log10(split * 1.0001)) / digit - 1) < 1e-6);
  /** Lines with labels: at 1 of each decade; where there are few decades, at 2 and 5 too; and where these are few, at each line. */
  function labelled(splits) {
    if (splits.at(-1) / splits[0] > 200) return splits.filter(split => isDigit(split, [1]));
    const round = splits.filter(split => isDigit(split, [1, 2, 5]));
    return round.length >= ENOUGH_LINES ? round : splits;
  }
  /** A logarithmic axis with labels at round values, or at these. */
  const logLabels = ({label, say, size, labels}) => logAxis(label, labels ? at => labels.get(at) : say, {
    size, filter: (plot, splits) => {
      const told = labels ? [...labels.keys()] : labelled(splits);
      return splits.map(split => told.includes(split) ? split : null);
    },
  });
  const SECONDS = {label: 'time', say: seconds, size: 64};
  const mebibytes = n => `${n < 10 ? n.toFixed(1) : Math.round(n)} MiB`;
  const MEMORY = {label: 'peak memory', say: mebibytes, size: 44};
  const mib = bytes => bytes / 1048576;

  function byMemory(one) {
    const points = one.cells.map(cell => cell.seconds && cell.peak_bytes ? [[mib(cell.peak_bytes), cell.seconds.median]] : []);
    return logChart('Time and memory', 'Each system once, as it comes: the lower the faster, the further left the smaller.', points, {x: MEMORY, y: SECONDS, lines: false});
  }

  /** Where shares of the operations stand, as one in so many; the longest of all stands behind them. */
  const RANKS = [['p50_ns', 2, '50 %', 'half of the operations are within'], ['p99_ns', 100, '99 %', '99 % are within'],
    ['p999_ns', 1000, '99.9 %', '99.9 % are within'], ['worst_ns', 1e4, 'worst', 'the longest of all takes']];

  function latencies(one) {
    const points = one.cells.map(({latency}) => latency ? RANKS.map(([name, at]) => [at, Math.max(1, latency[name])]) : []);
    const x = {label: 'operations', size: 44, say: at => RANKS.find(rank => rank[1] === at)[3], labels: new Map(RANKS.map(([, at, label]) => [at, label]))};
    return logChart('Latency of operations', 'Medians over the invocations, and the longest of all.', points, {x, y: {label: 'time', say: time, size: 64}, lines: true});
  }

  /** Curves over the heap in units of the smallest one, and over memory. */
  function curves(one) {
    const index = curve => page.systems.findIndex(({name}) => name === curve.system);
    const points = of => page.systems.map((_, system) => one.curves.filter(curve => index(curve) === system).flatMap(curve => curve.points.map(of).filter(([x, y]) => x && y)));
    const notes = one.curves.filter(({note, minimum_heap_bytes}) => note || minimum_heap_bytes).map(curve => h('li', h('b', curve.system), ': ',
      [curve.minimum_heap_bytes ? `the smallest heap is ${bytes(curve.minimum_heap_bytes)}` : '', curve.note || ''].filter(Boolean).join('; ')));
    const multiple = {label: 'heap / smallest heap', say: at => at.toFixed(2) + ' ×', size: 44};
    const charts = [
      logChart('Time by size of heap', 'The heap in units of the smallest with which the system gets through.', points(({multiple, seconds}) => [multiple, seconds]), {x: multiple, y: SECONDS, lines: true}),
      logChart('Time by memory', 'The same, and systems whose heap has a knob in place of a limit, over the peak memory of the process.', points(({peak_bytes, seconds}) => [peak_bytes && mib(peak_bytes), seconds]), {x: MEMORY, y: SECONDS, lines: true}),
    ];
    return one.curves.length ? [h('div.pair', charts.filter(Boolean)), h('section.card', h('ul', notes))] : [];
  }

  function part(one) {
    const slowest = Math.max(...one.cells.map(cell => cell.seconds ? cell.seconds.median : 0));
    return [
      card(one.name, one.what, table(HEADS, one.cells.map((cell, index) => row(one, cell, index, slowest)))),
      h('div.pair', byMemory(one), latencies(one)),
      ...curves(one),
    ];
  }

  // ---------------------------------------------------------------- the machine

  function hardware({limits, reaches}) {
    const rows = limits.map(cells => h('tr', cells.map(text => h('td', text))));
    const near = reaches.map(cells => h('tr', cells.map(text => h('td', text))));
    return h('div.pair',
      card('The machine', 'What one thread can do at most, by the best of several tries in this run.', table(['what', ''], rows)),
      near.length ? card('How near Tenure comes', 'Times that the machine would need for the bytes or the objects alone.', table(['phase', 'Tenure', 'against', 'the machine', 'times'], near)) : null);
  }

  followTheSystem(drawAll);
  main.replaceChildren(...[
    h('header.top', h('div', h('h1', 'Benchmarks'), h('p.faint', `${page.systems.length} systems, ${page.cases.length} cases · Tenure ${page.version}`)), h('span.space'), themeButton()),
    means(), ...page.cases.flatMap(part), page.hardware ? hardware(page.hardware) : null,
    card('How this was measured', '', h('ul', page.provenance.map(line => h('li', line)))),
  ].filter(Boolean));
  // For tests, and for whoever looks in with the browser's tools.
  window.tenure = {page, charts: () => charts.map(one => one.plot)};
  drawAll();
})();
