'use strict';

/*
 * A large live heap under change: the peer of Tenure's workload `big_heap`, with its parameters and defaults.
 *
 * Fills the heap with doubly linked lists of small records, which a table in pieces refers to; then changes them,
 * timing each operation; then reads every record. An operation makes `fresh` lists, of which some replace the end of a
 * random list from a random depth on while the others are dropped, and lets two random lists exchange their ends.
 *
 *     node --max-old-space-size=4096 benches/peers/node/big_heap.js [live=KIB] [length=RECORDS] [order=0|1]
 *         [operations=COUNT] [fresh=LISTS] [survivors=PERCENT] [seed=NUMBER]
 *
 * Prints lines of a name and a value. `total_seconds` is building, operations and the walk; `live_mib` is what V8 says
 * is in use after a full collection behind the last measured one; `heap_mib` is what its heap had from the system
 * before that. `gc_...` are the collections during the operations that Node reports, by kind. Steps of incremental
 * marking are not among them (`incremental` is the start of one): what they cost shows in the latencies.
 *
 * What differs from Tenure:
 *
 * - `live` decides the number of records by Tenure's sizes (32, 48 and 64 bytes). Here a record has 56, 72 or 88 bytes,
 *   since a header takes three words and each reference one.
 * - A word of a record is a number field of 32 bits (V8 keeps it in a word of 64, without a box): the upper half of
 *   the word that Tenure has there, except that the first is the record's number.
 * - The random numbers are others (xoshiro128**), and so is the choice of lists; the shuffled order is the same.
 * - The walk compares every record with what its number says and counts them, but makes no checksum.
 * - The clock (`process.hrtime`) takes some 60 ns a call, and an operation two.
 * - The code is compiled while it runs: building warms up what makes records, but the first operations also show the
 *   compiler, as slow ones of some milliseconds at most.
 * - The heap grows up to `--max-old-space-size`; V8 marks and sweeps with threads of its own.
 */

const { performance, PerformanceObserver, constants } = require('node:perf_hooks');
const v8 = require('node:v8');
const vm = require('node:vm');

// Mean size of a record in Tenure, and of a slot that refers to one.
const MEAN_BYTES = 48;
const SLOT_BYTES = 4;
// Lists that one piece of the table refers to.
const PIECE = 4096;

const DEFAULTS = { live: 1572864, length: 8, order: 0, operations: 600000, fresh: 8, survivors: 50, seed: 1 };

/** Which class the record with this number has. */
function kindOf(number) {
  return (number >>> 0) % 3;
}

/** Word `index` of the record with this number. */
function word(number, index) {
  return Math.imul(index, number ^ 0x9e3779b9);
}

class Short {
  constructor(number, next) {
    this.next = next;
    this.previous = null;
    this.number = number;
    this.word1 = word(number, 1);
  }

  isIntact() {
    return kindOf(this.number) === 0 && this.word1 === word(this.number, 1);
  }
}

class Middling {
  constructor(number, next) {
    this.next = next;
    this.previous = null;
    this.number = number;
    this.word1 = word(number, 1);
    this.word2 = word(number, 2);
    this.word3 = word(number, 3);
  }

  isIntact() {
    const number = this.number;
    return kindOf(number) === 1 && this.word1 === word(number, 1) && this.word2 === word(number, 2)
      && this.word3 === word(number, 3);
  }
}

class Long {
  constructor(number, next) {
    this.next = next;
    this.previous = null;
    this.number = number;
    this.word1 = word(number, 1);
    this.word2 = word(number, 2);
    this.word3 = word(number, 3);
    this.word4 = word(number, 4);
    this.word5 = word(number, 5);
  }

  isIntact() {
    const number = this.number;
    return kindOf(number) === 2 && this.word1 === word(number, 1) && this.word2 === word(number, 2)
      && this.word3 === word(number, 3) && this.word4 === word(number, 4) && this.word5 === word(number, 5);
  }
}

/** A new record in front of `next`. */
function prepend(number, next) {
  let record;
  switch (kindOf(number)) {
    case 0:
      record = new Short(number, next);
      break;
    case 1:
      record = new Middling(number, next);
      break;
    default:
      record = new Long(number, next);
  }
  if (next !== null) {
    next.previous = record;
  }
  return record;
}

/** Random numbers: xoshiro128**, whose state is in an array so that drawing one allocates nothing. */
class Random {
  constructor(seed) {
    let state = seed | 0;
    this.state = Int32Array.from({ length: 4 }, () => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    });
  }

  number() {
    const state = this.state;
    const scaled = Math.imul(state[1], 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9);
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result >>> 0;
  }

  /** A number less than `bound`. */
  below(bound) {
    return Math.floor(this.number() * (bound / 4294967296));
  }

  chance(percent) {
    return this.below(100) < percent;
  }
}

/** All numbers below a bound, each once, in an order that a seed decides, without a table of them. */
class Shuffle {
  constructor(bound, seed) {
    this.bound = bound;
    this.bits = Math.max(32 - Math.clz32(bound - 1), 2);
    this.mask = 2 ** this.bits - 1;
    this.seed = seed | 0;
    this.word = 0;
  }

  /** The next number; -1 behind the last. */
  next() {
    while (this.word <= this.mask) {
      const number = this.mixed(this.word++);
      if (number < this.bound) {
        return number;
      }
    }
    return -1;
  }

  mixed(start) {
    const first = this.step(start, 0x7f4a7c15);
    const second = this.step(first, 0x1ce4e5b9);
    return this.step(second, 0x133111eb);
  }

  step(start, factor) {
    const mixed = Math.imul(start + this.seed, factor) & this.mask;
    return (mixed ^ (mixed >>> (this.bits >> 1))) >>> 0;
  }
}

class BigHeap {
  constructor({ live, length, order, operations, fresh, survivors, seed }) {
    this.lists = Math.max(Math.floor((live * 1024) / (length * MEAN_BYTES + SLOT_BYTES)), 1);
    this.length = length;
    this.isShuffled = order !== 0;
    this.operations = operations;
    this.fresh = fresh;
    this.survivors = survivors;
    this.seed = seed;
    this.random = new Random(seed);
    this.pieces = [];
  }

  build() {
    for (let start = 0; start < this.lists; start += PIECE) {
      this.pieces.push(new Array(Math.min(this.lists - start, PIECE)).fill(null));
    }
    if (this.isShuffled) {
      for (let depth = this.length - 1; depth >= 0; depth--) {
        this.lengthenAll(depth);
      }
    } else {
      for (let list = 0; list < this.lists; list++) {
        this.replace(list, 0, Math.imul(list, this.length));
      }
    }
  }

  /** Puts one more record in front of every list, in random order. */
  lengthenAll(depth) {
    const order = new Shuffle(this.lists, this.seed + depth);
    for (let list = order.next(); list >= 0; list = order.next()) {
      const piece = this.pieces[(list / PIECE) | 0];
      piece[list % PIECE] = prepend((Math.imul(list, this.length) + depth) | 0, piece[list % PIECE]);
    }
  }

  operate(operation) {
    const { random, lists, length, fresh } = this;
    for (let index = 0; index < fresh; index++) {
      const madeBefore = (Math.imul(operation, fresh) + index) | 0;
      const base = Math.imul((lists + madeBefore) | 0, length);
      if (random.chance(this.survivors)) {
        const list = random.below(lists);
        this.replace(list, random.below(length), base);
      } else {
        this.records(0, base);
      }
    }
    const depth = random.below(length);
    const left = random.below(lists);
    this.exchange(left, random.below(lists), depth);
  }

  /** Puts new records in the place of those of a list from `depth` on. */
  replace(list, depth, base) {
    const end = this.records(depth, base);
    this.attach(list, this.before(list, depth), end);
  }

  /** Exchanges the ends of two lists. */
  exchange(left, right, depth) {
    const leftBefore = this.before(left, depth);
    const rightBefore = this.before(right, depth);
    const leftEnd = this.behind(left, leftBefore);
    const rightEnd = this.behind(right, rightBefore);
    this.attach(left, leftBefore, rightEnd);
    this.attach(right, rightBefore, leftEnd);
  }

  /** New records from `depth` to the end of a list; that of depth d has the number `base` + d. */
  records(depth, base) {
    let first = null;
    for (let at = this.length - 1; at >= depth; at--) {
      first = prepend((base + at) | 0, first);
    }
    return first;
  }

  /** The record of a list before the one at `depth`; null if that is the first. */
  before(list, depth) {
    if (depth === 0) {
      return null;
    }
    let record = this.pieces[(list / PIECE) | 0][list % PIECE];
    for (let at = 1; at < depth; at++) {
      record = record.next;
    }
    return record;
  }

  behind(list, previous) {
    return previous === null ? this.pieces[(list / PIECE) | 0][list % PIECE] : previous.next;
  }

  attach(list, previous, end) {
    if (previous === null) {
      this.pieces[(list / PIECE) | 0][list % PIECE] = end;
    } else {
      previous.next = end;
    }
    if (end !== null) {
      end.previous = previous;
    }
  }

  /** Reads every record: whether all are as they should be, and as many. */
  check() {
    let isRight = true;
    let records = 0;
    for (const piece of this.pieces) {
      for (let index = 0; index < piece.length; index++) {
        let found = 0;
        let previous = null;
        // One record too many tells that a list is too long, even if it has no end.
        for (let record = piece[index]; record !== null && found <= this.length; record = record.next) {
          isRight = isRight && record.isIntact() && record.previous === previous;
          previous = record;
          found++;
        }
        isRight = isRight && found === this.length;
        records += found;
      }
    }
    return isRight && records === this.lists * this.length;
  }
}

/** Nanoseconds on the clock. Compiled, it allocates nothing. */
function now() {
  const time = process.hrtime();
  return time[0] * 1e9 + time[1];
}

function operateAll(heap, nanos) {
  for (let operation = 0; operation < heap.operations; operation++) {
    const from = now();
    heap.operate(operation);
    nanos[operation] = now() - from;
  }
}

/** The least of the sorted values that the share `quantile` of all stays within. */
function quantile(sorted, share) {
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)];
}

/** Collects everything, without a flag on the command line. */
function collect() {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
}

/** The collections among `entries` that started before `end`: count, time in all and worst, by kind. */
function byKind(entries, end) {
  const names = new Map([
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak_callbacks'],
  ]);
  const kinds = new Map();
  for (const { detail, duration } of entries.filter(({ startTime }) => startTime <= end)) {
    const name = names.get(detail.kind) ?? `kind_${detail.kind}`;
    const { count, total, worst } = kinds.get(name) ?? { count: 0, total: 0, worst: 0 };
    kinds.set(name, { count: count + 1, total: total + duration, worst: Math.max(worst, duration) });
  }
  return kinds;
}

function parsed(words) {
  const parameters = { ...DEFAULTS };
  for (const argument of words) {
    const [name, value] = argument.split('=');
    const number = Number((value ?? '').replaceAll('_', '') || NaN);
    if (!Object.hasOwn(DEFAULTS, name) || !Number.isSafeInteger(number)) {
      throw new Error(`${argument}: not one of ${Object.keys(DEFAULTS).join(', ')} with =NUMBER`);
    }
    parameters[name] = number;
  }
  return parameters;
}

async function main() {
  const heap = new BigHeap(parsed(process.argv.slice(2)));
  const nanos = new Float64Array(heap.operations);
  const start = now();
  heap.build();
  const built = now();

  // Node queues what the observer sees until this function waits.
  const entries = [];
  const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  const operating = now();
  operateAll(heap, nanos);
  const operated = now();
  const end = performance.now();
  const walking = now();
  const isRight = heap.check();
  const walked = now();
  const { total_heap_size: heapBytes } = v8.getHeapStatistics();
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer.disconnect();
  collect();
  const { used_heap_size: liveBytes } = v8.getHeapStatistics();

  nanos.sort();
  const print = (name, value) => console.log(name, Number.isInteger(value) ? value : value.toFixed(3));
  print('lists', heap.lists);
  print('records', heap.lists * heap.length);
  print('build_seconds', (built - start) / 1e9);
  print('operations', heap.operations);
  print('operations_seconds', (operated - operating) / 1e9);
  print('p50_us', quantile(nanos, 0.5) / 1e3);
  print('p99_us', quantile(nanos, 0.99) / 1e3);
  print('p999_us', quantile(nanos, 0.999) / 1e3);
  print('worst_ms', nanos[heap.operations - 1] / 1e6);
  print('walk_seconds', (walked - walking) / 1e9);
  print('total_seconds', (built - start + operated - operating + walked - walking) / 1e9);
  print('live_mib', liveBytes / 1048576);
  print('heap_mib', heapBytes / 1048576);
  for (const [kind, { count, total, worst }] of byKind(entries, end)) {
    print(`gc_${kind}_count`, count);
    print(`gc_${kind}_total_ms`, total);
    print(`gc_${kind}_worst_ms`, worst);
  }
  console.log('checked', isRight);
  process.exitCode = isRight ? 0 : 1;
}

main();
