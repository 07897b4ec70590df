'use strict';
/* Draws the page from the figures in it. Each part of the page is a function that returns an element; charts are uPlot's.
   Times are nanoseconds, sizes bytes. */
(() => {
  const page = JSON.parse(document.getElementById('figures').textContent);
  const main = document.getElementById('page');

  // ---------------------------------------------------------------- colours

  const kindColour = kind => colour(page.kinds[kind]);
  const PHASE_COLOURS = ['#999999', '#e69f00', '#0072b2', '#d55e00', '#cc79a7', '#009e73', '#f0e442', '#56b4e9', '#8c6bb1', '#b8860b', '#20b2aa', '#c44e52'];

  /** Charts over the time of the run zoom together. */
  let together = null;
  const overTime = () => ({
    cursor: {drag: {x: true, y: false}, sync: {key: together.key, scales: ['x', null]}, focus: {prox: 24}},
    scales: {x: {time: false, range: (plot, low, high) => [low, high]}},
  });
  const syncZoom = plot => {
    if (together.busy) return;
    const {min, max} = plot.scales.x;
    if (min === undefined || min === null) return;
    together.busy = true;
    charts.filter(one => one.overTime && one.plot && one.plot !== plot).forEach(one => one.plot.setScale('x', {min, max}));
    together.busy = false;
  };

  function timeChart(parts) {
    const element = chart({
      ...parts,
      options: () => {
        const own = parts.options();
        const base = overTime();
        return {
          ...base, ...own,
          scales: {...base.scales, ...own.scales},
          cursor: {...base.cursor, ...own.cursor},
          hooks: {...own.hooks, setScale: [(plot, key) => { if (key === 'x') syncZoom(plot); }]},
        };
      },
    });
    charts[charts.length - 1].overTime = true;
    return element;
  }

  // ---------------------------------------------------------------- parts of the page

  function verdict(run) {
    const worst = run.findings.length ? run.findings[0].severity : 'good';
    // The headline is what the first finding says.
    const items = run.findings.map((finding, i) => h('li',
      h('span.tag.' + finding.severity, finding.severity), ' ', i ? finding.what + ' ' : '', h('span.faint', finding.evidence),
      finding.advice.map((one, n) => h('div', advice(one, n ? 'Or: ' : 'Try: ')))));
    const tried = run.treatment ? treatment(run.treatment) : null;
    return h('section.card.verdict.' + worst, h('p', run.headline), items.length ? h('ul', items) : null, tried);
  }

  function advice({what, doses}, word) {
    const parts = [h('span.faint', word), what];
    if (doses.length) parts.push(': ', h('code', settings(Object.entries(doses[0]))));
    return h('span', parts);
  }

  const settings = pairs => pairs.map(([name, value]) => `${name} = ${value}`).join(', ');

  /** What a doctor has tried: the cure with its proof, then the rest. */
  function treatment({status, why, rehearsal, runs, trials, cure}) {
    if (status === 'untried') return h('p.faint', 'No proof: ' + why + '.');
    const changed = changes => changes.map(({setting, from, to}) => `${setting} ${from} → ${to}`).join(', ');
    const said = effects => effects.map(effect => effect.said).join(', ') || 'nothing differs';
    const became = ({outcome, effects}) => ({
      taken: () => said(effects),
      spared: () => `${said(effects)}; on top of the cure: ${outcome.why}`,
      refuted: () => outcome.why,
    })[outcome.status]();
    const words = {taken: ['good', 'helps'], spared: ['notice', 'helps alone'], refuted: ['', 'refuted']};
    const row = trial => {
      const [kind, word] = words[trial.outcome.status];
      return h('li', h('span.tag' + (kind && '.' + kind), word), ' ', trial.what, ': ', h('code', changed(trial.changes)),
        trial.doses > 1 ? h('span.faint', ` (the best of ${trial.doses} doses)`) : null, h('div.faint', became(trial) + '.'));
    };
    // A cure of one piece of advice need not be told twice.
    const rest = trials.filter(trial => !cure || changed(trial.changes) !== changed(cure.changes));
    const how = rehearsal === 'replayed' ? "The run's trace was replayed" : 'The program was run';
    return h('div.treatment',
      cure ? h('div.cure', h('p', h('span.tag.good', 'cure'), ' ', h('code', changed(cure.changes))), h('p', said(cure.effects) + '.'),
        h('pre', cure.config), h('pre', cure.flags),
        cure.left.length ? h('p.faint', 'Still: ' + cure.left.join(' ')) : null) : null,
      rest.length ? h('ul', rest.map(row)) : null,
      trials.length ? h('p.faint', `${how} ${runs} times, by the modelled clock.`) : null);
  }

  function tiles(run) {
    return h('div.tiles', run.tiles.map(tile => h('div.tile', h('span', tile.name), h('b', tile.value), h('span', tile.note))));
  }

  function pauses(run) {
    const figures = run.charts.pauses;
    const detail = h('div.detail', h('p.faint', 'Click a pause to see more of it.'));
    const kinds = [...new Set(figures.kind)].sort();
    const series = kinds.map(kind => figures.duration_ns.map((ns, i) => figures.kind[i] === kind ? Math.max(ns, 1) : null));
    const say = i => [
      `${page.kinds[figures.kind[i]]} pause ${figures.id[i]}: ${time(figures.duration_ns[i])}`,
      `${run.causes[figures.cause[i]]}, at ${time(figures.start_ns[i])}`,
      figures.count[i] > 1 ? `the longest of ${figures.count[i]} here, ${time(figures.stopped_ns[i])} together` : '',
    ].filter(Boolean).join('\n');
    const element = timeChart({
      data: [figures.start_ns, ...series],
      hint: say,
      legend: () => kinds.map(kind => [page.kinds[kind], kindColour(kind)]),
      options: () => ({
        scales: {y: {distr: 3}},
        axes: [timeAxis(), logAxis('length', time)],
        series: [{}, ...kinds.map(kind => ({
          stroke: kindColour(kind), fill: kindColour(kind), width: 0, paths: () => null,
          points: {show: true, size: 5, fill: kindColour(kind), width: 0},
        }))],
        hooks: {ready: [plot => {
          plot.over.addEventListener('click', () => {
            if (plot.cursor.idx !== null) detail.replaceChildren(...phases(run, plot.cursor.idx));
          });
        }]},
      }),
    });
    const worst = figures.duration_ns.reduce((best, ns, i) => ns > figures.duration_ns[best] ? i : best, 0);
    if (figures.id.length) detail.replaceChildren(...phases(run, worst));
    const most = figures.count.reduce((most, count) => Math.max(most, count), 1);
    const point = most > 1 ? `Each point is the longest of up to ${most} stops of the program in a row.` : 'Each point is one stop of the program.';
    return card('Pauses', point + ' Drag to zoom, double-click for all; all charts over time zoom together.', element, detail);
  }

  /** One pause in full: what it was, its phases as one bar, and what it did. */
  function phases(run, i) {
    const figures = run.charts.pauses;
    const parts = figures.phases_ns.map((times, phase) => ({phase, ns: times.length ? times[i] : 0})).filter(part => part.ns > 0);
    const all = figures.duration_ns[i] || 1;
    const bar = h('div.stack', {role: 'img', 'aria-label': 'phases of the pause'}, parts.map(({phase, ns}) => {
      const piece = h('i', {title: `${page.phases[phase]} ${time(ns)}`});
      piece.style.width = 100 * ns / all + '%';
      piece.style.background = PHASE_COLOURS[phase];
      return piece;
    }));
    const names = h('div.legend', parts.map(({phase, ns}) => h('span', swatch(PHASE_COLOURS[phase]), `${page.phases[phase]} ${time(ns)} (${percent(ns / all)})`)));
    const did = [
      ['copied', figures.copied_bytes[i]], ['promoted', figures.promoted_bytes[i]], ['marked', figures.marked_bytes[i]],
      ['freed', figures.freed_bytes[i]],
    ].filter(([, n]) => n > 0).map(([name, n]) => `${bytes(n)} ${name}`);
    if (figures.remembered[i]) did.push(`${figures.remembered[i]} remembered objects`);
    const what = `Pause ${figures.id[i]}, ${page.kinds[figures.kind[i]]} (${run.causes[figures.cause[i]]}), at ${time(figures.start_ns[i])}: `;
    const said = h('p', what, h('b', time(figures.duration_ns[i])), ' ', h('span.faint', did.join(', ')));
    return run.tells.phases ? [said, bar, names] : [said];
  }

  function phasesOverTime(run) {
    const figures = run.charts.pauses;
    const used = figures.phases_ns.map((times, phase) => [phase, times]).filter(([, times]) => times.length);
    let below = figures.start_ns.map(() => 0);
    const layers = used.map(([phase, times]) => {
      below = below.map((sum, i) => sum + times[i]);
      return [phase, below];
    }).reverse();
    const element = timeChart({
      data: [figures.start_ns, ...layers.map(([, tops]) => tops)],
      hint: i => used.filter(([, times]) => times[i]).map(([phase, times]) => `${page.phases[phase]} ${time(times[i])}`).join('\n'),
      legend: () => used.map(([phase]) => [page.phases[phase], PHASE_COLOURS[phase]]),
      options: () => ({
        axes: [timeAxis(), axis('length', time)],
        scales: {y: {range: (plot, low, high) => [0, high || 1]}},
        series: [{}, ...layers.map(([phase]) => ({
          stroke: PHASE_COLOURS[phase], fill: PHASE_COLOURS[phase], width: 1, points: {show: false},
          paths: uPlot.paths.bars({size: [0.9, 12, 2]}),
        }))],
      }),
    });
    return card('Phases of pauses', 'What the time of each pause went into.', element);
  }

  function heap(run) {
    const figures = run.charts.heap;
    const full = run.charts.pauses.end_ns.filter((_, i) => run.charts.pauses.ends_full[i]);
    const old = figures.old_bytes;
    const large = old.map((n, i) => n + figures.large_bytes[i]);
    const used = large.map((n, i) => n + figures.new_bytes[i]);
    const hasLarge = figures.large_bytes.some(n => n > 0);
    const {spaces, capacity} = run.tells;
    const lines = () => [
      capacity && {of: figures.total_bytes, name: 'taken by all spaces', stroke: colour('faint'), style: {dash: [4, 3]}},
      {of: used, name: spaces ? 'new' : 'in use', stroke: colour('minor'), fill: '55'},
      spaces && hasLarge && {of: large, name: 'large', stroke: colour('finish'), fill: '99'},
      spaces && {of: old, name: 'old', stroke: colour('step'), fill: '99'},
    ].filter(Boolean);
    const element = timeChart({
      data: [figures.at_ns, ...lines().map(line => line.of)],
      hint: i => [
        `at ${time(figures.at_ns[i])}`, ...(spaces ? [
          `new space ${bytes(figures.new_bytes[i])}`, `old space ${bytes(figures.old_bytes[i])}`,
          figures.large_bytes[i] ? `large objects ${bytes(figures.large_bytes[i])}` : '',
        ] : [`in use ${bytes(used[i])}`]),
        capacity ? `all spaces take ${bytes(figures.total_bytes[i])}` : '',
        figures.external_bytes[i] ? `external ${bytes(figures.external_bytes[i])}` : '',
      ].filter(Boolean).join('\n'),
      legend: () => [...lines().map(line => [line.name, line.stroke]), ['old space collected', colour('full')]],
      options: () => ({
        axes: [timeAxis(), byteAxis(bytes)],
        scales: {y: {range: (plot, low, high) => [0, high * 1.05 || 1]}},
        series: [{}, ...lines().map(({stroke, fill, style}) => ({stroke, ...(fill ? {fill: stroke + fill} : {}), width: 1, points: {show: false}, ...style}))],
        hooks: {draw: [plot => marks(plot, full)]},
      }),
    });
    return card('Memory', 'Objects by space, and what the spaces take. Marks below are the ends of collections of old space, as many as can be told apart.', element);
  }

  /** How far apart marks are at least, in pixels: they are 8 wide. */
  const MARK_SPACING = 10;

  /** A small mark below the chart at each of the times, as far as they can be told apart. */
  function marks(plot, times) {
    const {ctx, bbox} = plot;
    let last = -Infinity;
    ctx.save();
    ctx.fillStyle = colour('full');
    for (const at of times) {
      const x = plot.valToPos(at, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width || x < last + MARK_SPACING * devicePixelRatio) continue;
      last = x;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top + bbox.height - 9 * devicePixelRatio);
      ctx.lineTo(x - 4 * devicePixelRatio, bbox.top + bbox.height);
      ctx.lineTo(x + 4 * devicePixelRatio, bbox.top + bbox.height);
      ctx.fill();
    }
    ctx.restore();
  }

  /** Rates between the ends of cells, thinned out so that a line can be followed. */
  function rates(run) {
    const figures = run.charts.pauses;
    const step = Math.max(1, Math.ceil(figures.end_ns.length / 240));
    const at = [], allocated = [], promoted = [];
    let from = 0, sums = [0, 0];
    figures.end_ns.forEach((end, i) => {
      sums = [sums[0] + figures.allocated_bytes[i], sums[1] + figures.became_old_bytes[i]];
      if ((i + 1) % step && i + 1 < figures.end_ns.length) return;
      const seconds = Math.max(1, end - from) / 1e9;
      at.push(end); allocated.push(sums[0] / seconds); promoted.push(sums[1] / seconds);
      from = end; sums = [0, 0];
    });
    const rate = n => bytes(n) + '/s';
    const element = timeChart({
      data: [at, allocated, ...(run.tells.promotion ? [promoted] : [])],
      hint: i => `until ${time(at[i])}\nallocated ${rate(allocated[i])}${run.tells.promotion ? `\nbecame old ${rate(promoted[i])}` : ''}`,
      legend: () => [['allocated', colour('minor')], ...(run.tells.promotion ? [['became old', colour('full')]] : [])],
      options: () => ({
        axes: [timeAxis(), byteAxis(rate, {size: 78})],
        scales: {y: {range: (plot, low, high) => [0, high * 1.05 || 1]}},
        series: [{}, ...['minor', 'full'].slice(0, run.tells.promotion ? 2 : 1).map(name => ({stroke: colour(name), width: 1.5, points: {show: at.length < 40}, paths: uPlot.paths.stepped({align: -1})}))],
      }),
    });
    return card(run.tells.promotion ? 'Allocation and promotion' : 'Allocation', 'Bytes a second, by the clock of the run.', element);
  }

  function curves(run) {
    const pauses = run.charts.pauses, heap = run.charts.heap;
    const external = pauses.start_ns.map((_, i) => heap.external_bytes[2 * i]);
    const parts = [];
    const one = (title, note, values, write, fill, side = write => axis('', write)) => parts.push(card(title, note, timeChart({
      height: 150, data: [pauses.start_ns, values], hint: i => `at ${time(pauses.start_ns[i])}\n${write(values[i])}`,
      options: () => ({
        axes: [timeAxis(), side(write)],
        scales: {y: {range: (plot, low, high) => [0, high * 1.05 || 1]}},
        series: [{}, {stroke: colour(fill), fill: colour(fill) + '33', width: 1.5, points: {show: false}}],
      }),
    })));
    const any = values => values.some(n => n > 0);
    if (any(pauses.remembered)) one('Remembered set', 'Old objects that a scavenge had to look at since they were written to.', pauses.remembered, n => scaled(n, 1000, ['', ' k', ' M']), 'finish');
    if (any(pauses.fragmentation_ppm)) one('Fragmentation', 'Share of old space\u2019s pages that holds no object.', pauses.fragmentation_ppm.map(ppm => ppm / 1e6), percent, 'full');
    if (any(external)) one('External memory', 'Buffers off the heap that objects own.', external, bytes, 'step', byteAxis);
    return parts.length ? h('div.pair', parts) : null;
  }

  function histogram(run) {
    const {classes_per_decade, first, kinds} = run.charts.histogram;
    const count = kinds.length ? kinds[0][1].length : 0;
    const edge = n => 10 ** ((first + n) / classes_per_decade);
    // A class is drawn over the middle of its width; one more at each end leaves room for the bars there.
    const x = Array.from({length: count + 2}, (_, n) => edge(n - 0.5));
    let below = x.map(() => 0);
    const layers = kinds.map(([kind, counts]) => {
      below = below.map((sum, n) => sum + (counts[n - 1] || 0));
      return [kind, below];
    }).reverse();
    const element = chart({
      data: [x, ...layers.map(([, tops]) => tops)],
      hint: n => n < 1 || n > count ? null : [`${time(edge(n - 1))} to ${time(edge(n))}`, ...kinds.map(([kind, counts]) => `${page.kinds[kind]}: ${counts[n - 1]}`)].join('\n'),
      legend: () => kinds.map(([kind]) => [page.kinds[kind], kindColour(kind)]),
      options: () => ({
        cursor: {drag: {x: false, y: false}},
        scales: {x: {time: false, distr: 3, range: (plot, low, high) => [low, high]}, y: {range: (plot, low, high) => [0, high * 1.08 || 1]}},
        axes: [logAxis('', time, {size: 26}), axis('pauses', n => String(n))],
        series: [{}, ...layers.map(([kind]) => ({stroke: kindColour(kind), fill: kindColour(kind), width: 0, points: {show: false}, paths: uPlot.paths.bars({size: [0.86, 60]})}))],
      }),
    });
    return card('Histogram', 'How many pauses there were of each length. The axis is logarithmic.', element);
  }

  /** An axis of one in so many: 10 is the 90th percentile. */
  const rarity = odds => [1, 10, 100, 1000, 1e4, 1e5, 1e6].includes(odds) ? ['0', '90', '99', '99.9', '99.99', '99.999', '99.9999'][Math.log10(odds)] + ' %' : '';
  const rarityAxis = () => ({...logAxis('', rarity, {size: 26}), values: (plot, splits) => splits.map(split => split === null ? '' : rarity(Math.round(split)))});

  /** Curves of all kinds on the union of their x, which the library wants. */
  function percentiles(run) {
    const curves = run.charts.percentiles.map(({kind, share, duration_ns}) => ({kind, points: new Map(share.map((s, i) => [s >= 1 ? null : 1 / (1 - s), duration_ns[i]]).filter(([x]) => x !== null))}));
    const last = Math.max(10, ...curves.map(({points}) => Math.max(0, ...points.keys())));
    run.charts.percentiles.forEach(({share, duration_ns}, n) => share[share.length - 1] === 1 && curves[n].points.set(Math.max(2, ...curves[n].points.keys()) * 1.3, duration_ns[duration_ns.length - 1]));
    const x = [...new Set(curves.flatMap(({points}) => [...points.keys()]))].sort((a, b) => a - b);
    const name = odds => odds < 1.5 ? '0 %' : percent(1 - 1 / odds).replace('100 %', '99.99… %');
    const element = chart({
      data: [x, ...curves.map(({points}) => x.map(at => points.has(at) ? Math.max(1, points.get(at)) : undefined))],
      hint: i => [`${name(x[i])} of the pauses are within`, ...curves.filter(({points}) => points.has(x[i])).map(({kind, points}) => `${page.kinds[kind]}: ${time(points.get(x[i]))}`)].join('\n'),
      legend: () => curves.map(({kind}) => [page.kinds[kind], kindColour(kind)]),
      options: () => ({
        cursor: {drag: {x: false, y: false}},
        scales: {x: {time: false, distr: 3, range: () => [1, last * 1.5]}, y: {distr: 3}},
        axes: [rarityAxis(), logAxis('length', time)],
        series: [{}, ...curves.map(({kind}) => ({stroke: kindColour(kind), width: 2, spanGaps: true, points: {show: false}}))],
      }),
    });
    return card('Percentiles', 'The share of pauses that are no longer than this; the further right, the rarer.', element);
  }

  function utilisation(run) {
    const {window_ns, mutator_share, start_ns} = run.charts.utilisation;
    if (!window_ns.length) return card('Minimum utilisation', 'The run was shorter than the shortest window, 1 ms.');
    const element = chart({
      data: [window_ns, mutator_share],
      hint: i => `in the worst ${time(window_ns[i])} the program\nhad ${percent(mutator_share[i])} of the time,\nfrom ${time(start_ns[i])} on`,
      options: () => ({
        cursor: {drag: {x: false, y: false}},
        scales: {x: {time: false, distr: 3, range: (plot, low, high) => [low, Math.max(high, low * 10)]}, y: {range: () => [0, 1]}},
        axes: [logAxis('', time, {size: 26}), axis('program', percent)],
        series: [{}, {stroke: colour('accent'), fill: colour('accent') + '22', width: 2, points: {show: window_ns.length < 12}}],
      }),
    });
    return card('Minimum utilisation', 'What the program had of the time in the worst window of each length.', element);
  }

  function table({name, note, columns, rows}) {
    const cell = (text, i, row) => {
      const td = h('td', text);
      if (i === 0 && row.bar !== null) {
        const bar = h('span.bar');
        bar.style.width = Math.max(1, 100 * row.bar) + '%';
        td.append(bar);
      }
      return td;
    };
    const body = h('div.scroll', h('table', h('thead', h('tr', columns.map(column => h('th', column)))),
      h('tbody', rows.map(row => h('tr', row.cells.map((text, i) => cell(text, i, row)))))));
    if (rows.length > 16) return h('section.card', h('details', h('summary', name), h('p.faint', note), body));
    return card(name, note, body);
  }

  function tables(run) {
    const wide = run.tables.filter(one => one.columns.length > 5 || one.rows.length > 16);
    const small = run.tables.filter(one => !wide.includes(one));
    return [...wide.filter(one => one.rows.length <= 16).map(table), h('div.pair', small.map(table)), ...wide.filter(one => one.rows.length > 16).map(table)];
  }

  // ---------------------------------------------------------------- comparisons

  const sampleColour = n => colour(['minor', 'full', 'step', 'finish'][n % 4]);

  /** Curves of all samples over each other: `curves` are [x, y] each, in ascending x. */
  function overlaid(title, note, samples, curves, {scales, axes, say}) {
    const element = chart({
      data: uPlot.join(curves.map(([x, y]) => [x, y])),
      hint: (i, plot) => [say.x(plot.data[0][i]), ...samples.map(({name}, n) => {
        const value = plot.data[n + 1][i];
        return value === null || value === undefined ? '' : `${name}: ${say.y(value)}`;
      })].filter(Boolean).join('\n'),
      legend: () => samples.map(({name}, n) => [name, sampleColour(n)]),
      options: () => ({
        cursor: {drag: {x: false, y: false}}, scales, axes: axes(),
        series: [{}, ...samples.map((sample, n) => ({stroke: sampleColour(n), width: 2, spanGaps: true, points: {show: curves[n][0].length < 2}}))],
      }),
    });
    return card(title, note, element);
  }

  /** Over how rare a pause is; the longest stands a little further right than the last share that is less than all. */
  function byRarity([share, duration_ns]) {
    const points = share.map((part, i) => [part, Math.max(1, duration_ns[i])]).filter(([part], i, all) => part < 1 || i === all.findIndex(([other]) => other === 1));
    const last = Math.max(2, ...points.filter(([part]) => part < 1).map(([part]) => 1 / (1 - part)));
    return [points.map(([part]) => part < 1 ? 1 / (1 - part) : last * 1.3), points.map(([, ns]) => ns)];
  }

  function comparisonTable({samples, rows}) {
    const names = samples.flatMap(({name, runs}, n) => [`${name} (${runs} run${runs === 1 ? '' : 's'})`, ...(n ? ['difference'] : [])]);
    const cells = row => row.means.flatMap((mean, n) => [h('td', mean), ...(n ? [h('td' + (row.differences[n - 1].outcome && '.' + row.differences[n - 1].outcome), row.differences[n - 1].text)] : [])]);
    return h('div.scroll', h('table', h('thead', h('tr', ['metric', ...names].map(name => h('th', name)))),
      h('tbody', rows.map(row => h('tr', h('td', {title: row.what}, row.metric), cells(row))))));
  }

  function comparison(one) {
    const {samples, verdicts, rows} = one;
    const has = wanted => rows.some(row => row.differences.some(({outcome}) => outcome === wanted));
    // Nothing that is beyond chance is neither good nor bad.
    const edge = has('worse') ? '.problem' : has('better') ? '' : '.open';
    const log = {time: false, distr: 3};
    const rarest = Math.max(10, ...samples.flatMap(sample => byRarity(sample.percentiles)[0]));
    return [
      h('section.card.verdict' + edge, h('p', one.workload), h('ul', verdicts.map(verdict => h('li', verdict)))),
      card('Metrics', 'Means of all runs. A difference has a 95 % interval, by bootstrap, where there are three runs or more of each; ~ is one that cannot be told from chance, ? one that too few runs were made for.', comparisonTable(one)),
      h('div.pair',
        overlaid('Percentiles', 'The share of pauses of any kind that are no longer than this, in the first run of each.', samples, samples.map(sample => byRarity(sample.percentiles)), {
          scales: {x: {...log, range: () => [1, rarest * 1.2]}, y: {distr: 3}},
          axes: () => [rarityAxis(), logAxis('length', time)],
          say: {x: odds => `${percent(1 - 1 / odds)} of the pauses are within`, y: time},
        }),
        overlaid('Minimum utilisation', 'What the program had of the time in the worst window of each length, in the first run of each.', samples, samples.map(sample => sample.utilisation), {
          scales: {x: log, y: {range: () => [0, 1]}},
          axes: () => [logAxis('', time, {size: 26}), axis('program', percent)],
          say: {x: ns => `in the worst ${time(ns)} the program had`, y: percent},
        })),
      overlaid('Memory in use', 'Bytes of objects over the time of the first run of each.', samples, samples.map(sample => sample.heap), {
        scales: {x: {time: false}, y: {range: (plot, low, high) => [0, high * 1.05 || 1]}},
        axes: () => [timeAxis(), byteAxis(bytes)],
        say: {x: at => `at ${time(at)}`, y: bytes},
      }),
    ];
  }

  function showComparisons() {
    charts.forEach(one => one.plot && one.plot.destroy());
    charts = [];
    const runs = h('ul', page.runs.map((run, i) => h('li', h('a', {href: '#run-' + (i + 1)}, `${i + 1}. ${run.name}`), ' ', h('span.faint', run.headline))));
    main.replaceChildren(
      h('header.top', h('div', h('h1', 'Comparison'), h('p.faint', `Tenure ${page.version}`)), h('span.space'), themeButton()),
      ...page.comparisons.flatMap(comparison), card('Runs', 'Each as a page of its own.', runs));
    drawAll();
  }

  // ---------------------------------------------------------------- the page

  function top(selected) {
    const theme = themeButton();
    const back = page.comparisons.length ? h('a', {href: '#comparison'}, 'comparison') : null;
    const run = page.runs[selected];
    const title = h('div', h('h1', run.name), h('p.faint', `${run.outcome} · ${run.clock} clock · Tenure ${page.version}`));
    if (page.runs.length === 1) return h('header.top', title, h('span.space'), back, theme);
    const choice = h('select', {'aria-label': 'run'}, page.runs.map((one, i) => h('option', {value: String(i), ...(i === selected ? {selected: ''} : {})}, `${i + 1}. ${one.name}${one.findings.length ? ' – ' + one.findings[0].severity : ''}`)));
    choice.addEventListener('change', () => { location.hash = 'run-' + (Number(choice.value) + 1); });
    return h('header.top', title, h('span.space'), back, choice, theme);
  }

  /** All runs in a table, above the one that is shown. */
  function overview(selected) {
    const names = page.runs[selected].tiles.map(tile => tile.name);
    const row = (run, i) => h('tr', h('td', h('a', {href: '#run-' + (i + 1)}, run.name)), h('td', run.findings.length ? run.findings[0].severity : 'well'),
      names.map(name => h('td', (run.tiles.find(tile => tile.name === name) || {value: ''}).value)));
    return h('section.card', h('details', h('summary', `All ${page.runs.length} runs`), h('div.scroll', h('table',
      h('thead', h('tr', ['run', 'verdict', ...names].map(name => h('th', name)))), h('tbody', page.runs.map(row))))));
  }

  function show(selected) {
    charts.forEach(one => one.plot && one.plot.destroy());
    charts = [];
    together = {key: 'run-' + selected, busy: false};
    const run = page.runs[selected];
    const any = run.charts.pauses.id.length > 0;
    main.replaceChildren(...[
      top(selected), page.runs.length > 1 ? overview(selected) : null, verdict(run), tiles(run),
      any ? pauses(run) : card('Pauses', 'None: the run ended before new space was full.'),
      any && run.tells.memory ? heap(run) : null,
      any ? h('div.pair', run.tells.memory ? rates(run) : null, run.tells.phases ? phasesOverTime(run) : null) : null,
      any ? h('div.pair', histogram(run), percentiles(run)) : null,
      any ? utilisation(run) : null,
      any ? curves(run) : null,
      ...tables(run),
    ].filter(Boolean));
    drawAll();
  }

  const fromHash = () => Math.min(page.runs.length, Math.max(1, Number((location.hash.match(/^#run-(\d+)$/) || [])[1] || 1))) - 1;
  followTheSystem(drawAll);
  // For tests, and for whoever looks in with the browser's tools.
  window.tenure = {page, charts: () => charts.map(one => one.plot)};
  const showWhatIsAsked = () => page.comparisons.length && !location.hash.startsWith('#run-') ? showComparisons() : show(fromHash());
  addEventListener('hashchange', showWhatIsAsked);
  let resizing = 0;
  addEventListener('resize', () => { clearTimeout(resizing); resizing = setTimeout(drawAll, 120); });
  showWhatIsAsked();
})();
