package main

import (
	"fmt"
	"math"
)

const minDepth = 4

// ---------------------------------------------------------------- binary_trees

type node struct{ left, right *node }

func tree(depth uint64) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

func (n *node) count() uint64 {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func binaryTrees(given parameters, all *found) {
	depth := given["depth"]
	all.sum.add(tree(depth + 1).count())
	kept := tree(depth)
	for d := uint64(minDepth); d <= depth; d += 2 {
		nodes := uint64(0)
		for trees := uint64(1) << (depth - d + minDepth); trees > 0; trees-- {
			nodes += tree(d).count()
		}
		all.sum.add(nodes)
	}
	all.sum.add(kept.count())
}

// ---------------------------------------------------------------- gcbench

type benchNode struct {
	left, right *benchNode
	height      uint32
}

func topDown(depth uint32) *benchNode {
	root := &benchNode{height: depth}
	populate(root)
	return root
}

func populate(parent *benchNode) {
	if parent.height > 0 {
		parent.left = &benchNode{height: parent.height - 1}
		parent.right = &benchNode{height: parent.height - 1}
		populate(parent.left)
		populate(parent.right)
	}
}

func bottomUp(depth uint32) *benchNode {
	if depth == 0 {
		return &benchNode{}
	}
	return &benchNode{bottomUp(depth - 1), bottomUp(depth - 1), depth}
}

func (n *benchNode) count(height uint32) uint64 {
	this := uint64(0)
	if n.height == height {
		this = 1
	}
	if n.left == nil || height == 0 {
		return this
	}
	return this + n.left.count(height-1) + n.right.count(height-1)
}

func nodesOfDepth(depth uint64) uint64 { return 2<<depth - 1 }

func gcBench(given parameters, all *found) {
	stretch, keptDepth := uint32(given["stretch_depth"]), uint32(given["long_lived_depth"])
	all.sum.add(bottomUp(stretch).count(stretch))
	kept := topDown(keptDepth)
	array := make([]float64, given["array_length"])
	for index := range array {
		array[index] = 1 / (float64(index) + 1)
	}
	for depth := uint64(minDepth); depth <= given["max_depth"]; depth += 2 {
		rounds, nodes := 2*nodesOfDepth(given["stretch_depth"])/nodesOfDepth(depth), uint64(0)
		for round := uint64(0); round < rounds; round++ {
			nodes += topDown(uint32(depth)).count(uint32(depth))
		}
		for round := uint64(0); round < rounds; round++ {
			nodes += bottomUp(uint32(depth)).count(uint32(depth))
		}
		all.sum.add(nodes)
	}
	all.sum.add(kept.count(keptDepth))
	for _, number := range array {
		all.sum.add(math.Float64bits(number))
	}
}

// ---------------------------------------------------------------- ring

func ring(given parameters, all *found) {
	window, length := make([][]byte, given["window"]), given["message"]
	all.nanos = make([]int, 0, given["pushes"])
	for number := uint64(0); number < given["pushes"]; number++ {
		all.time(func() {
			message := make([]byte, length)
			for index := range message {
				message[index] = byte(number)
			}
			window[number%uint64(len(window))] = message
		})
	}
	for _, message := range window {
		sum := uint64(0)
		for _, one := range message {
			sum += uint64(one)
		}
		all.sum.add(sum)
	}
}

// ---------------------------------------------------------------- window

type literal struct {
	number uint64
	_      [4]uint64
}

// Keeps the compiler from making objects on the stack.
var escaped *literal

func window(given parameters, all *found) {
	window, index := make([]*literal, given["window"]), 0
	for number := uint64(0); number < given["objects"]; number++ {
		escaped = &literal{number: number}
		if index < len(window) {
			window[index] = escaped
		}
		if index++; index >= len(window) {
			index = 0
		}
	}
	for _, kept := range window {
		if kept != nil {
			all.sum.add(kept.number)
		}
	}
}

// ---------------------------------------------------------------- splay

type treeNode struct {
	key         uint64
	left, right *treeNode
	payload     *payload
}

// A branch, or a leaf with an array and a string.
type payload struct {
	left, right *payload
	numbers     *[10]uint64
	text        *[48]byte
}

func makePayload(depth uint64, text *[48]byte) *payload {
	if depth == 0 {
		numbers, own := &[10]uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, *text
		return &payload{numbers: numbers, text: &own}
	}
	return &payload{left: makePayload(depth-1, text), right: makePayload(depth-1, text)}
}

func (p *payload) isIntact(depth uint64, text *[48]byte) bool {
	if depth == 0 {
		return *p.numbers == [10]uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9} && *p.text == *text
	}
	return p.left.isIntact(depth-1, text) && p.right.isIntact(depth-1, text)
}

func textOf(key uint64) *[48]byte {
	var text [48]byte
	copy(text[:], fmt.Sprintf("String for key %020d in leaf node", key))
	return &text
}

type splayTree struct{ root *treeNode }

// Makes the node under key, or a neighbour of it in order, the root (Sleator and Tarjan, 1985; top-down).
func (t *splayTree) splay(key uint64) {
	if t.root == nil {
		return
	}
	var sides treeNode
	lesser, greater, current := &sides, &sides, t.root
	for key != current.key {
		if key < current.key {
			if current.left == nil {
				break
			}
			if child := current.left; key < child.key {
				current.left, child.right = child.right, current
				current = child
				if current.left == nil {
					break
				}
			}
			greater.left = current
			greater, current = current, current.left
		} else {
			if current.right == nil {
				break
			}
			if child := current.right; key > child.key {
				current.right, child.left = child.left, current
				current = child
				if current.right == nil {
					break
				}
			}
			lesser.right = current
			lesser, current = current, current.right
		}
	}
	lesser.right, greater.left = current.left, current.right
	current.left, current.right = sides.right, sides.left
	t.root = current
}

func (t *splayTree) contains(key uint64) bool {
	t.splay(key)
	return t.root != nil && t.root.key == key
}

func (t *splayTree) insert(key, depth uint64) {
	made := &treeNode{key: key, payload: makePayload(depth, textOf(key))}
	t.splay(key)
	if root := t.root; root != nil {
		if key > root.key {
			made.left, made.right, root.right = root, root.right, nil
		} else {
			made.right, made.left, root.left = root, root.left, nil
		}
	}
	t.root = made
}

func (t *splayTree) removeBelow(key uint64) {
	t.splay(key)
	victim := t.root
	if victim.key >= key && victim.left != nil {
		for victim = victim.left; victim.right != nil; {
			victim = victim.right
		}
	}
	t.splay(victim.key)
	left, right := t.root.left, t.root.right
	if left == nil {
		t.root = right
		return
	}
	t.root = left
	t.splay(victim.key)
	t.root.right = right
}

func (t *splayTree) insertNew(numbers *random, depth uint64) uint64 {
	key := numbers.number()
	for t.contains(key) {
		key = numbers.number()
	}
	t.insert(key, depth)
	return key
}

func splay(given parameters, all *found) {
	var t splayTree
	numbers, depth := newRandom(given["seed"]), given["payload_depth"]
	for index := uint64(0); index < given["size"]; index++ {
		t.insertNew(numbers, depth)
	}
	for index := uint64(0); index < given["runs"]*given["modifications"]; index++ {
		t.removeBelow(t.insertNew(numbers, depth))
	}
	var ancestors []*treeNode
	for subtree := t.root; subtree != nil || len(ancestors) > 0; {
		for ; subtree != nil; subtree = subtree.left {
			ancestors = append(ancestors, subtree)
		}
		last := ancestors[len(ancestors)-1]
		ancestors = ancestors[:len(ancestors)-1]
		if last.payload.isIntact(depth, textOf(last.key)) {
			all.sum.add(last.key)
		} else {
			all.sum.add(^last.key)
		}
		subtree = last.right
	}
}

// ---------------------------------------------------------------- lru_cache

type entry struct {
	key                 uint64
	chain, newer, older *entry
	value               []byte
}

func (e *entry) number() uint64 {
	number := uint64(0)
	for index := 7; index >= 0; index-- {
		number = number<<8 | uint64(e.value[index])
	}
	return number
}

func newEntry(key, number, length uint64) *entry {
	made := &entry{key: key, value: make([]byte, length)}
	for index := 0; index < 8; index++ {
		made.value[index] = byte(number >> (8 * index))
	}
	return made
}

func (e *entry) unlink() { e.newer.older, e.older.newer = e.older, e.newer }

func bucket(key uint64, buckets int) uint64 {
	return (key * 0x9E3779B97F4A7C15 >> 32) * uint64(buckets) >> 32
}

func evict(buckets []*entry, ends *entry) {
	oldest := ends.newer
	oldest.unlink()
	link := &buckets[bucket(oldest.key, len(buckets))]
	for *link != oldest {
		link = &(*link).chain
	}
	*link = oldest.chain
}

func lruCache(given parameters, all *found) {
	buckets, ends := make([]*entry, given["capacity"]), &entry{}
	ends.newer, ends.older = ends, ends
	numbers, entries := newRandom(given["seed"]), 0
	for number := uint64(0); number < given["lookups"]; number++ {
		key := uint64(numbers.below(1 + numbers.below(1+numbers.below(uint32(given["keys"])))))
		at := bucket(key, len(buckets))
		one := buckets[at]
		for one != nil && one.key != key {
			one = one.chain
		}
		if one != nil {
			one.unlink()
		} else {
			if entries == len(buckets) {
				evict(buckets, ends)
			} else {
				entries++
			}
			one = newEntry(key, number, given["value"])
			one.chain = buckets[at]
			buckets[at] = one
		}
		one.newer, one.older = ends, ends.older
		ends.older.newer, ends.older = one, one
		all.sum.add(one.number())
	}
	for one := ends.older; one != ends; one = one.older {
		all.sum.add(one.key)
		all.sum.add(one.number())
	}
}
