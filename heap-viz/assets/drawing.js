'use strict';
/* What pages with charts share: quantities, colours, charts of uPlot, cards. Times are nanoseconds, sizes bytes. */

// ---------------------------------------------------------------- quantities

const percent = share => (share * 100).toFixed(share >= 0.9995 ? 0 : 1) + ' %';
/** Labels of an axis: zeros that say nothing are left out. */
const short = write => value => write(value).replace(/(\.\d*?)0+(?=\D)/, '$1').replace(/\.(?=\D)/, '');

// ---------------------------------------------------------------- colours

const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

// ---------------------------------------------------------------- charts

let charts = [];
const HEIGHT = 230;

/** A chart that fills its box, redraws on another theme or width, and says at the pointer what `hint(index)` returns. */
function chart({options, data, hint, legend, height = HEIGHT}) {
  const box = h('div.chart');
  const bubble = h('div.hint');
  bubble.hidden = true;
  const names = legend ? h('div.legend') : null;
  const draw = () => {
    const own = options();
    if (names) names.replaceChildren(...legend().map(([name, fill]) => h('span', swatch(fill), name)));
    const plot = new uPlot({
      width: Math.max(260, box.clientWidth), height,
      legend: {show: false},
      ...own,
      hooks: {...own.hooks, setCursor: [plot => hover(plot, bubble, hint)]},
    }, data, box);
    plot.over.addEventListener('mouseleave', () => { bubble.hidden = true; });
    plot.over.append(bubble);
    return plot;
  };
  charts.push({box, draw, plot: null});
  return h('div', box, names);
}

function swatch(fill) {
  const square = h('i');
  square.style.background = fill;
  return square;
}

function hover(plot, bubble, hint) {
  const {left, top, idx} = plot.cursor;
  const text = idx === null || idx === undefined || left < 0 ? null : hint(idx, plot);
  bubble.hidden = !text;
  if (!text) return;
  bubble.textContent = text;
  const right = left > plot.over.clientWidth / 2;
  bubble.style.left = right ? '' : left + 14 + 'px';
  bubble.style.right = right ? plot.over.clientWidth - left + 14 + 'px' : '';
  bubble.style.top = Math.max(0, Math.min(top - 10, plot.over.clientHeight - bubble.offsetHeight)) + 'px';
}

/** Draws all charts anew, where they were zoomed to if they are over time. */
function drawAll() {
  for (const one of charts) {
    const zoom = one.overTime && one.plot ? {min: one.plot.scales.x.min, max: one.plot.scales.x.max} : null;
    if (one.plot) one.plot.destroy();
    one.plot = one.draw();
    if (zoom) one.plot.setScale('x', zoom);
  }
}

const axis = (label, write, more = {}) => ({
  label, labelSize: label ? 18 : 0, labelFont: '12px system-ui', font: '12px system-ui', size: 58, gap: 4,
  stroke: colour('faint'), grid: {stroke: colour('grid'), width: 1}, ticks: {stroke: colour('line'), width: 1},
  values: (plot, splits) => splits.map(split => split === null ? '' : short(write)(split)), ...more,
});
const timeAxis = () => axis('', time, {size: 26, space: 80});

/** Lines within a range, so many for each digit of each decade. */
function logLines(low, high, perDigit) {
  const lines = [];
  for (let decade = 10 ** Math.floor(Math.log10(low)); decade <= high; decade *= 10) {
    for (let line = perDigit; line < 10 * perDigit; line++) lines.push(decade * line / perDigit);
  }
  return lines.filter(line => line >= low && line <= high);
}
/** Lines of which an axis has enough. */
const ENOUGH_LINES = 3;

/** A logarithmic axis: a line at each digit, or closer where these are too few, a label at each decade only. The library would count from the lowest value. */
const logAxis = (label, write, more = {}) => axis(label, write, {
  splits: (plot, n, low, high) => {
    const lines = [1, 2, 5, 10].map(perDigit => logLines(low, high, perDigit));
    return lines.find(lines => lines.length >= ENOUGH_LINES) || lines.at(-1);
  },
  filter: (plot, splits) => splits.map(split => Number.isInteger(Math.round(Math.log10(split) * 1e6) / 1e6) ? split : null),
  ...more,
});
/** An axis of bytes: steps are powers of two. */
const byteAxis = (write, more = {}) => axis('', write, {incrs: Array.from({length: 50}, (_, n) => 2 ** n), size: 68, ...more});

// ---------------------------------------------------------------- parts of pages

function card(title, note, ...content) {
  return h('section.card', h('h2', title), note ? h('p.faint', note) : null, ...content);
}
