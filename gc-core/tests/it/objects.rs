//! Objects of every kind keep their contents, have the size that their layout says, and start out empty.

use crate::support::{collect_in_turn, each_config, heap, node};
use gc_core::{Config, Decoder, FixedShape, Heap, Layout, Local, Shape, ShapeError, Value, ValueView, View};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Objects are quiet NaNs with a sign bit.
const NAN_BOX: Decoder = Decoder { mask: 0xffff << 48, tag: 0xfff9 << 48, shift: 0 };
/// Objects are odd, their references in the upper half.
const LOW_TAG: Decoder = Decoder { mask: 0b11, tag: 0b01, shift: 32 };

/// Lengths around the places where arrays get cards, and a few megabytes.
const LENGTHS: [u32; 8] = [0, 1, 2, 63, 64, 65, 129, 400_000];

fn allocate(heap: &mut Heap, shape: Shape, layout: Layout, length: u32) -> Local {
    match layout {
        Layout::Fixed { .. } => heap.alloc(shape),
        Layout::Slots | Layout::Bytes | Layout::Values(_) => heap.alloc_array(shape, length),
        Layout::Ephemeron => heap.alloc_ephemeron(shape, None, None),
    }
    .unwrap()
}

/// What a test puts into a slot or a value.
enum Content {
    Itself,
    Other,
    Nothing,
}

fn content(index: u32) -> Content {
    match index % 3 {
        0 => Content::Itself,
        1 => Content::Other,
        _ => Content::Nothing,
    }
}

/// Bits that `decoder` does not take for a reference.
fn plain_bits(decoder: Decoder, index: u32) -> u64 {
    decoder.mask & !decoder.tag | u64::from(index) << decoder.shift
}

fn raw_byte(index: usize) -> u8 {
    (index * 31) as u8
}

fn fill(heap: &mut Heap, object: Local, layout: Layout, other: Local) {
    for index in 0..heap.view(object).slots() {
        let value = match content(index) {
            Content::Itself => Some(object),
            Content::Other => Some(other),
            Content::Nothing => None,
        };
        heap.store(object, index, value);
    }
    heap.bytes_mut(object).iter_mut().enumerate().for_each(|(index, byte)| *byte = raw_byte(index));
    if let Layout::Values(decoder) = layout {
        for index in 0..heap.view(object).len() {
            let value = match content(index) {
                Content::Itself => Value::Object(object),
                Content::Other => Value::Object(other),
                Content::Nothing => Value::Bits(plain_bits(decoder, index)),
            };
            heap.store_value(object, index, value);
        }
    }
}

fn has_slot(object: View<'_>, index: u32, other: View<'_>) -> bool {
    match (content(index), object.slot(index)) {
        (Content::Itself, Some(held)) => held.same(object),
        (Content::Other, Some(held)) => held.same(other),
        (Content::Nothing, None) => true,
        _ => false,
    }
}

fn has_value(object: View<'_>, decoder: Decoder, index: u32, other: View<'_>) -> bool {
    match (content(index), object.value(index)) {
        (Content::Itself, ValueView::Object(held)) => held.same(object),
        (Content::Other, ValueView::Object(held)) => held.same(other),
        (Content::Nothing, ValueView::Bits(bits)) => bits == plain_bits(decoder, index),
        _ => false,
    }
}

fn is_filled(object: View<'_>, layout: Layout, other: View<'_>) -> bool {
    let bytes = object.bytes().iter().enumerate();
    (0..object.slots()).all(|index| has_slot(object, index, other))
        && bytes.into_iter().all(|(index, byte)| *byte == raw_byte(index))
        && match layout {
            Layout::Values(decoder) => {
                (0..object.len()).all(|index| has_value(object, decoder, index, other))
            }
            _ => true,
        }
}

fn check_survives(config: Config, layout: Layout, length: u32) {
    let mut heap = heap(config);
    let (shape, node) = (heap.register("subject", layout), node(&mut heap));
    let other = heap.alloc(node).unwrap();
    let object = allocate(&mut heap, shape, layout, length);
    fill(&mut heap, object, layout, other);
    let size = heap.view(object).size_bytes();
    for round in 0..6 {
        collect_in_turn(&mut heap, round);
        let (view, other) = (heap.view(object), heap.view(other));
        assert!(is_filled(view, layout, other), "{layout:?} of length {length}, round {round}");
        assert_eq!((view.size_bytes(), view.shape_name()), (size, "subject"));
    }
}

#[test]
fn fixed_objects_survive_with_their_slots_and_raw_bytes() {
    each_config(|config| {
        for (slots, bytes) in [(0, 0), (1, 0), (2, 0), (3, 1), (0, 9), (5, 248), (5, 249), (40, 2_000)] {
            check_survives(config.clone(), Layout::Fixed { slots, bytes }, 0);
        }
    });
}

#[test]
fn fixed_objects_may_be_large() {
    each_config(|config| {
        for (slots, bytes) in [(u16::MAX, 248), (0, 300_000), (32_767, 300_000), (1, 65_533 * 8)] {
            check_survives(config.clone(), Layout::Fixed { slots, bytes }, 0);
        }
    });
}

#[test]
fn arrays_of_references_survive() {
    each_config(|config| {
        for length in LENGTHS {
            check_survives(config.clone(), Layout::Slots, length);
        }
    });
}

#[test]
fn arrays_of_bytes_survive() {
    each_config(|config| {
        for length in [0, 1, 7, 8, 9, 3_000_001] {
            check_survives(config.clone(), Layout::Bytes, length);
        }
    });
}

#[test]
fn arrays_of_values_survive_whatever_their_decoder() {
    each_config(|config| {
        for length in LENGTHS {
            check_survives(config.clone(), Layout::Values(NAN_BOX), length);
            check_survives(config.clone(), Layout::Values(LOW_TAG), length);
        }
    });
}

#[track_caller]
fn check_size(layout: Layout, length: u32, bytes: u64) {
    each_config(|config| {
        let mut heap = heap(config);
        let shape = heap.register("subject", layout);
        let object = allocate(&mut heap, shape, layout, length);
        assert_eq!(heap.view(object).size_bytes(), bytes, "{layout:?} of length {length}");
        assert_eq!(heap.usage().heap_used(), bytes, "{layout:?} of length {length}");
    });
}

#[test]
fn sizes_are_header_and_contents_rounded_up_to_8_bytes() {
    check_size(Layout::Fixed { slots: 0, bytes: 0 }, 0, 8);
    check_size(Layout::Fixed { slots: 1, bytes: 0 }, 0, 16);
    check_size(Layout::Fixed { slots: 3, bytes: 1 }, 0, 32);
    check_size(Layout::Fixed { slots: u16::MAX, bytes: 4 }, 0, 8 + 262_144 + 8);
    check_size(Layout::Slots, 0, 8);
    check_size(Layout::Slots, 3, 24);
    check_size(Layout::Bytes, 9, 24);
    check_size(Layout::Values(NAN_BOX), 3, 32);
}

#[test]
fn arrays_longer_than_a_card_keep_a_bit_a_card() {
    check_size(Layout::Slots, 128, 8 + 512);
    check_size(Layout::Slots, 129, 8 + 520 + 8);
    check_size(Layout::Slots, 1_000_000, 8 + 4_000_000 + 984);
    check_size(Layout::Values(LOW_TAG), 64, 8 + 512);
    check_size(Layout::Values(LOW_TAG), 65, 8 + 520 + 8);
    check_size(Layout::Bytes, 1_000_000, 8 + 1_000_000);
}

fn check_starts_empty(config: Config, layout: Layout, length: u32) {
    let mut heap = heap(config);
    let shape = heap.register("subject", layout);
    for _ in 0..4 {
        heap.scope(|heap| {
            let object = allocate(heap, shape, layout, length);
            let view = heap.view(object);
            assert!((0..view.slots()).all(|index| view.slot(index).is_none()), "{layout:?}");
            assert!(view.bytes().iter().all(|byte| *byte == 0), "{layout:?}");
            if let Layout::Values(_) = layout {
                assert!((0..length).all(|index| matches!(view.value(index), ValueView::Bits(0))));
            }
            fill(heap, object, layout, object);
        });
        heap.collect_full();
    }
}

#[test]
fn a_new_object_is_empty_whatever_lay_there_before() {
    each_config(|config| {
        for length in [1, 5, 1_000, 100_000] {
            check_starts_empty(config.clone(), Layout::Slots, length);
            check_starts_empty(config.clone(), Layout::Bytes, length);
            check_starts_empty(config.clone(), Layout::Values(LOW_TAG), length);
        }
        check_starts_empty(config.clone(), Layout::Fixed { slots: 3, bytes: 20 }, 0);
        check_starts_empty(config, Layout::Fixed { slots: 300, bytes: 20 }, 0);
    });
}

#[test]
fn slots_given_at_the_allocation_are_those_of_the_object() {
    each_config(|config| {
        let mut heap = heap(config);
        let shape = heap.register("three slots and a word", Layout::Fixed { slots: 3, bytes: 8 });
        let first = heap.alloc_with(shape, [None; 3]).unwrap();
        let second = heap.alloc_with(shape, [Some(first), None, Some(first)]).unwrap();
        let view = heap.view(second);
        let has_first = |slot: Option<View<'_>>| slot.map(|object| object.same(heap.view(first)));
        assert_eq!([0, 1, 2].map(|index| has_first(view.slot(index))), [Some(true), None, Some(true)]);
        assert_eq!(view.word(0), 0);
    });
}

#[test]
fn a_shape_registered_again_is_the_same_if_it_has_the_same_name_and_layout() {
    each_config(|config| {
        let mut heap = heap(config);
        let layout = Layout::Fixed { slots: 1, bytes: 0 };
        let first = heap.register("first", layout);
        assert_eq!(heap.register("first", layout), first);
        assert_ne!(heap.register("second", layout), first);
        assert_ne!(heap.register("first", Layout::Slots), first);
        let object = heap.alloc(first).unwrap();
        assert_eq!(heap.view(object).shape_name(), "first");
    });
}

#[test]
fn a_layout_that_cannot_be_had_is_an_error() {
    let mut heap = heap(Config::default());
    for layout in [
        Layout::Fixed { slots: 1, bytes: 65_534 * 8 },
        Layout::Fixed { slots: 0, bytes: u32::MAX },
        Layout::Fixed { slots: 32_768, bytes: 249 },
    ] {
        assert_eq!(heap.try_register("too large", layout), Err(ShapeError::TooLarge), "{layout:?}");
    }
    let overlap = Layout::Values(Decoder { mask: 1, tag: 1, shift: 0 });
    assert_eq!(heap.try_register("bad decoder", overlap), Err(ShapeError::BadDecoder));
    let message = ShapeError::BadDecoder.to_string();
    check_refused(&mut heap, &format!("shape `bad decoder`: {message}"), |heap| {
        heap.register("bad decoder", overlap)
    });
}

/// Fails unless `misuse` panics with words that contain `message`, and leaves a sound heap.
fn check_refused<R>(heap: &mut Heap, message: &str, misuse: impl FnOnce(&mut Heap) -> R) {
    let panic = catch_unwind(AssertUnwindSafe(|| misuse(heap))).err().expect(message);
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    assert!(said.is_some_and(|said| said.contains(message)), "{said:?} instead of {message:?}");
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn what_lies_beyond_an_object_cannot_be_reached() {
    each_config(|config| {
        let mut heap = heap(config);
        let node = node(&mut heap);
        let values = heap.register("values", Layout::Values(NAN_BOX));
        let object = heap.alloc(node).unwrap();
        let array = heap.alloc_array(values, 3).unwrap();
        let buffer = heap.alloc_buffer(3).unwrap();
        let heap = &mut heap;
        check_refused(heap, "no element 2", |heap| heap.store(object, 2, None));
        check_refused(heap, "no element 2", |heap| heap.load(object, 2));
        check_refused(heap, "no element 2", |heap| heap.advance(object, object, 2));
        check_refused(heap, "no element 2", |heap| heap.view(object).slot(2).is_some());
        check_refused(heap, "no element 1", |heap| heap.store_word(object, 1, 0));
        check_refused(heap, "no element 1", |heap| heap.view(object).word(1));
        check_refused(heap, "no element 3", |heap| heap.store_value(array, 3, Value::Bits(0)));
        check_refused(heap, "no element 0", |heap| heap.store(array, 0, None));
        check_refused(heap, "no element 0", |heap| heap.store_value(object, 0, Value::Bits(0)));
        check_refused(heap, "no element 0", |heap| heap.store_word(buffer, 0, 0));
        check_refused(heap, "no elements 1..3", |heap| heap.fill_slots(object, 1..3, None));
        check_refused(heap, "no elements 1..3", |heap| heap.copy_slots(object, 1..3, object, 0));
        check_refused(heap, "no elements 1..3", |heap| heap.copy_slots(object, 0..2, object, 1));
        #[expect(clippy::reversed_empty_ranges, reason = "what the test is about")]
        check_refused(heap, "no elements 2..1", |heap| heap.copy_slots(object, 2..1, object, 0));
        check_refused(heap, "not a buffer", |heap| heap.buffer_mut(object).fill(0));
    });
}

// An array shape once passed for one of fixed objects without slots, and made an empty array.
#[test]
fn an_array_is_not_made_for_want_of_slots() {
    each_config(|config| {
        let mut heap = heap(config);
        let array = heap.register("array", Layout::Slots);
        check_refused(&mut heap, "need a length", |heap| heap.alloc_with(array, []));
    });
}

#[test]
fn an_object_cannot_be_made_against_its_shape() {
    each_config(|config| {
        let mut heap = heap(config);
        let (fixed, array) = (node(&mut heap), heap.register("array", Layout::Slots));
        let heap = &mut heap;
        check_refused(heap, "have no length", |heap| heap.alloc_array(fixed, 1));
        check_refused(heap, "need a length", |heap| heap.alloc(array));
        check_refused(heap, "have 0 slots, 1 were given", |heap| heap.alloc_with(array, [None]));
        check_refused(heap, "have 2 slots, 3 were given", |heap| heap.alloc_with(fixed, [None; 3]));
    });
}

#[test]
fn a_fixed_shape_is_the_shape_of_its_numbers() {
    each_config(|config| {
        let mut heap = heap(config);
        let fixed: FixedShape<3, 2> = heap.register_fixed("fixed");
        assert_eq!(heap.register("fixed", Layout::Fixed { slots: 3, bytes: 16 }), fixed.shape());
        assert_eq!((fixed.size_bytes(), fixed.shape().size_bytes()), (40, 40));
        let child = heap.alloc_with(fixed, [None; 3]).unwrap();
        let parent = heap.alloc_with(fixed, [None, None, Some(child)]).unwrap();
        let other = heap.alloc_with(fixed.shape(), [None, None, Some(child)]).unwrap();
        for object in [parent, other].map(|local| heap.view(local)) {
            assert_eq!((object.slots(), object.bytes().len(), object.bytes()[0]), (3, 16, 0));
            assert!(object.slot(2).is_some_and(|slot| slot.same(heap.view(child))));
        }
    });
}

#[test]
fn a_wide_object_is_made_with_its_slots_only() {
    each_config(|config| {
        let mut heap = heap(config);
        let wide = heap.register("wide", Layout::Fixed { slots: 2, bytes: 400 });
        let object = heap.alloc_with(wide, [None; 2]).unwrap();
        assert_eq!(heap.view(object).bytes(), [0; 400]);
        assert_eq!(heap.view(object).size_bytes(), wide.size_bytes());
        check_refused(&mut heap, "have 2 slots, 1 were given", |heap| heap.alloc_with(wide, [None]));
        check_refused(&mut heap, "have 2 slots, 3 were given", |heap| heap.alloc_with(wide, [None; 3]));
    });
}

#[test]
fn bits_that_look_like_a_reference_are_refused() {
    each_config(|config| {
        let mut heap = heap(config);
        for (name, decoder) in [("NaN-box", NAN_BOX), ("low tag", LOW_TAG)] {
            let shape = heap.register(name, Layout::Values(decoder));
            let array = heap.alloc_array(shape, 1).unwrap();
            let (forged, null) = (decoder.tag | 7 << decoder.shift, decoder.tag);
            let store = |heap: &mut Heap, bits| heap.store_value(array, 0, Value::Bits(bits));
            check_refused(&mut heap, "would be taken for a reference", |heap| store(heap, forged));
            store(&mut heap, null);
            assert!(matches!(heap.view(array).value(0), ValueView::Bits(bits) if bits == null));
        }
    });
}
