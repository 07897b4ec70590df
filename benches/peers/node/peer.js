'use strict';

/*
 * Tenure's workloads on V8: `node peer.js WORKLOAD [NAME=VALUE]...`.
 *
 * All parameters of the workload must be given. `warmups=N` runs it so many times before, in the same process, so that
 * compiled code is measured. What is printed is told in ../README.md.
 *
 * Numbers of 64 bits are pairs of 32, so that neither a checksum nor a random number allocates.
 */

// ---------------------------------------------------------------- numbers of 64 bits

/** The upper 32 bits of the product of two numbers of 32 bits without sign. */
function highProduct(a, b) {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  return (a1 * b1 + Math.floor(middle / 65536) + ((a0 * b1 + (middle % 65536)) / 65536 | 0)) >>> 0;
}

const hex = number => (number >>> 0).toString(16).padStart(8, '0');

/** An order-sensitive fold of numbers, as Tenure's. */
class Checksum {
  constructor() {
    this.high = 0;
    this.low = 0;
  }

  add(high, low) {
    // (value ^ number) + 0x9E3779B97F4A7C15
    const l = ((this.low ^ low) >>> 0) + 0x7f4a7c15;
    const h = (((this.high ^ high) >>> 0) + 0x9e3779b9 + (l > 0xffffffff ? 1 : 0)) >>> 0;
    const x = l >>> 0;
    // times 0xBF58476D1CE4E5B9
    const pl = Math.imul(x, 0x1ce4e5b9) >>> 0;
    const ph = (highProduct(x, 0x1ce4e5b9) + Math.imul(x, 0xbf58476d) + Math.imul(h, 0x1ce4e5b9)) >>> 0;
    // rotated by 31
    this.high = ((ph << 31) | (pl >>> 1)) >>> 0;
    this.low = ((pl << 31) | (ph >>> 1)) >>> 0;
  }

  /** Adds a whole number below 2^53. */
  addNumber(number) {
    this.add(Math.floor(number / 4294967296), number >>> 0);
  }

  toString() {
    return '0x' + hex(this.high) + hex(this.low);
  }
}

/** Random numbers: xoshiro256++, seeded by SplitMix64. The state is in an array, high and low half in turn. */
class Random {
  constructor(seed) {
    const mask = (1n << 64n) - 1n;
    let state = BigInt(seed);
    this.state = new Int32Array(8);
    for (let index = 0; index < 8; index += 2) {
      state = (state + 0x9e3779b97f4a7c15n) & mask;
      let mixed = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
      mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
      mixed ^= mixed >> 31n;
      this.state[index] = Number(mixed >> 32n);
      this.state[index + 1] = Number(mixed & 0xffffffffn);
    }
    this.high = 0;
    this.low = 0;
  }

  /** Draws the next number: into `high` and `low`, with signs. */
  next() {
    const s = this.state;
    // rotl(s0 + s3, 23) + s0
    let l = (s[1] >>> 0) + (s[7] >>> 0);
    let h = (s[0] + s[6] + (l > 0xffffffff ? 1 : 0)) | 0;
    l |= 0;
    const rh = (h << 23) | (l >>> 9), rl = (l << 23) | (h >>> 9);
    l = (rl >>> 0) + (s[1] >>> 0);
    this.high = (rh + s[0] + (l > 0xffffffff ? 1 : 0)) | 0;
    this.low = l | 0;
    const th = (s[2] << 17) | (s[3] >>> 15), tl = s[3] << 17;
    s[4] ^= s[0]; s[5] ^= s[1];
    s[6] ^= s[2]; s[7] ^= s[3];
    s[2] ^= s[4]; s[3] ^= s[5];
    s[0] ^= s[6]; s[1] ^= s[7];
    s[4] ^= th; s[5] ^= tl;
    h = s[6]; l = s[7];
    // rotl(s3, 45): the halves change places, and then by 13.
    s[6] = (l << 13) | (h >>> 19);
    s[7] = (h << 13) | (l >>> 19);
  }

  /** A number less than `bound`: the upper bits of the product. */
  below(bound) {
    this.next();
    const low = (Math.imul(this.high, bound) >>> 0) + highProduct(this.low >>> 0, bound);
    return (highProduct(this.high >>> 0, bound) + (low > 0xffffffff ? 1 : 0)) >>> 0;
  }

  chance(percent) {
    return this.below(100) < percent;
  }
}

// ---------------------------------------------------------------- binary_trees

const MIN_DEPTH = 4;

class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

const tree = depth => depth === 0 ? new Node(null, null) : new Node(tree(depth - 1), tree(depth - 1));
const count = node => node.left === null ? 1 : 1 + count(node.left) + count(node.right);

function binaryTrees({ depth }, sum) {
  sum.addNumber(count(tree(depth + 1)));
  const kept = tree(depth);
  for (let d = MIN_DEPTH; d <= depth; d += 2) {
    let nodes = 0;
    for (let trees = 2 ** (depth - d + MIN_DEPTH); trees > 0; trees--) nodes += count(tree(d));
    sum.addNumber(nodes);
  }
  sum.addNumber(count(kept));
}

// ---------------------------------------------------------------- gcbench

class BenchNode {
  constructor(height, left, right) {
    this.left = left;
    this.right = right;
    this.height = height;
  }
}

function populate(parent) {
  if (parent.height === 0) return parent;
  parent.left = new BenchNode(parent.height - 1, null, null);
  parent.right = new BenchNode(parent.height - 1, null, null);
  populate(parent.left);
  populate(parent.right);
  return parent;
}

const topDown = depth => populate(new BenchNode(depth, null, null));
const bottomUp = depth => depth === 0 ? new BenchNode(0, null, null) : new BenchNode(depth, bottomUp(depth - 1), bottomUp(depth - 1));

function countIntact(node, height) {
  const self = node.height === height ? 1 : 0;
  return node.left === null || height === 0 ? self : self + countIntact(node.left, height - 1) + countIntact(node.right, height - 1);
}

const nodesOfDepth = depth => 2 ** (depth + 1) - 1;

function gcBench({ stretch_depth, long_lived_depth, array_length, max_depth }, sum) {
  sum.addNumber(countIntact(bottomUp(stretch_depth), stretch_depth));
  const kept = topDown(long_lived_depth);
  const array = Float64Array.from({ length: array_length }, (_, index) => 1 / (index + 1));
  for (let depth = MIN_DEPTH; depth <= max_depth; depth += 2) {
    const rounds = Math.floor(2 * nodesOfDepth(stretch_depth) / nodesOfDepth(depth));
    let nodes = 0;
    for (let round = 0; round < rounds; round++) nodes += countIntact(topDown(depth), depth);
    for (let round = 0; round < rounds; round++) nodes += countIntact(bottomUp(depth), depth);
    sum.addNumber(nodes);
  }
  sum.addNumber(countIntact(kept, long_lived_depth));
  const words = new Uint32Array(array.buffer);
  for (let index = 0; index < words.length; index += 2) sum.add(words[index + 1], words[index]);
}

// ---------------------------------------------------------------- ring

/** Nanoseconds on the clock. Compiled, it allocates nothing. */
function now() {
  const time = process.hrtime();
  return time[0] * 1e9 + time[1];
}

function ring({ window: length, message, pushes }, sum) {
  const window = new Array(length).fill(null);
  const nanos = new Float64Array(pushes);
  for (let number = 0; number < pushes; number++) {
    const start = now();
    window[number % length] = new Uint8Array(message).fill(number & 255);
    nanos[number] = now() - start;
  }
  for (const bytes of window) sum.addNumber(bytes === null ? 0 : bytes.reduce((all, byte) => all + byte, 0));
  return nanos;
}

// ---------------------------------------------------------------- window

class Literal {
  constructor(number) {
    this.number = number;
    // The words that an object has besides.
    this.word1 = 0;
    this.word2 = 0;
    this.word3 = 0;
    this.word4 = 0;
  }
}

function window({ window: length, objects }, sum) {
  const window = new Array(length).fill(null);
  let index = 0;
  for (let number = 0; number < objects; number++) {
    const made = new Literal(number);
    if (index < length) window[index] = made;
    index = index + 1 < length ? index + 1 : 0;
  }
  for (const literal of window) if (literal !== null) sum.addNumber(literal.number);
}

// ---------------------------------------------------------------- splay

/** A node, whose key is in two halves; the upper one is stored so that it compares with a sign. */
class TreeNode {
  constructor(high, low, payload) {
    this.high = high;
    this.low = low;
    this.left = null;
    this.right = null;
    this.payload = payload;
  }
}

/** Less than 0, 0, or more than 0: how a key lies to that of a node. */
function order(high, low, node) {
  if (high !== node.high) return high < node.high ? -1 : 1;
  return low === node.low ? 0 : (low < node.low ? -1 : 1);
}

const TOP = -2147483648;
const digits = (high, low) => ((BigInt((high ^ TOP) >>> 0) << 32n) | BigInt((low ^ TOP) >>> 0)).toString().padStart(20, '0');

function payload(depth, key) {
  if (depth === 0) return { array: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], string: 'String for key ' + key + ' in leaf node' };
  return { left: payload(depth - 1, key), right: payload(depth - 1, key) };
}

function isIntact(found, depth, key) {
  if (depth === 0) return found.array.length === 10 && found.array.every((value, index) => value === index) && found.string === `String for key ${key} in leaf node`;
  return isIntact(found.left, depth - 1, key) && isIntact(found.right, depth - 1, key);
}

class SplayTree {
  constructor() {
    this.root = null;
  }

  /** Makes the node under a key, or a neighbour of it in order, the root (Sleator and Tarjan, 1985; top-down). */
  splay(high, low) {
    if (this.root === null) return;
    const sides = new TreeNode(0, 0, null);
    let lesser = sides, greater = sides, current = this.root;
    for (;;) {
      const at = order(high, low, current);
      if (at < 0) {
        if (current.left === null) break;
        if (order(high, low, current.left) < 0) {
          const child = current.left;
          current.left = child.right;
          child.right = current;
          current = child;
          if (current.left === null) break;
        }
        greater.left = current;
        greater = current;
        current = current.left;
      } else if (at > 0) {
        if (current.right === null) break;
        if (order(high, low, current.right) > 0) {
          const child = current.right;
          current.right = child.left;
          child.left = current;
          current = child;
          if (current.right === null) break;
        }
        lesser.right = current;
        lesser = current;
        current = current.right;
      } else {
        break;
      }
    }
    lesser.right = current.left;
    greater.left = current.right;
    current.left = sides.right;
    current.right = sides.left;
    this.root = current;
  }

  contains(high, low) {
    this.splay(high, low);
    return this.root !== null && order(high, low, this.root) === 0;
  }

  insert(high, low, depth) {
    const node = new TreeNode(high, low, payload(depth, digits(high, low)));
    this.splay(high, low);
    const root = this.root;
    if (root !== null) {
      if (order(high, low, root) > 0) {
        node.left = root;
        node.right = root.right;
        root.right = null;
      } else {
        node.right = root;
        node.left = root.left;
        root.left = null;
      }
    }
    this.root = node;
  }

  /** Removes the node with the greatest key below this one, or the one under it if there is none. */
  removeBelow(high, low) {
    this.splay(high, low);
    let victim = this.root;
    if (order(high, low, victim) <= 0 && victim.left !== null) {
      victim = victim.left;
      while (victim.right !== null) victim = victim.right;
    }
    this.splay(victim.high, victim.low);
    const { left, right } = this.root;
    if (left === null) {
      this.root = right;
    } else {
      this.root = left;
      this.splay(victim.high, victim.low);
      this.root.right = right;
    }
  }

  insertNew(random, depth) {
    do random.next(); while (this.contains(random.high ^ TOP, random.low ^ TOP));
    this.insert(random.high ^ TOP, random.low ^ TOP, depth);
  }

  addKeys(depth, sum) {
    const ancestors = [];
    let subtree = this.root;
    while (subtree !== null || ancestors.length > 0) {
      for (; subtree !== null; subtree = subtree.left) ancestors.push(subtree);
      const node = ancestors.pop();
      const high = node.high ^ TOP, low = node.low ^ TOP;
      if (isIntact(node.payload, depth, digits(node.high, node.low))) sum.add(high, low);
      else sum.add(~high, ~low);
      subtree = node.right;
    }
  }
}

function splay({ size, runs, modifications, payload_depth, seed }, sum) {
  const tree = new SplayTree(), random = new Random(seed);
  for (let index = 0; index < size; index++) tree.insertNew(random, payload_depth);
  for (let index = 0; index < runs * modifications; index++) {
    tree.insertNew(random, payload_depth);
    tree.removeBelow(random.high ^ TOP, random.low ^ TOP);
  }
  tree.addKeys(payload_depth, sum);
}

// ---------------------------------------------------------------- lru_cache

class Entry {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.chain = null;
    this.newer = this;
    this.older = this;
  }

  unlink() {
    this.newer.older = this.older;
    this.older.newer = this.newer;
  }

  number() {
    const value = this.value;
    return value[0] + value[1] * 2 ** 8 + value[2] * 2 ** 16 + value[3] * 2 ** 24;
  }
}

/** Bytes of which the first hold a number below 2^32. */
function value(length, number) {
  const value = new Uint8Array(length);
  for (let index = 0; index < 4; index++) value[index] = number >>> (8 * index);
  return value;
}

/** Keys are below 2^32, so that the product of a key is: the upper half is what the lower half of the factor carries, and its own. */
function bucket(key, buckets) {
  const spread = (highProduct(key, 0x7f4a7c15) + Math.imul(key, 0x9e3779b9)) >>> 0;
  return highProduct(spread, buckets);
}

function evict(buckets, ends) {
  const oldest = ends.newer;
  oldest.unlink();
  const at = bucket(oldest.key, buckets.length);
  if (buckets[at] === oldest) {
    buckets[at] = oldest.chain;
    return;
  }
  let before = buckets[at];
  while (before.chain !== oldest) before = before.chain;
  before.chain = oldest.chain;
}

function lruCache({ capacity, keys, lookups, value: valueBytes, seed }, sum) {
  const buckets = new Array(capacity).fill(null), ends = new Entry(0, null), random = new Random(seed);
  let entries = 0;
  for (let number = 0; number < lookups; number++) {
    const key = random.below(1 + random.below(1 + random.below(keys)));
    const at = bucket(key, capacity);
    let entry = buckets[at];
    while (entry !== null && entry.key !== key) entry = entry.chain;
    if (entry !== null) {
      entry.unlink();
    } else {
      if (entries === capacity) evict(buckets, ends);
      else entries++;
      entry = new Entry(key, value(valueBytes, number));
      entry.chain = buckets[at];
      buckets[at] = entry;
    }
    entry.newer = ends;
    entry.older = ends.older;
    ends.older.newer = entry;
    ends.older = entry;
    sum.addNumber(entry.number());
  }
  for (let entry = ends.older; entry !== ends; entry = entry.older) {
    sum.addNumber(entry.key);
    sum.addNumber(entry.number());
  }
}

// ---------------------------------------------------------------- big_heap

// Mean size of a record in Tenure, and of a slot that refers to one.
const MEAN_BYTES = 48;
const SLOT_BYTES = 4;

const kindOf = number => (number >>> 0) % 3;
/** The upper half of word `index`; the lower one is the number itself, and kept once. */
const word = (number, index) => Math.imul(index, number ^ 0x9e3779b9);

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

class Middling extends Short {
  constructor(number, next) {
    super(number, next);
    this.word2 = word(number, 2);
    this.word3 = word(number, 3);
  }

  isIntact() {
    const { number } = this;
    return kindOf(number) === 1 && this.word1 === word(number, 1) && this.word2 === word(number, 2) && this.word3 === word(number, 3);
  }
}

class Long extends Short {
  constructor(number, next) {
    super(number, next);
    this.word2 = word(number, 2);
    this.word3 = word(number, 3);
    this.word4 = word(number, 4);
    this.word5 = word(number, 5);
  }

  isIntact() {
    const { number } = this;
    return kindOf(number) === 2 && this.word1 === word(number, 1) && this.word2 === word(number, 2) && this.word3 === word(number, 3)
      && this.word4 === word(number, 4) && this.word5 === word(number, 5);
  }
}

const KINDS = [Short, Middling, Long];

function prepend(number, next) {
  const record = new KINDS[kindOf(number)](number, next);
  if (next !== null) next.previous = record;
  return record;
}

class Lists {
  constructor({ live, length, fresh, survivors }) {
    this.length = length;
    this.fresh = fresh;
    this.survivors = survivors;
    this.count = Math.max(Math.floor(live * 1024 / (length * MEAN_BYTES + SLOT_BYTES)), 1);
    this.first = new Array(this.count).fill(null);
  }

  records(depth, base) {
    let first = null;
    for (let at = this.length - 1; at >= depth; at--) first = prepend((base + at) | 0, first);
    return first;
  }

  before(list, depth) {
    if (depth === 0) return null;
    let record = this.first[list];
    for (let at = 1; at < depth; at++) record = record.next;
    return record;
  }

  behind(list, before) {
    return before === null ? this.first[list] : before.next;
  }

  attach(list, before, end) {
    if (before === null) this.first[list] = end;
    else before.next = end;
    if (end !== null) end.previous = before;
  }

  replace(list, depth, base) {
    const end = this.records(depth, base);
    this.attach(list, this.before(list, depth), end);
  }

  exchange(left, right, depth) {
    const leftBefore = this.before(left, depth), rightBefore = this.before(right, depth);
    const leftEnd = this.behind(left, leftBefore), rightEnd = this.behind(right, rightBefore);
    this.attach(left, leftBefore, rightEnd);
    this.attach(right, rightBefore, leftEnd);
  }

  operate(operation, random) {
    const { count, length, fresh } = this;
    for (let index = 0; index < fresh; index++) {
      const base = Math.imul((count + ((Math.imul(operation, fresh) + index) | 0)) | 0, length);
      if (random.chance(this.survivors)) {
        const list = random.below(count);
        this.replace(list, random.below(length), base);
      } else {
        this.records(0, base);
      }
    }
    const depth = random.below(length), left = random.below(count);
    this.exchange(left, random.below(count), depth);
  }

  addNumbers(sum) {
    for (let list = 0; list < this.count; list++) {
      let previous = null, found = 0;
      // One record too many tells that a list is too long, even if it has no end.
      for (let record = this.first[list]; record !== null && found <= this.length; record = record.next) {
        if (record.isIntact() && record.previous === previous) sum.add(0, record.number);
        else sum.add(-1, -1);
        previous = record;
        found++;
      }
      if (found === 0) sum.add(-1, -1);
    }
  }
}

/** All numbers below a bound, each once, in an order that a seed decides. */
function* shuffled(bound, seed) {
  const bits = BigInt(Math.max(32 - Math.clz32(bound - 1), 2));
  const mask = (1n << bits) - 1n;
  for (let word = 0n; word <= mask; word++) {
    let mixed = word;
    for (const factor of [0x9e3779b97f4a7c15n, 0xbf58476d1ce4e5b9n, 0x94d049bb133111ebn]) {
      mixed = ((mixed + seed) * factor) & mask;
      mixed ^= mixed >> (bits / 2n);
    }
    if (mixed < BigInt(bound)) yield Number(mixed);
  }
}

function bigHeap(parameters, sum) {
  const { length, order, operations, seed } = parameters;
  const lists = new Lists(parameters);
  if (order === 0) {
    for (let list = 0; list < lists.count; list++) lists.replace(list, 0, Math.imul(list, length));
  } else {
    for (let depth = length - 1; depth >= 0; depth--) {
      for (const list of shuffled(lists.count, BigInt(seed) + BigInt(depth))) {
        lists.first[list] = prepend((Math.imul(list, length) + depth) | 0, lists.first[list]);
      }
    }
  }
  const nanos = new Float64Array(operations), random = new Random(seed);
  for (let operation = 0; operation < operations; operation++) {
    const start = now();
    lists.operate(operation, random);
    nanos[operation] = now() - start;
  }
  lists.addNumbers(sum);
  return nanos;
}

// ---------------------------------------------------------------- what is printed

const WORKLOADS = { binary_trees: binaryTrees, gcbench: gcBench, ring, window, splay, lru_cache: lruCache, big_heap: bigHeap };

function main([name, ...words]) {
  const parameters = Object.fromEntries([['warmups', 0], ...words.map(word => word.split('=')).map(([key, number]) => [key, Number(number)])]);
  const workload = WORKLOADS[name];
  if (workload === undefined) throw new Error(`there is no workload ${name}`);
  for (let warmup = 0; warmup < parameters.warmups; warmup++) workload(parameters, new Checksum());
  const sum = new Checksum();
  const start = now();
  const nanos = workload(parameters, sum);
  const seconds = (now() - start) / 1e9;
  console.log(`checksum ${sum}\nseconds ${seconds.toFixed(9)}`);
  if (nanos === undefined || nanos.length === 0) return;
  nanos.sort();
  for (const [label, share] of [['p50', 0.5], ['p99', 0.99], ['p999', 0.999], ['worst', 1]]) {
    console.log(`latency_${label}_ns ${nanos[Math.max(Math.ceil(share * nanos.length), 1) - 1]}`);
  }
}

main(process.argv.slice(2));
