'use strict';
/* What the scripts of all pages use: elements, and quantities with their units. Times are nanoseconds, sizes bytes. */

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
