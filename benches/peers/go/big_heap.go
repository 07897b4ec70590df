package main

import "math/bits"

// Mean size of a record in Tenure, and of a slot that refers to one.
const (
	meanBytes = 48
	slotBytes = 4
)

// A record of six words. In Tenure one in three has two, four or six: here all have room for six, since a type has one
// size.
type record struct {
	next, previous *record
	words          [6]uint64
}

func wordsOf(number uint32) (words [6]uint64) {
	for index := uint32(0); index < 2*(1+number%3); index++ {
		words[index] = uint64(number) | uint64(index*(number^0x9E3779B9))<<32
	}
	return words
}

func prepend(number uint32, next *record) *record {
	made := &record{next: next, words: wordsOf(number)}
	if next != nil {
		next.previous = made
	}
	return made
}

type lists struct {
	first         []*record
	length, fresh uint32
	survivors     uint32
}

// New records from depth to the end of a list.
func (l *lists) records(depth, base uint32) *record {
	var first *record
	for at := l.length; at > depth; at-- {
		first = prepend(base+at-1, first)
	}
	return first
}

// The record before the one at depth; nil if that is the first.
func (l *lists) before(list, depth uint32) *record {
	if depth == 0 {
		return nil
	}
	one := l.first[list]
	for at := uint32(1); at < depth; at++ {
		one = one.next
	}
	return one
}

func (l *lists) behind(list uint32, before *record) *record {
	if before == nil {
		return l.first[list]
	}
	return before.next
}

func (l *lists) attach(list uint32, before, end *record) {
	if before == nil {
		l.first[list] = end
	} else {
		before.next = end
	}
	if end != nil {
		end.previous = before
	}
}

func (l *lists) replace(list, depth, base uint32) {
	end := l.records(depth, base)
	l.attach(list, l.before(list, depth), end)
}

func (l *lists) exchange(left, right, depth uint32) {
	leftBefore, rightBefore := l.before(left, depth), l.before(right, depth)
	leftEnd, rightEnd := l.behind(left, leftBefore), l.behind(right, rightBefore)
	l.attach(left, leftBefore, rightEnd)
	l.attach(right, rightBefore, leftEnd)
}

func (l *lists) operate(operation uint32, numbers *random) {
	count := uint32(len(l.first))
	for index := uint32(0); index < l.fresh; index++ {
		base := (count + operation*l.fresh + index) * l.length
		if numbers.below(100) < l.survivors {
			list := numbers.below(count)
			l.replace(list, numbers.below(l.length), base)
		} else {
			l.records(0, base)
		}
	}
	depth := numbers.below(l.length)
	left := numbers.below(count)
	l.exchange(left, numbers.below(count), depth)
}

func (l *lists) addNumbers(sum *checksum) {
	for _, one := range l.first {
		if one == nil {
			sum.add(^uint64(0))
		}
		var previous *record
		// One record too many tells that a list is too long, even if it has no end.
		for found := uint32(0); one != nil && found <= l.length; found++ {
			if number := uint32(one.words[0]); one.words == wordsOf(number) && one.previous == previous {
				sum.add(uint64(number))
			} else {
				sum.add(^uint64(0))
			}
			previous, one = one, one.next
		}
	}
}

// Calls each with all numbers below bound, once, in an order that a seed decides.
func shuffled(bound uint32, seed uint64, each func(uint32)) {
	width := bits.Len32(bound - 1)
	if width < 2 {
		width = 2
	}
	mask := uint64(1)<<width - 1
	for word := uint64(0); word <= mask; word++ {
		mixed := word
		for _, factor := range []uint64{0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB} {
			mixed = (mixed + seed) * factor & mask
			mixed ^= mixed >> (width / 2)
		}
		if mixed < uint64(bound) {
			each(uint32(mixed))
		}
	}
}

func bigHeap(given parameters, all *found) {
	count := given["live"] * 1024 / (given["length"]*meanBytes + slotBytes)
	if count == 0 {
		count = 1
	}
	l := &lists{make([]*record, count), uint32(given["length"]), uint32(given["fresh"]), uint32(given["survivors"])}
	if given["order"] == 0 {
		for list := uint32(0); list < uint32(count); list++ {
			l.replace(list, 0, list*l.length)
		}
	} else {
		for depth := l.length; depth > 0; depth-- {
			shuffled(uint32(count), given["seed"]+uint64(depth-1), func(list uint32) {
				l.first[list] = prepend(list*l.length+depth-1, l.first[list])
			})
		}
	}
	numbers := newRandom(given["seed"])
	all.nanos = make([]int, 0, given["operations"])
	for operation := uint32(0); operation < uint32(given["operations"]); operation++ {
		all.time(func() { l.operate(operation, numbers) })
	}
	l.addNumbers(&all.sum)
}
