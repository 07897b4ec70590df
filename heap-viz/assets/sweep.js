'use strict';
/* Draws the page of a sweep from the figures in it. Times are nanoseconds, sizes bytes. */
(() => {
  const page = JSON.parse(document.getElementById('figures').textContent);
  const main = document.getElementById('page');

  // ---------------------------------------------------------------- what is shown

  const count = n => scaled(n, 1000, ['', ' k', ' M', ' G']);
  const METRICS = [
    {key: 'p99_ns', name: 'p99 pause', write: time, better: 'lower'},
    {key: 'max_ns', name: 'longest pause', write: time, better: 'lower'},
    {key: 'p50_ns', name: 'median pause', write: time, better: 'lower'},
    {key: 'peak_bytes', name: 'peak memory', write: bytes, better: 'lower'},
    {key: 'throughput', name: 'throughput', write: n => count(n) + '/s', better: 'higher'},
  ];
  /** Values of an axis of which more are put into classes. */
  const MOST_VALUES = 12;
  const CLASSES = 8;

  const workOf = point => [point.workload, point.parameters, point.clock + ' clock'].filter(Boolean).join(', ');
  const works = [...new Set(page.points.map(workOf))];
  /** What was chosen for a point that its work does not say. */
  const chosen = point => Object.entries(point.choices).filter(([name]) => !['workload', 'clock'].includes(name) && !point.parameters.split(' ').some(word => word.startsWith(name + '=')));
  const label = point => chosen(point).map(([name, value]) => `${name} ${value}`).join(', ') || point.config;

  const UNITS = {'': 1, x: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, ns: 1, us: 1e3, ms: 1e6, s: 1e9};
  /** The number that a label tells, if it does: `1.5x`, `16MiB`, `2ms`, `7`. */
  function number(text) {
    const found = text.match(/^([\d.]+)\s*([a-zA-Z]*)$/);
    const unit = found && UNITS[found[2].toLowerCase()];
    return unit ? Number(found[1]) * unit : null;
  }

  // ---------------------------------------------------------------- axes

  /** An axis over the values that points have of a choice: its classes, and the class that a point is in. */
  function axis(points, name) {
    const of = point => point.choices[name] ?? '';
    const labels = [...new Set(points.map(of))];
    const numbers = labels.map(number);
    if (!numbers.every(n => n !== null)) return {names: labels, at: point => labels.indexOf(of(point))};
    labels.sort((a, b) => number(a) - number(b));
    if (labels.length <= MOST_VALUES) return {names: labels, at: point => labels.indexOf(of(point))};
    const size = labels.length / CLASSES;
    const first = n => labels[Math.ceil(n * size)];
    const last = n => labels[Math.min(labels.length, Math.ceil((n + 1) * size)) - 1];
    const rank = new Map(labels.map((text, i) => [text, Math.min(CLASSES - 1, Math.floor(i / size))]));
    return {names: Array.from({length: CLASSES}, (_, n) => `${first(n)} – ${last(n)}`), at: point => rank.get(of(point))};
  }

  const ONE = {names: [''], at: () => 0};

  // ---------------------------------------------------------------- colours

  /** From blue, which is good, to orange, which colour-blind people tell apart; on a logarithmic scale where values differ much. */
  function shades(values, better) {
    const low = Math.min(...values), high = Math.max(...values);
    const logarithmic = low > 0 && high / low > 20;
    const f = logarithmic ? Math.log : n => n;
    const share = value => high > low ? (f(value) - f(low)) / (f(high) - f(low)) : 0.5;
    return {low, high, share, mix: value => shade(better === 'lower' ? share(value) : 1 - share(value))};
  }
  const shade = share => `color-mix(in oklab, var(--full) ${Math.round(100 * share)}%, var(--accent))`;
  const SCALE = `linear-gradient(to right, ${[0, 0.25, 0.5, 0.75, 1].map(shade).join(', ')})`;

  function scaleBar({low, high}, metric) {
    const bar = h('i', {'aria-hidden': 'true'});
    bar.style.background = SCALE;
    const ends = metric.better === 'lower' ? [low, high] : [high, low];
    return h('div.scale', `${metric.name}: ${metric.write(ends[0])}`, bar, metric.write(ends[1]));
  }

  // ---------------------------------------------------------------- heat map

  const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;

  function heatMap(points, metric, across, down) {
    const [x, y] = [across, down].map(name => name ? axis(points, name) : ONE);
    const boxes = y.names.map(() => x.names.map(() => []));
    points.forEach(point => boxes[y.at(point)][x.at(point)].push(point));
    const value = box => {
      const passed = box.filter(point => !point.failed);
      return passed.length ? mean(passed.map(point => point[metric.key])) : null;
    };
    const values = boxes.flat().map(value).filter(one => one !== null);
    const colours = values.length ? shades(values, metric.better) : null;
    const cell = box => {
      const found = value(box);
      if (!box.length) return h('td.none', '·');
      const failures = failed(box);
      if (found === null) return h('td.failed', {title: reasons(box)}, failures);
      const passed = box.filter(point => !point.failed).length;
      const about = box.length === 1 ? said(box[0]) : [`mean of ${passed} point${passed === 1 ? '' : 's'}`, reasons(box)].filter(Boolean).join('\n');
      const td = h('td.told', {title: about}, metric.write(found), failures ? h('small', failures) : null);
      td.style.background = colours.mix(found);
      return td;
    };
    const rows = boxes.map((row, i) => h('tr', h('th.row', y.names[i]), row.map(cell)));
    const corner = [down, across].filter(Boolean).join(' \\ ');
    return h('div',
      h('div.scroll', h('table.map', h('thead', h('tr', h('th.row', corner), x.names.map(name => h('th', name)))), h('tbody', rows))),
      colours ? scaleBar(colours, metric) : null);
  }

  const sum = (points, key) => points.reduce((sum, point) => sum + point[key], 0);
  /** How many runs of these points have failed; empty if none has. */
  function failed(points) {
    const [runs, failures] = [sum(points, 'seeds'), sum(points, 'failed_runs')];
    return failures === 0 ? '' : failures === runs ? 'failed' : `${failures} of ${runs} failed`;
  }
  const reasons = points => [...new Set(points.filter(point => point.failed).map(point => `failed: ${point.failed}`))].join('\n');

  function said(point) {
    return [label(point), ...(point.failed ? [`${failed([point])}: ${point.failed}`] : [
      `p99 pause ${time(point.p99_ns)}, longest ${time(point.max_ns)}`, `memory ${bytes(point.peak_bytes)}`,
      `${count(point.throughput)} ${point.throughput_of}/s`]), `${point.seeds} seed${point.seeds === 1 ? '' : 's'}`].join('\n');
  }

  // ---------------------------------------------------------------- front

  const SVG = 'http://www.w3.org/2000/svg';
  function s(name, attributes, ...content) {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...content);
    return element;
  }

  const upTo = (end, step) => Array.from({length: Math.ceil((end - 1) / step - 1e-9)}, (_, n) => 1 + n * step);
  /** Where marks stand within a power of the base: the first of these that are enough. */
  const STEPS = {2: [[1, 1.5], upTo(2, 1 / 4), upTo(2, 1 / 16)], 10: [[1, 2, 5], upTo(10, 1), upTo(10, 1 / 10)]};
  const ENOUGH = 3;

  /** A scale from values to pixels: logarithmic, with round marks, at least so many pixels apart. Zeros, which have no place on it, lie at its start. */
  function scale(values, from, to, base, apart) {
    const some = values.filter(value => value > 0);
    const [low, high] = some.length ? [Math.min(...some), Math.max(...some)].map(Math.log) : [0, 0];
    const [start, end] = high - low > 0.3 ? [low - 0.05 * (high - low), high + 0.05 * (high - low)] : [low - 0.2, high + 0.2];
    const at = value => value > 0 ? from + (to - from) * (Math.log(value) - start) / (end - start) : from;
    const marks = steps => {
      const marks = [];
      for (let unit = base ** Math.floor(start / Math.log(base)); Math.log(unit) <= end; unit *= base) {
        marks.push(...steps.map(step => unit * step));
      }
      return marks.filter(mark => Math.log(mark) >= start && Math.log(mark) <= end);
    };
    const found = STEPS[base].map(marks);
    const seen = found.find(marks => marks.length >= ENOUGH) || found.at(-1);
    const every = Math.ceil(seen.length * apart / Math.abs(to - from));
    return {at, marks: seen.filter((_, i) => i % every === 0)};
  }

  const [LEAST_WIDTH, HEIGHT, LEFT, BOTTOM] = [300, 340, 84, 40];
  /** Frame and padding of a card, both sides. */
  const CARD = 34;

  /** As wide as it is shown: text has its own size then. */
  function scatter(points) {
    const width = Math.max(LEAST_WIDTH, main.clientWidth - parseFloat(getComputedStyle(main).paddingLeft) * 2 - CARD);
    const x = scale(points.map(point => point.peak_bytes), LEFT, width - 14, 2, 90);
    const y = scale(points.map(point => point.p99_ns), HEIGHT - BOTTOM, 12, 10, 36);
    const colours = shades(points.map(point => point.throughput), 'higher');
    const svg = s('svg', {viewBox: `0 0 ${width} ${HEIGHT}`, class: 'scatter', role: 'img', 'aria-label': 'p99 pause over peak memory'});
    for (const mark of x.marks) {
      svg.append(s('line', {class: 'grid', x1: x.at(mark), x2: x.at(mark), y1: 12, y2: HEIGHT - BOTTOM}),
        s('text', {x: x.at(mark), y: HEIGHT - BOTTOM + 16, 'text-anchor': 'middle'}, bytes(mark)));
    }
    for (const mark of y.marks) {
      svg.append(s('line', {class: 'grid', x1: LEFT, x2: width - 14, y1: y.at(mark), y2: y.at(mark)}),
        s('text', {x: LEFT - 6, y: y.at(mark) + 4, 'text-anchor': 'end'}, time(mark)));
    }
    svg.append(s('text', {x: (LEFT + width) / 2, y: HEIGHT - 6, 'text-anchor': 'middle'}, 'peak memory'),
      s('text', {x: 0, y: 0, transform: `translate(13 ${(HEIGHT - BOTTOM + 12) / 2}) rotate(-90)`, 'text-anchor': 'middle'}, 'p99 pause'));
    const byFront = [...points].sort((a, b) => a.on_front - b.on_front);
    for (const point of byFront) {
      const dot = s('circle', {cx: x.at(point.peak_bytes), cy: y.at(point.p99_ns), r: point.on_front ? 7 : 4.5, class: point.on_front ? 'on' : ''},
        s('title', {}, said(point)));
      dot.style.fill = colours.mix(point.throughput);
      svg.append(dot);
    }
    return h('div', h('div.scroll', svg), scaleBar(colours, METRICS.find(metric => metric.key === 'throughput')));
  }

  function frontTable(points) {
    const names = [...new Set(points.flatMap(point => chosen(point).map(([name]) => name)))];
    const heads = [...(names.length ? names : ['config']), 'p99 pause', 'longest', 'memory', (points[0] || {throughput_of: ''}).throughput_of + '/s'];
    const row = point => h('tr', (names.length ? names.map(name => point.choices[name] ?? '') : [point.config]).map(text => h('td', text)),
      [time(point.p99_ns), time(point.max_ns), bytes(point.peak_bytes), count(point.throughput)].map(text => h('td', text)));
    return h('div.scroll', h('table', h('thead', h('tr', heads.map(name => h('th', name)))), h('tbody', points.map(row))));
  }

  // ---------------------------------------------------------------- the page

  function card(title, note, ...content) {
    return h('section.card', h('h2', title), note ? h('p.faint', note) : null, ...content);
  }

  function select(name, values, selected, change) {
    const options = values.map(([value, text]) => h('option', {value, ...(value === selected ? {selected: ''} : {})}, text));
    const choice = h('select', {'aria-label': name}, options);
    choice.addEventListener('change', () => change(choice.value));
    return h('label', name, choice);
  }

  const state = {work: works[0], metric: 'p99_ns', across: null, down: null};

  /** The choices that points of a work differ in, those with most values first. */
  function choicesOf(points) {
    const names = [...new Set(points.flatMap(point => Object.keys(point.choices)))];
    const values = name => new Set(points.map(point => point.choices[name])).size;
    return names.filter(name => values(name) > 1).sort((a, b) => values(b) - values(a));
  }

  function tiles(points) {
    const passed = points.filter(point => !point.failed);
    const best = (key, better) => passed.reduce((best, point) => best && (better === 'lower' ? best[key] <= point[key] : best[key] >= point[key]) ? best : point, null);
    const tile = (name, value, note) => h('div.tile', h('span', name), h('b', value), h('span', note));
    const of = metric => {
      const point = best(metric.key, metric.better);
      return point ? tile('best ' + metric.name, metric.write(point[metric.key]), label(point)) : null;
    };
    return h('div.tiles', tile('points', String(points.length), `${points.filter(point => point.on_front).length} on the front, ${points.length - passed.length} failed`),
      ...METRICS.filter(({key}) => ['p99_ns', 'peak_bytes', 'throughput'].includes(key)).map(of));
  }

  /** Whether no two points do the same work, so that nothing can be compared. */
  const isAlone = works.length > 1 && works.length === page.points.length;
  const ALONE = 'No two points of this sweep do the same work, since parameters of the workload were drawn with everything else: there is nothing to compare, and each point is a front of its own. To compare heaps, have the same parameters for several points.';

  function top() {
    const title = h('div', h('h1', page.name), h('p.faint', `sweep of ${page.plan.cells} cells (${page.plan.sample}) · Tenure ${page.version}`));
    const work = works.length > 1 ? select('work', works.map(one => [one, one]), state.work, one => { Object.assign(state, {work: one, across: null, down: null}); show(); }) : null;
    return h('header.top', title, h('span.space'), work, themeButton());
  }

  function minimum(points) {
    const found = page.plan.minimum_heaps.find(({workload, parameters}) => workload === points[0].workload && parameters === points[0].parameters);
    return found ? `The least heap with which it finishes: ${bytes(found.max_old_bytes)} of old generation.` : null;
  }

  function show() {
    const points = page.points.filter(point => workOf(point) === state.work);
    const names = choicesOf(points);
    if (!names.includes(state.across)) state.across = names[0] ?? '';
    if (state.down === null || (state.down && !names.includes(state.down))) state.down = names.find(name => name !== state.across) ?? '';
    const metric = METRICS.find(({key}) => key === state.metric);
    const passed = points.filter(point => !point.failed), front = passed.filter(point => point.on_front).sort((a, b) => a.peak_bytes - b.peak_bytes);
    const pick = (name, key, values) => select(name, values, state[key], value => { state[key] = value; show(); });
    main.replaceChildren(...[
      top(), h('section.card.verdict', h('p', state.work), isAlone ? h('p', ALONE) : null, minimum(points) ? h('p.faint', minimum(points)) : null), tiles(points),
      card('Heat map', 'Each box is what that choice comes to; where others differ too, the mean over them. Blue is better.',
        h('div.choices',
          pick('metric', 'metric', METRICS.map(({key, name}) => [key, name])),
          pick('across', 'across', names.map(name => [name, name])),
          pick('down', 'down', [['', 'nothing'], ...names.filter(name => name !== state.across).map(name => [name, name])])),
        heatMap(points, metric, state.across, state.down)),
      passed.length ? card('Pauses against memory against throughput', 'Each dot is a point. The ringed ones are the Pareto front: no other is as good in all three and better in one. Blue has more throughput. ' + (passed.some(point => !point.p99_ns) ? 'Points without any pause lie at the bottom.' : ''), scatter(passed)) : null,
      front.length ? card('The front', 'What can be had: less of one only for more of another.', frontTable(front)) : null,
    ].filter(Boolean));
  }

  followTheSystem();
  let resizing = 0;
  addEventListener('resize', () => { clearTimeout(resizing); resizing = setTimeout(show, 120); });
  // For tests, and for whoever looks in with the browser's tools.
  window.tenure = {page, state, show};
  show();
})();
