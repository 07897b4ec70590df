'use strict';
/* Plays films. A film is a list of frames, a frame a number of steps: the objects that a pause moves one after the other, or
   before and after. Times are nanoseconds, sizes bytes. */
(() => {
  const page = JSON.parse(document.getElementById('figures').textContent);
  const main = document.getElementById('page');
  const PAGE_BYTES = 256 * 1024;
  const LABEL = 18, GAP = 12;

  // ---------------------------------------------------------------- block maps

  /** `y3o` is three times y and once o: calls `each(letter, count)`. */
  function runs(text, each) {
    for (const [, letter, count] of text.matchAll(/(\D)(\d*)/g)) each(letter, count ? Number(count) : 1);
  }
  function spread(text) {
    const letters = [];
    runs(text, (letter, count) => { for (let n = 0; n < count; n++) letters.push(letter); });
    return letters;
  }

  /** The pages of a block map in its order: number, kind, how full, main type, and where its blocks start. */
  function pagesOf(blocks, types) {
    const fill = spread(blocks.fill);
    const mains = blocks.types.flatMap(([type, count]) => Array(count).fill(type));
    const pages = new Map();
    let index = 0;
    for (const [first, count, kind] of blocks.pages) {
      for (let n = 0; n < count; n++, index++) {
        const full = (fill[index].charCodeAt(0) - 65) / 20;
        pages.set(first + n, {kind, full, type: mains[index] === null ? null : types[mains[index]], at: index * blocks.per_page});
      }
    }
    return pages;
  }

  /** Where every page is drawn that occurs in a film: both semispaces side by side, the others below, all by address. */
  function tileLayout(film, width) {
    const numbers = new Set(), semispaces = new Map();
    for (const frame of film.frames) {
      for (const blocks of frame.blocks) {
        for (const [first, count, kind] of blocks.pages) {
          for (let n = 0; n < count; n++) numbers.add(first + n);
          if (kind < 2) semispaces.set(first, Math.max(count, semispaces.get(first) || 0));
        }
      }
    }
    // A semispace that has grown at its place is one, however long it was before.
    const halves = [...semispaces].sort(([a], [b]) => a - b).reduce((halves, [first, count]) => {
      const last = halves.at(-1);
      // What begins where another ends is the other half.
      if (last && first < last[0] + last[1]) last[1] = Math.max(last[1], first + count - last[0]);
      else halves.push([first, count]);
      return halves;
    }, []);
    const inHalf = number => halves.findIndex(([first, count]) => number >= first && number < first + count);
    const others = [...numbers].filter(number => inHalf(number) < 0).sort((a, b) => a - b);
    const room = Math.floor((width - GAP * Math.max(0, halves.length - 1)) / Math.max(1, halves.length));
    let tile = 64, columns, wide, height;
    for (; tile > 3; tile -= tile > 16 ? 4 : 1) {
      columns = Math.max(1, Math.floor(room / tile));
      wide = Math.max(1, Math.floor(width / tile));
      const rows = Math.max(0, ...halves.map(([, count]) => Math.ceil(count / columns)));
      height = LABEL + rows * tile + (others.length ? LABEL + GAP + Math.ceil(others.length / wide) * tile : 0);
      if (height <= 620) break;
    }
    const places = new Map(), labels = [];
    halves.forEach(([first, count], half) => {
      const left = half * (room + GAP);
      labels.push({left, top: 13, text: half === 0 ? 'new space, one half' : 'the other half'});
      for (let n = 0; n < count; n++) places.set(first + n, {x: left + (n % columns) * tile, y: LABEL + Math.floor(n / columns) * tile});
    });
    const below = places.size ? Math.max(...[...places.values()].map(place => place.y)) + tile + GAP : 0;
    if (others.length) labels.push({left: 0, top: below + 13, text: 'old space and large objects, pages by address'});
    others.forEach((number, n) => places.set(number, {x: (n % wide) * tile, y: below + LABEL + Math.floor(n / wide) * tile}));
    return {tile, places, labels, height: Math.max(height, tile)};
  }

  class BlockStage {
    constructor(film) {
      this.film = film;
      this.canvas = h('canvas');
      this.element = h('div', this.canvas);
      this.known = new Map();
    }
    resize() {
      this.width = Math.max(280, this.element.clientWidth);
      this.layout = tileLayout(this.film, this.width - 2);
      const scale = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(this.width * scale);
      this.canvas.height = Math.round(this.layout.height * scale);
      this.canvas.style.height = this.layout.height + 'px';
      this.scale = scale;
      this.colours = Object.fromEntries(page.looks.map(look => [look.letter, colour(look.name)]));
    }
    /** What a block map says, read once. */
    read(blocks) {
      if (!this.known.has(blocks)) {
        if (this.known.size > 8) this.known.clear();
        this.known.set(blocks, {letters: spread(blocks.looks), pages: pagesOf(blocks, this.film.types)});
      }
      return this.known.get(blocks);
    }
    show(frame, step) {
      if (!this.layout) this.resize();
      const blocks = frame.blocks[step];
      this.now = {blocks, ...this.read(blocks)};
      const draw = this.canvas.getContext('2d');
      draw.setTransform(this.scale, 0, 0, this.scale, this.scale, 0);
      draw.clearRect(-1, 0, this.width, this.layout.height);
      draw.font = '12px system-ui';
      draw.fillStyle = colour('faint');
      this.layout.labels.forEach(({left, top, text}) => draw.fillText(text, left, top));
      this.layout.places.forEach((place, number) => this.drawTile(draw, place, this.now.pages.get(number)));
    }
    drawTile(draw, {x, y}, tile) {
      const size = this.layout.tile - (this.layout.tile > 6 ? 2 : 1);
      if (!tile) {
        draw.strokeStyle = colour('line');
        if (size > 5) draw.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
        return;
      }
      draw.fillStyle = tile.kind === 1 ? colour('grid') : this.colours['.'];
      draw.fillRect(x, y, size, size);
      const side = Math.sqrt(this.now.blocks.per_page);
      const edges = Array.from({length: side + 1}, (_, n) => Math.round(n * size / side));
      for (let n = 0; n < this.now.blocks.per_page; n++) {
        const letter = this.now.letters[tile.at + n];
        if (letter === '.') continue;
        const across = n % side, down = Math.floor(n / side);
        draw.fillStyle = this.colours[letter];
        draw.fillRect(x + edges[across], y + edges[down], edges[across + 1] - edges[across], edges[down + 1] - edges[down]);
      }
      // White blocks on a white page would leave no trace of their tile.
      draw.strokeStyle = colour('edge');
      if (size > 5) draw.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
    }
    /** What lies under the pointer. */
    tell(event) {
      const box = this.canvas.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top, {tile} = this.layout;
      for (const [number, place] of this.layout.places) {
        if (x < place.x || y < place.y || x >= place.x + tile || y >= place.y + tile) continue;
        const page_ = this.now.pages.get(number);
        const at = '0x' + (number * PAGE_BYTES).toString(16);
        if (!page_) return `page at ${at}\nnot in use`;
        const side = Math.sqrt(this.now.blocks.per_page);
        const n = Math.min(side - 1, Math.floor((x - place.x) / tile * side)) + side * Math.min(side - 1, Math.floor((y - place.y) / tile * side));
        const look = page.looks.find(look => look.letter === this.now.letters[page_.at + n]);
        const block = PAGE_BYTES / this.now.blocks.per_page;
        return `page at ${at}: ${page.kinds[page_.kind]}\n${Math.round(page_.full * 100)} % full${page_.type ? ', mostly ' + page_.type : ''}\n`
          + `block at 0x${(number * PAGE_BYTES + n * block).toString(16)}, ${bytes(block)}: ${look.meaning}`;
      }
      return null;
    }
  }

  // ---------------------------------------------------------------- figures

  /** How much smaller than it was drawn a figure may be shown, so that its letters can be read; then it scrolls. */
  const LEAST_SCALE = 0.9;

  class FigureStage {
    constructor() { this.element = h('div'); }
    resize() {}
    show(frame, step) {
      if (this.frame !== frame) {
        this.element.innerHTML = frame.figure;
        this.frame = frame;
        const svg = this.element.querySelector('svg');
        svg.style.minWidth = LEAST_SCALE * svg.viewBox.baseVal.width + 'px';
        this.timed = [...this.element.querySelectorAll('[data-from],[data-until]')].map(element => ({
          element, from: Number(element.dataset.from || 0), until: element.dataset.until ? Number(element.dataset.until) : Infinity,
        }));
      }
      for (const {element, from, until} of this.timed) element.style.display = step >= from && step < until ? '' : 'none';
    }
    tell(event) {
      const cell = event.target.closest && event.target.closest('[data-tell]');
      return cell ? cell.dataset.tell : null;
    }
  }

  // ---------------------------------------------------------------- the player

  const colour = name => getComputedStyle(document.querySelector('.colours')).getPropertyValue('--' + (name === 'free' ? 'bare' : name)).trim();
  const SPEEDS = [0.5, 1, 2, 4, 8, 16];
  let film, stage, positions, at = 0, playing = 0, speed = 2;
  let parts = {};

  /** Every step of every frame, in order. */
  const positionsOf = film => film.frames.flatMap((frame, index) => frame.sentences.map((_, step) => ({index, step})));

  function go(to) {
    at = Math.max(0, Math.min(positions.length - 1, to));
    const {index, step} = positions[at];
    const frame = film.frames[index];
    stage.show(frame, step);
    parts.bar.value = at;
    parts.bar.setAttribute('aria-valuetext', frame.title);
    parts.title.textContent = frame.title;
    parts.text.textContent = frame.text;
    parts.sentence.textContent = frame.sentences[step];
    const last = frame.sentences.length - 1;
    parts.step.textContent = `frame ${index + 1} of ${film.frames.length}${last ? `, step ${step} of ${last}` : ''} · ${bytes(frame.allocated_bytes)} allocated`
      + (frame.at_ns === null ? '' : ` · ${time(frame.at_ns)}`);
  }
  /** The first position of the frame that is `by` frames away; first to the start of this one, backwards. */
  function goFrame(by) {
    const {index, step} = positions[at];
    const target = by < 0 && step > 0 ? index : Math.max(0, Math.min(film.frames.length - 1, index + by));
    go(positions.findIndex(position => position.index === target));
  }
  function play(on) {
    clearInterval(playing);
    playing = on ? setInterval(() => { if (at + 1 < positions.length) go(at + 1); else play(false); }, 1000 / (2 * SPEEDS[speed])) : 0;
    parts.play.textContent = playing ? 'Pause' : 'Play';
  }
  function toggle() {
    if (!playing && at + 1 === positions.length) go(0);
    play(!playing);
  }
  function setSpeed(to) {
    speed = Math.max(0, Math.min(SPEEDS.length - 1, to));
    parts.speed.value = speed;
    if (playing) play(true);
  }

  const button = (text, title, act) => {
    const element = h('button', {title, type: 'button'}, text);
    element.addEventListener('click', act);
    return element;
  };
  function controls() {
    parts.bar = h('input', {type: 'range', min: '0', max: String(positions.length - 1), value: '0', 'aria-label': 'position'});
    parts.bar.addEventListener('input', () => { play(false); go(Number(parts.bar.value)); });
    parts.play = button('Play', 'space', toggle);
    parts.speed = h('select', {'aria-label': 'speed', title: '+ and −'}, SPEEDS.map((factor, index) => h('option', {value: String(index)}, factor + '×')));
    parts.speed.addEventListener('change', () => setSpeed(Number(parts.speed.value)));
    return h('div.controls', parts.play, button('|◀', 'previous frame: shift and ←', () => goFrame(-1)), button('◀', 'step back: ←', () => go(at - 1)),
      button('▶', 'step: →', () => go(at + 1)), button('▶|', 'next frame: shift and →', () => goFrame(1)), parts.bar, parts.speed);
  }
  function said() {
    parts.title = h('h2');
    parts.text = h('p.faint');
    parts.sentence = h('p.sentence');
    parts.step = h('p.faint.step');
    return h('div.said', parts.title, parts.text, parts.sentence, parts.step);
  }
  function legend() {
    const used = new Set(film.frames.flatMap(frame => frame.blocks).flatMap(blocks => [...blocks.looks.replace(/\d/g, '')]));
    const entry = look => {
      const swatch = h('i');
      swatch.style.background = colour(look.name);
      swatch.style.outline = '1px solid var(--line)';
      return h('span', swatch, look.meaning);
    };
    return h('div.legend', page.looks.filter(look => used.has(look.letter)).map(entry));
  }

  function hover(box) {
    const bubble = h('div.hint');
    bubble.hidden = true;
    box.append(bubble);
    box.addEventListener('mouseleave', () => { bubble.hidden = true; });
    box.addEventListener('mousemove', event => {
      const text = stage.tell(event);
      bubble.hidden = !text;
      if (!text) return;
      bubble.textContent = text;
      const frame = box.getBoundingClientRect();
      const x = event.clientX - frame.left + box.scrollLeft, y = event.clientY - frame.top + box.scrollTop;
      bubble.style.left = Math.max(0, x > frame.width / 2 ? x - bubble.offsetWidth - 12 : x + 14) + 'px';
      bubble.style.top = Math.max(0, Math.min(y + 14, box.scrollHeight - bubble.offsetHeight)) + 'px';
    });
  }

  function top(selected) {
    const choice = page.films.length < 2 ? null : h('select', {'aria-label': 'film'},
      page.films.map((one, index) => h('option', {value: String(index), ...(index === selected ? {selected: ''} : {})}, one.title)));
    if (choice) choice.addEventListener('change', () => { location.hash = 'film-' + (Number(choice.value) + 1); });
    return h('header.top', h('h1', film.title), choice, h('span.space'), h('span.faint', 'Tenure ' + page.version), themeButton());
  }

  function show(selected) {
    clearInterval(playing);
    playing = 0;
    film = page.films[selected];
    positions = positionsOf(film);
    at = 0;
    if (!positions.length) {
      main.replaceChildren(top(selected), h('section.card', h('p', 'Nothing was filmed: the run ended before its first pause.')));
      return;
    }
    const isFigures = film.frames[0].figure !== undefined;
    stage = isFigures ? new FigureStage() : new BlockStage(film);
    const box = h('div.stage', stage.element);
    hover(box);
    const keys = h('p.faint.keys', h('kbd', '←'), ' ', h('kbd', '→'), ' step, with ', h('kbd', 'shift'), ' a frame, ', h('kbd', 'space'), ' play, ',
      h('kbd', '+'), ' ', h('kbd', '−'), ' speed, ', h('kbd', 'home'), ' ', h('kbd', 'end'));
    main.replaceChildren(top(selected), h('section.card', controls(), said(), box, isFigures ? null : legend()), keys);
    stage.resize();
    setSpeed(speed);
    go(0);
  }

  /** The film in another theme, where it was. */
  function showAgain() {
    const was = at;
    show(fromHash());
    if (positions.length) go(was);
  }

  const KEYS = {
    ArrowRight: event => event.shiftKey ? goFrame(1) : go(at + 1),
    ArrowLeft: event => event.shiftKey ? goFrame(-1) : go(at - 1),
    PageDown: () => goFrame(1),
    PageUp: () => goFrame(-1),
    Home: () => go(0),
    End: () => go(positions.length - 1),
    ' ': toggle,
    '+': () => setSpeed(speed + 1),
    '-': () => setSpeed(speed - 1),
  };
  addEventListener('keydown', event => {
    const act = KEYS[event.key];
    if (!act || !positions.length || event.ctrlKey || event.metaKey || ['SELECT', 'BUTTON'].includes(event.target.tagName)) return;
    event.preventDefault();
    act(event);
  });

  const fromHash = () => Math.min(page.films.length, Math.max(1, Number((location.hash.match(/^#film-(\d+)$/) || [])[1] || 1))) - 1;
  document.body.append(h('span.heap.colours'));
  followTheSystem(showAgain);
  addEventListener('hashchange', () => show(fromHash()));
  let resizing = 0;
  addEventListener('resize', () => { clearTimeout(resizing); resizing = setTimeout(() => { if (positions.length) { stage.resize(); go(at); } }, 120); });
  // For tests, and for whoever looks in with the browser's tools.
  window.tenure = {page, player: () => ({film, positions, at, playing: playing !== 0, stage}), go};
  show(fromHash());
})();
