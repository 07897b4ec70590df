use super::{Leak, LeakEvent, LeakPolicy, LeakReport, LeakWatch};
use crate::Shared;
use gc_core::{Config, Heap, HeapFull, Layout, Root, Shape};
use std::sync::{Arc, Mutex};

/// What a heap holds at each of its full collections, in objects of 1 KiB: those of one type, and of another.
type Course = [(u32, u32)];

/// Runs that course on a heap with a watch; what the watch has told in the end, and how many leaks it has told before.
fn watched(course: &Course, allocated_after: u32) -> (LeakReport, usize) {
    let policy = LeakPolicy { least_bytes: 4 << 10, ..LeakPolicy::default() };
    let (watch, told) = (Shared::new(LeakWatch::new(policy)), Arc::new(Mutex::new(0)));
    let count = Arc::clone(&told);
    watch.lock().listen(move |event| {
        *count.lock().expect("nobody has failed") += usize::from(matches!(event, LeakEvent::Leak(_)));
    });
    let mut heap = Heap::new(Config::default()).expect("a heap");
    heap.watch(Box::new(watch.clone()));
    let shapes = ["one", "other"].map(|name| heap.register(name, Layout::Fixed { slots: 0, bytes: 1016 }));
    let mut kept: [Vec<Root>; 2] = Default::default();
    for &(one, other) in course {
        for ((kept, shape), count) in kept.iter_mut().zip(shapes).zip([one, other]) {
            kept.resize_with(count as usize, || {
                heap.scope(|heap| allocated(heap, shape)).expect("there is room")
            });
        }
        heap.collect_full();
    }
    for _ in 0..allocated_after {
        heap.scope(|heap| allocated(heap, shapes[0])).expect("there is room");
    }
    heap.collect_minor();
    let told_before = *told.lock().expect("nobody has failed");
    let report = watch.lock().finish(heap.now(), &heap.snapshot());
    (report, told_before)
}

fn allocated(heap: &mut Heap, shape: Shape) -> Result<Root, HeapFull> {
    let object = heap.alloc(shape)?;
    Ok(heap.root(object))
}

/// Checks which types are suspected in the end, and how many leaks were told before.
#[track_caller]
fn check(course: &Course, suspects: &[&str], told_before: usize) {
    let (report, before) = watched(course, 0);
    let found = |leak: &Leak| leak.suspects.iter().map(|suspect| suspect.name.clone()).collect::<Vec<_>>();
    assert_eq!(report.leaks.iter().flat_map(found).collect::<Vec<_>>(), suspects, "{report:?}");
    assert_eq!(before, told_before);
    assert_eq!(report.full_collections, course.len() as u64);
}

/// What grows by so many objects of a type at each of ten collections.
fn growing(from: (u32, u32), by: (u32, u32), times: u32) -> Vec<(u32, u32)> {
    (0..times).map(|n| (from.0 + n * by.0, from.1 + n * by.1)).collect()
}

#[test]
fn growth_from_the_start_is_told_in_the_end() {
    check(&growing((10, 10), (5, 0), 10), &["one"], 0);
    check(&growing((10, 10), (5, 9), 10), &["other", "one"], 0);
}

#[test]
fn growth_after_a_pause_is_told_at_once() {
    check(&[vec![(10, 10), (10, 10)], growing((10, 10), (5, 0), 10)].concat(), &["one"], 1);
}

#[test]
fn growth_over_few_collections_is_none() {
    check(&growing((10, 10), (5, 0), 5), &[], 0);
    check(&growing((10, 10), (5, 0), 6), &["one"], 0);
}

#[test]
fn growth_that_stops_was_a_start() {
    check(&[growing((10, 10), (5, 0), 10), vec![(55, 10)]].concat(), &[], 0);
}

#[test]
fn growth_by_little_is_noise() {
    check(&growing((1_000, 0), (1, 0), 10), &[], 0);
}

#[test]
fn types_that_do_not_grow_each_time_are_not_suspected() {
    let course: Vec<_> = (0..12).map(|n| (10 + 20 * n, 10 + 7 * (n % 2))).collect();
    check(&course, &["one"], 0);
}

#[test]
fn each_growth_is_told_once() {
    let growth = growing((10, 10), (5, 0), 10);
    let course = [vec![(10, 10); 2], growth.clone(), vec![(10, 10)], growth].concat();
    check(&course, &["one", "one"], 2);
}

#[test]
fn what_was_built_up_and_does_not_grow_any_more_is_not_told() {
    let course = growing((10, 0), (10, 0), 10);
    assert_eq!(watched(&course, 0).0.leaks.len(), 1);
    assert_eq!(watched(&course, 1_000).0.leaks.len(), 0, "much was allocated since, and nothing of it kept");
}

#[test]
fn a_suspect_is_shown_with_what_keeps_one_of_its_new_objects_alive() {
    let (report, _) = watched(&growing((10, 10), (5, 0), 10), 0);
    let suspect = &report.leaks[0].suspects[0];
    assert_eq!((suspect.grown_objects, suspect.grown_bytes), (45, 45 << 10));
    let way = suspect.kept_by.as_ref().expect("it is alive").to_string();
    assert!(way.starts_with("(Persistent roots) -> [") && way.ends_with("] one"), "{way}");
}
