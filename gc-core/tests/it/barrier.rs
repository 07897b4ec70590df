//! The write barrier: whatever path a young object takes into an old one, the next scavenge finds it.

use crate::support::{
    each_calm_config, each_config, heap, leaf, make_old, node, pauses, recorded, with_age, word,
};
use gc_core::{Config, Decoder, Heap, Layout, Local, Shape, Value, ValueView, View};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use std::collections::BTreeSet;
use std::ops::Range;

/// Lengths of arrays without cards, with two, and with many.
const LENGTHS: [u32; 6] = [1, 5, 128, 129, 300, 9_000];

/// Places at the ends of an array and on both sides of each border between cards.
fn interesting_indices(length: u32, per_card: u32) -> BTreeSet<u32> {
    let borders = (per_card..length).step_by(per_card as usize * 16).flat_map(|border| [border - 1, border]);
    borders.chain([0, length / 2, length - 1]).collect()
}

/// A heap with an old array of references and a shape for what to store into it.
fn with_old_array(config: Config, length: u32) -> (Heap, Local, Shape) {
    let mut heap = heap(config);
    let (node, array) = (node(&mut heap), heap.register("array", Layout::Slots));
    let array = heap.alloc_array(array, length).unwrap();
    make_old(&mut heap);
    (heap, array, node)
}

/// Fails unless young objects that `write` brings into an old array survive two scavenges and a full
/// collection.
fn check_path(write: impl Fn(&mut Heap, Local, u32, Local)) {
    each_config(|config| {
        for length in LENGTHS {
            let (mut heap, array, node) = with_old_array(config.clone(), length);
            let indices = interesting_indices(length, 128);
            for index in &indices {
                heap.scope(|heap| {
                    let young = leaf(heap, node, (*index).into());
                    write(heap, array, *index, young);
                });
            }
            for collect in [Heap::collect_minor, Heap::collect_minor, Heap::collect_full] {
                collect(&mut heap);
                let held = |index: &u32| word(heap.view(array).slot(*index)) == Some((*index).into());
                assert!(indices.iter().all(held), "length {length}");
            }
        }
    });
}

#[test]
fn a_store_is_seen() {
    check_path(|heap, array, index, young| heap.store(array, index, Some(young)));
}

#[test]
fn a_bulk_copy_is_seen() {
    check_path(|heap, array, index, young| {
        let node = heap.register("source", Layout::Fixed { slots: 1, bytes: 0 });
        let source = heap.alloc(node).unwrap();
        heap.store(source, 0, Some(young));
        heap.copy_slots(source, 0..1, array, index);
    });
}

#[test]
fn a_fill_is_seen() {
    check_path(|heap, array, index, young| heap.fill_slots(array, index..index + 1, Some(young)));
}

#[test]
fn a_store_into_a_fixed_object_is_seen() {
    each_config(|config| {
        let mut heap = heap(config);
        let wide = heap.register("wide", Layout::Fixed { slots: 40_000, bytes: 8 });
        let (node, object) = (node(&mut heap), heap.alloc(wide).unwrap());
        make_old(&mut heap);
        for index in [0, 1, 128, 39_999] {
            heap.scope(|heap| {
                let young = leaf(heap, node, index.into());
                heap.store(object, index, Some(young));
            });
            heap.collect_minor();
        }
        let view = heap.view(object);
        assert!([0, 1, 128, 39_999].into_iter().all(|index| word(view.slot(index)) == Some(index.into())));
    });
}

fn value_word(view: View<'_>, index: u32) -> Option<u64> {
    match view.value(index) {
        ValueView::Object(object) => Some(object.word(0)),
        ValueView::Bits(_) => None,
    }
}

#[test]
fn a_store_of_a_value_is_seen() {
    let decoder = Decoder { mask: 0b11, tag: 0b01, shift: 32 };
    each_config(|config| {
        for length in LENGTHS {
            let mut heap = heap(config.clone());
            let (node, shape) = (node(&mut heap), heap.register("values", Layout::Values(decoder)));
            let array = heap.alloc_array(shape, length).unwrap();
            make_old(&mut heap);
            let indices = interesting_indices(length, 64);
            for index in &indices {
                heap.scope(|heap| {
                    let young = leaf(heap, node, (*index).into());
                    heap.store_value(array, *index, Value::Object(young));
                });
            }
            for collect in [Heap::collect_minor, Heap::collect_minor, Heap::collect_full] {
                collect(&mut heap);
                let view = heap.view(array);
                let held = |index: &u32| value_word(view, *index) == Some((*index).into());
                assert!(indices.iter().all(held), "length {length}");
            }
        }
    });
}

#[test]
fn a_young_large_object_stored_into_an_old_one_is_kept() {
    each_config(|config| {
        let (mut heap, array, node) = with_old_array(config, 300);
        let slots = heap.register("large", Layout::Slots);
        heap.scope(|heap| {
            let large = heap.alloc_array(slots, 100_000).unwrap();
            heap.store(array, 200, Some(large));
            let young = leaf(heap, node, 7);
            heap.store(large, 99_999, Some(young));
        });
        heap.collect_minor();
        heap.collect_minor();
        let large = heap.view(array).slot(200).expect("the large object");
        assert_eq!(word(large.slot(99_999)), Some(7));
    });
}

#[test]
fn an_array_is_remembered_by_the_card_and_any_other_object_as_a_whole() {
    each_calm_config(|config| {
        for length in LENGTHS {
            let (mut heap, recorder) = recorded(with_age(config.clone(), 0));
            let (node, array) = (node(&mut heap), heap.register("array", Layout::Slots));
            let array = heap.alloc_array(array, length).unwrap();
            heap.collect_minor();
            let (young, indices) = (leaf(&mut heap, node, 0), interesting_indices(length, 128));
            for index in indices.iter().chain(&indices) {
                heap.store(array, *index, Some(young));
            }
            heap.collect_minor();
            heap.collect_minor();
            let remembered: Vec<_> = pauses(&recorder).iter().map(|pause| pause.remembered_entries).collect();
            let expected = entries(&indices, length);
            assert_eq!(
                remembered,
                [0, expected, 0],
                "length {length}; forgotten once all it refers to is old"
            );
        }
    });
}

/// Entries in the remembered set that stores at these places make.
fn entries(indices: &BTreeSet<u32>, length: u32) -> u64 {
    let per_card = if length > 128 { 128 } else { length };
    indices.iter().map(|index| index / per_card).collect::<BTreeSet<_>>().len() as u64
}

#[test]
fn an_object_stays_remembered_while_it_refers_to_young_ones() {
    each_calm_config(|config| {
        let (mut heap, recorder) = recorded(with_age(config, 3));
        let (node, array) = (node(&mut heap), heap.register("array", Layout::Slots));
        let arrays = [3, 1_000].map(|length| heap.alloc_array(array, length).unwrap());
        make_old(&mut heap);
        let young = leaf(&mut heap, node, 0);
        arrays.iter().for_each(|array| heap.store(*array, 1, Some(young)));
        let _ = pauses(&recorder);
        (0..5).for_each(|_| heap.collect_minor());
        let remembered: Vec<_> = pauses(&recorder).iter().map(|pause| pause.remembered_entries).collect();
        assert_eq!(remembered, [2, 2, 2, 2, 0]);
    });
}

/// A change of an array of references.
#[derive(Clone, Debug)]
enum Change {
    /// Copies a range within the array, to the place given.
    Copy(Range<u32>, u32),
    /// Fills a range with one new object, or with null.
    Fill(Range<u32>, Option<u64>),
    /// Scavenges.
    Collect,
}

/// A range within `length` elements.
fn range(length: u32) -> impl Strategy<Value = Range<u32>> {
    (0..=length).prop_flat_map(move |start| (Just(start), start..=length)).prop_map(|(start, end)| start..end)
}

fn change(length: u32) -> impl Strategy<Value = Change> {
    let copy = range(length).prop_flat_map(move |range| {
        let last = length - range.len() as u32;
        (Just(range), 0..=last).prop_map(|(range, at)| Change::Copy(range, at))
    });
    let fill = (range(length), any::<Option<u64>>()).prop_map(|(range, word)| Change::Fill(range, word));
    prop_oneof![4 => copy, 3 => fill, 1 => Just(Change::Collect)]
}

fn apply(heap: &mut Heap, node: Shape, array: Local, model: &mut [Option<u64>], change: &Change) {
    let places = |range: &Range<u32>| range.start as usize..range.end as usize;
    match change {
        Change::Copy(range, at) => {
            heap.copy_slots(array, range.clone(), array, *at);
            model.copy_within(places(range), *at as usize);
        }
        Change::Fill(range, word) => heap.scope(|heap| {
            let value = word.map(|word| leaf(heap, node, word));
            heap.fill_slots(array, range.clone(), value);
            model[places(range)].fill(*word);
        }),
        Change::Collect => heap.collect_minor(),
    }
}

fn check_changes(config: Config, length: u32, changes: &[Change]) {
    let (mut heap, array, node) = with_old_array(config, length);
    let mut model = vec![None; length as usize];
    for change in changes {
        apply(&mut heap, node, array, &mut model, change);
        let held: Vec<_> = (0..length).map(|index| word(heap.view(array).slot(index))).collect();
        assert_eq!(held, model, "after {change:?}");
    }
}

#[test]
fn copies_and_fills_change_an_array_as_they_would_a_vector() {
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    for length in [7, 128, 300] {
        let changes = proptest::collection::vec(change(length), 1..25);
        let outcome = TestRunner::new(config.clone()).run(&changes, |changes| {
            each_config(|config| check_changes(config, length, &changes));
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[test]
fn slots_are_copied_between_objects_of_any_age() {
    each_config(|config| {
        let (mut heap, old, node) = with_old_array(config, 200);
        let array = heap.register("young", Layout::Slots);
        let young = heap.alloc_array(array, 10).unwrap();
        for index in 0..10 {
            heap.scope(|heap| {
                let child = leaf(heap, node, index.into());
                heap.store(young, index, Some(child));
            });
        }
        heap.copy_slots(young, 2..10, old, 124);
        heap.copy_slots(old, 126..129, young, 0);
        heap.copy_slots(old, 0..0, young, 10);
        make_old(&mut heap);
        let held = |object, range: Range<u32>| -> Vec<_> {
            range.map(|index| word(heap.view(object).slot(index))).collect()
        };
        assert_eq!(held(old, 123..126), [None, Some(2), Some(3)]);
        assert_eq!(held(young, 0..4), [Some(4), Some(5), Some(6), Some(3)]);
    });
}
