'use strict';
/* What the scripts of all pages use: elements, quantities with their units, themes. Times are nanoseconds, sizes bytes. */

/** An element: `h('p.faint', {title: 'x'}, 'text', child)`. */
function h(selector, ...rest) {
  const [tag, ...classes] = selector.split('.');
  const element = document.createElement(tag);
  element.className = classes.join(' ');
  for (const part of rest) {
    if (part === null || part === undefined) continue;
    if (typeof part === 'string') element.append(part);
    else if (part instanceof Node) element.append(part);
    else if (Array.isArray(part)) element.append(...part);
    else Object.entries(part).forEach(([name, value]) => element.setAttribute(name, value));
  }
  return element;
}

function scaled(value, step, units) {
  let unit = 0;
  while (value >= step - 0.5 && unit + 1 < units.length) { value /= step; unit++; }
  const digits = unit === 0 && Number.isInteger(value) ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(digits) + units[unit];
}
const time = ns => scaled(ns, 1000, [' ns', ' µs', ' ms', ' s']);
const bytes = n => scaled(n, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);

// ---------------------------------------------------------------- themes

/** Draws anew what has its colours not from the style; each page that has such things sets it. */
let drawInTheme = () => {};
/** The theme of the screen, while another is on paper. */
let onScreen = null;

const theme = () => document.documentElement.dataset.theme;

function setTheme(chosen) {
  document.documentElement.dataset.theme = chosen;
  drawInTheme();
}

function themeButton() {
  const button = h('button', {type: 'button', 'aria-label': 'switch between light and dark'}, 'light / dark');
  button.addEventListener('click', () => setTheme(theme() === 'dark' ? 'light' : 'dark'));
  return button;
}

/** Paper is light; afterwards the screen is as it was. */
function putOnPaper(isOnPaper) {
  if (isOnPaper === (onScreen !== null)) return;
  const next = isOnPaper ? 'light' : onScreen;
  onScreen = isOnPaper ? theme() : null;
  setTheme(next);
}

/** The theme that the system has, from now on, and light on paper. */
function followTheSystem(draw) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
  if (draw) drawInTheme = draw;
  // Browsers prefer light while they print.
  dark.addEventListener('change', () => { if (onScreen === null) setTheme(dark.matches ? 'dark' : 'light'); });
  addEventListener('beforeprint', () => putOnPaper(true));
  addEventListener('afterprint', () => putOnPaper(false));
  // Tools that print by remote control tell of the medium only.
  matchMedia('print').addEventListener('change', ({matches}) => putOnPaper(matches));
}
