//! Sampling of allocations.

use crate::support::{NODE_BYTES, each_config, leaf, make_garbage, node, push};
use gc_core::arena::{Arena, Root};
use gc_core::clock::CostModel;
use gc_core::event::Recorder;
use gc_core::record::{MutationLog, Request, Told};
use gc_core::{ClockSource, Config, Heap, Layout};

/// Bytes that the program allocates between two points.
const INTERVAL: u64 = 1_000;

fn modelled(config: Config) -> Config {
    Config { clock: ClockSource::Modelled(CostModel::default()), ..config }
}

/// Allocates nodes, every fourth of which lives on, and a few large objects; how many sample points each allocation came
/// upon, after how many bytes in all.
fn run(heap: &mut Heap) -> Vec<(u64, u32)> {
    let (node, bytes) = (node(heap), heap.register("bytes", Layout::Bytes));
    heap.scope(|heap| {
        let head = leaf(heap, node, 0);
        let mut points = Vec::new();
        for number in 0..1_000_u64 {
            match number {
                _ if number % 250 == 249 => _ = heap.scope(|heap| heap.alloc_array(bytes, 200_000).unwrap()),
                _ if number % 4 == 0 => push(heap, node, head, number).unwrap(),
                _ => make_garbage(heap, node, 1),
            }
            points.push((heap.stats().work.allocated_bytes, heap.take_sample()));
        }
        points
    })
}

#[test]
fn each_point_is_told_by_the_allocation_that_comes_upon_it() {
    each_config(|config| {
        let mut heap = Heap::new(config).expect("the configuration is valid");
        heap.sample_allocations(Box::new(std::iter::repeat(INTERVAL)));
        let mut passed = 0;
        for (allocated, points) in run(&mut heap) {
            passed += u64::from(points);
            assert_eq!(passed, allocated / INTERVAL, "after {allocated} bytes");
        }
        assert!(passed > 800, "large objects are many points at once: {passed}");
    });
}

#[test]
fn a_heap_does_the_same_whether_it_is_sampled_or_not() {
    each_config(|config| {
        let events = |is_sampled: bool| {
            let recorder = Recorder::default();
            let mut heap = Heap::new(modelled(config.clone())).expect("the configuration is valid");
            heap.set_sink(Box::new(recorder.clone()));
            if is_sampled {
                heap.sample_allocations(Box::new((1..).map(|n| n % 300)));
            }
            run(&mut heap);
            recorder.take()
        };
        assert_eq!(events(true), events(false));
    });
}

/// Hears nothing of what it is told.
#[derive(Debug)]
struct Deaf;

impl MutationLog for Deaf {
    fn shape(&mut self, _: &str, _: Option<Layout>, _: Option<u32>) {}
    fn allocated(&mut self, _: u32, _: u32, _: &[(u32, Told)]) {}
    fn numbered(&mut self, _: u32, _: u32) {}
    fn stored(&mut self, _: Told, _: u32, _: Option<Told>) {}
    fn root_set(&mut self, _: u32, _: Option<Told>) {}
    fn point(&mut self) {}
    fn requested(&mut self, _: Request) {}
    fn died(&mut self, _: u32) {}
    fn collected(&mut self) {}
}

#[test]
fn a_heap_can_be_recorded_and_sampled_at_once() {
    let mut heap = Heap::new(Config::default()).expect("the configuration is valid");
    heap.sample_allocations(Box::new(std::iter::repeat(INTERVAL)));
    heap.record(Box::new(Deaf));
    let passed: u64 = run(&mut heap).into_iter().map(|(_, points)| u64::from(points)).sum();
    assert_eq!(passed, heap.stats().work.allocated_bytes / INTERVAL);
    assert!(heap.stop_recording().is_some());
}

#[test]
fn behind_the_last_point_and_after_the_end_nothing_is_sampled() {
    let mut heap = Heap::new(Config::default()).expect("the configuration is valid");
    heap.sample_allocations(Box::new([0, NODE_BYTES, 1].into_iter()));
    let points = |heap: &mut Heap| run(heap).into_iter().map(|(_, points)| points).sum::<u32>();
    assert_eq!(points(&mut heap), 3);
    heap.sample_allocations(Box::new(std::iter::repeat(INTERVAL)));
    heap.stop_sampling();
    assert_eq!(points(&mut heap), 0);
}

#[test]
fn typed_programs_are_sampled_too() {
    each_config(|config| {
        let mut arena = Arena::<Root![()]>::new(config, |_| ()).expect("the configuration is valid");
        let before = arena.stats().work.allocated_bytes;
        arena.sample_allocations(Box::new(std::iter::repeat(INTERVAL)));
        let mut passed = 0;
        for _ in 0..200 {
            passed += arena.mutate(|mc, _| {
                let sampled = (0..50).map(|_| {
                    mc.new([0_u64; 3]);
                    mc.take_sample()
                });
                sampled.sum::<u32>()
            });
            arena.collect_if_due();
        }
        let allocated = arena.stats().work.allocated_bytes - before;
        assert_eq!(u64::from(passed), allocated / INTERVAL);
    });
}
