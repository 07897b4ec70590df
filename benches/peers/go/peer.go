// Tenure's workloads in Go: `peer WORKLOAD [NAME=VALUE]...`. All parameters of the workload must be given. What is
// printed is told in ../README.md.
package main

import (
	"fmt"
	"math/bits"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Parameters of a run, by name.
type parameters map[string]uint64

// An order-sensitive fold of numbers, as Tenure's.
type checksum uint64

func (sum *checksum) add(value uint64) {
	*sum = checksum(bits.RotateLeft64(((uint64(*sum)^value)+0x9E3779B97F4A7C15)*0xBF58476D1CE4E5B9, 31))
}

// Random numbers: xoshiro256++, seeded by SplitMix64.
type random [4]uint64

func newRandom(seed uint64) *random {
	var state random
	for index := range state {
		seed += 0x9E3779B97F4A7C15
		mixed := (seed ^ seed>>30) * 0xBF58476D1CE4E5B9
		mixed = (mixed ^ mixed>>27) * 0x94D049BB133111EB
		state[index] = mixed ^ mixed>>31
	}
	return &state
}

func (s *random) number() uint64 {
	result := bits.RotateLeft64(s[0]+s[3], 23) + s[0]
	shifted := s[1] << 17
	s[2] ^= s[0]
	s[3] ^= s[1]
	s[1] ^= s[2]
	s[0] ^= s[3]
	s[2] ^= shifted
	s[3] = bits.RotateLeft64(s[3], 45)
	return result
}

// A number less than bound: the high half of the product.
func (s *random) below(bound uint32) uint32 {
	high, _ := bits.Mul64(s.number(), uint64(bound))
	return uint32(high)
}

// What a workload found, and how long its operations took if it measures them.
type found struct {
	sum   checksum
	nanos []int
}

func (all *found) time(operation func()) {
	start := time.Now()
	operation()
	all.nanos = append(all.nanos, int(time.Since(start)))
}

var workloads = map[string]func(parameters, *found){
	"binary_trees": binaryTrees,
	"gcbench":      gcBench,
	"ring":         ring,
	"window":       window,
	"splay":        splay,
	"lru_cache":    lruCache,
	"big_heap":     bigHeap,
}

func printLatencies(nanos []int) {
	if len(nanos) == 0 {
		return
	}
	sort.Ints(nanos)
	count := len(nanos)
	// The rank of a share, rounded up.
	for _, one := range []struct {
		name      string
		numerator int
	}{{"p50", 500}, {"p99", 990}, {"p999", 999}, {"worst", 1000}} {
		rank := (count*one.numerator + 999) / 1000
		fmt.Printf("latency_%s_ns %d\n", one.name, nanos[rank-1])
	}
}

// The pauses that the runtime tells: it keeps the last 256.
func printPauses() {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	worst := uint64(0)
	for _, pause := range stats.PauseNs {
		if pause > worst {
			worst = pause
		}
	}
	fmt.Printf("pauses %d\npauses_total_ns %d\npauses_worst_ns %d\n", stats.NumGC, stats.PauseTotalNs, worst)
}

func main() {
	given := parameters{}
	for _, word := range os.Args[2:] {
		name, value, _ := strings.Cut(word, "=")
		number, err := strconv.ParseUint(value, 10, 64)
		if err != nil {
			fmt.Fprintln(os.Stderr, word, "is not NAME=NUMBER")
			os.Exit(2)
		}
		given[name] = number
	}
	workload, isThere := workloads[os.Args[1]]
	if !isThere {
		fmt.Fprintln(os.Stderr, "there is no workload", os.Args[1])
		os.Exit(2)
	}
	var all found
	start := time.Now()
	workload(given, &all)
	elapsed := time.Since(start)
	fmt.Printf("checksum 0x%016x\nseconds %.9f\n", uint64(all.sum), elapsed.Seconds())
	printLatencies(all.nanos)
	printPauses()
}
