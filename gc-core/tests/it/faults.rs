//! Seeded faults: for each mistake that the collector can be made to make there is a program in which it
//! matters, and the verifier names the invariant that it breaks.

use gc_core::arena::{Any, Arena, Gc, Handle, Lock, Mutation, Root, Static};
use gc_core::event::MAX_AGE;
use gc_core::fault::Fault;
use gc_core::policy::{Compaction, MarkingPacing, NewSpaceSizing};
use gc_core::{
    Budget, Config, Decoder, Heap, Invariant, Layout, Local, MIN_SEMISPACE_BYTES, PAGE_BYTES, Shape, Stress,
    Value,
};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Program = fn(&mut Heap);

/// Every fault, the invariant that it breaks, and a program that makes it matter.
const CASES: [(Fault, Invariant, Program); 47] = [
    (Fault::BarrierDropped, Invariant::Remembered, store_young_into_old),
    (Fault::BulkBarrierDropped, Invariant::Remembered, copy_young_into_old),
    (Fault::FillBarrierDropped, Invariant::Remembered, fill_old_with_young),
    (Fault::ValueBarrierDropped, Invariant::Remembered, store_young_value_into_old),
    (Fault::ShapeLost, Invariant::Headers, keep_old_by_handle),
    (Fault::CardForgotten, Invariant::Remembered, keep_young_in_old_array),
    (Fault::HandleSkipped, Invariant::Roots, keep_by_handle),
    (Fault::RootSkipped, Invariant::Roots, keep_by_root),
    (Fault::RememberedSkipped, Invariant::Slots, keep_young_in_old),
    (Fault::SlotSkipped, Invariant::Slots, keep_by_slot),
    (Fault::StaleForwarding, Invariant::Slots, share),
    (Fault::WrongSize, Invariant::Tiling, copy_two),
    (Fault::YoungUnlogged, Invariant::YoungLogged, keep_by_handle),
    (Fault::PromotedForgotten, Invariant::Remembered, promote_parent_before_child),
    (Fault::NotRearmed, Invariant::OldUnlogged, store_null_into_old),
    (Fault::SnapshotRootsSkipped, Invariant::Marks, keep_old_by_handle_in_steps),
    (Fault::SnapshotYoungSkipped, Invariant::Marks, keep_old_in_young),
    (Fault::SnapshotRememberedSkipped, Invariant::Marks, hide_child_of_remembered_object),
    (Fault::SnapshotCardSkipped, Invariant::Marks, hide_child_of_remembered_card),
    (Fault::StaleMarksKept, Invariant::Marks, promote_child_of_marked),
    (Fault::MarkingBarrierDropped, Invariant::Marks, hide_child),
    (Fault::BornWhite, Invariant::Marks, promote_while_marking),
    (Fault::LargeBornWhite, Invariant::Marks, promote_large_while_marking),
    (Fault::FinishedEarly, Invariant::Marks, keep_by_slot),
    (Fault::WeakReadUnshaded, Invariant::Marks, upgrade_while_marking),
    (Fault::MarkLost, Invariant::Marks, keep_by_slot),
    (Fault::ChildUnmarked, Invariant::Marks, keep_by_slot),
    (Fault::LivePageFreed, Invariant::Roots, keep_old_by_handle),
    (Fault::HoleUnmarked, Invariant::Tiling, keep_old_by_handle),
    (Fault::Miscounted, Invariant::Counters, promote_while_idle),
    (Fault::LargeFreed, Invariant::Roots, keep_large),
    (Fault::LiveLargeCondemned, Invariant::Roots, keep_large_while_marking),
    (Fault::SlideSkipped, Invariant::Counters, slide_into_a_hole),
    (Fault::HolderForgotten, Invariant::Slots, evacuate_sparse_pages),
    (Fault::WeakKept, Invariant::WeakHandles, drop_weakly_held),
    (Fault::WeakReadUnshaded, Invariant::Marks, read_dead_key_while_marking),
    (Fault::EphemeronValueUnmarked, Invariant::Marks, keep_ephemeron),
    (Fault::EphemeronValueLost, Invariant::Ephemerons, keep_ephemeron),
    (Fault::EphemeronKept, Invariant::Ephemerons, drop_young_key),
    (Fault::EphemeronKept, Invariant::Ephemerons, drop_old_key),
    (Fault::EphemeronForgotten, Invariant::Remembered, keep_young_key_of_old_ephemeron),
    (Fault::FinalizableLost, Invariant::Finalizers, finalize_young),
    (Fault::FinalizableLost, Invariant::Finalizers, finalize_in_steps),
    (Fault::FinalizedTwice, Invariant::Finalizers, finalize_young),
    (Fault::FinalizedTwice, Invariant::Finalizers, finalize_old),
    (Fault::BufferKept, Invariant::Buffers, drop_buffer),
    (Fault::TopTooLow, Invariant::Tiling, keep_by_slot),
];

type ArenaProgram = fn(&mut Arena<Kept>);

/// What an arena keeps: one object.
type Kept = Root![Lock<Option<Any<'_>>>];

/// As [`CASES`], for what only the typed face does.
const ARENA_CASES: [(Fault, Invariant, ArenaProgram); 9] = [
    (Fault::TypedBarrierDropped, Invariant::Remembered, store_young_into_old_value),
    (Fault::ElementBarrierDropped, Invariant::Remembered, store_young_into_old_element),
    (Fault::BornOldForgotten, Invariant::Remembered, refer_to_young_at_birth),
    (Fault::BornOldWhite, Invariant::Marks, be_born_old_while_marking),
    (Fault::CardsNotCleared, Invariant::Remembered, make_array_where_others_were),
    (Fault::BufferKept, Invariant::Buffers, drop_young_host_value),
    (Fault::BufferKept, Invariant::Buffers, drop_old_host_value),
    (Fault::IdentityKept, Invariant::Identities, drop_young_with_identity),
    (Fault::IdentityKept, Invariant::Identities, drop_old_with_identity),
];

fn store_young_into_old_value(arena: &mut Arena<Kept>) {
    (0..2).for_each(|_| arena.collect_minor());
    arena.mutate(|mc, root| root.set(mc, Some(mc.new(1).erase())));
    arena.collect_minor();
}

fn array<'gc>(mc: Mutation<'gc>) -> Any<'gc> {
    mc.array_from_fn(200, |_| Lock::new(None::<Any<'gc>>)).erase()
}

fn store_young_into_old_element(arena: &mut Arena<Kept>) {
    arena.mutate(|mc, root| root.set(mc, Some(array(mc))));
    (0..2).for_each(|_| arena.collect_minor());
    arena.mutate(|mc, root| {
        let array = root.get(mc).get().and_then(|array| array.downcast(mc)).expect("the array");
        let array: Gc<'_, gc_core::arena::Array<Lock<Option<Any<'_>>>>> = array;
        array.set(mc, 199, Some(mc.new(1).erase()));
    });
    arena.collect_minor();
}

/// Makes an object that is born old, since new space is full, and refers to a young one.
fn make_born_old(arena: &Arena<Kept>) {
    arena.mutate(|mc, root| {
        let young = mc.new(1);
        for _ in 0..MIN_SEMISPACE_BYTES / 16 {
            root.set(mc, Some(mc.new((1_u64, young)).erase()));
        }
    });
}

fn refer_to_young_at_birth(arena: &mut Arena<Kept>) {
    make_born_old(arena);
    arena.collect_minor();
}

fn be_born_old_while_marking(arena: &mut Arena<Kept>) {
    arena.collect_minor();
    make_born_old(arena);
    while arena.step(Budget::Work(1)) {}
}

fn make_array_where_others_were(arena: &mut Arena<Kept>) {
    arena.mutate(|mc, _| {
        mc.array(&[0_u8; 8_000]);
    });
    (0..2).for_each(|_| arena.collect_minor());
    arena.mutate(|mc, root| root.set(mc, Some(array(mc))));
    (0..3).for_each(|_| arena.collect_minor());
}

fn node(heap: &mut Heap) -> Shape {
    heap.register("node", Layout::Fixed { slots: 2, bytes: 8 })
}

fn leaf(heap: &mut Heap) -> Local {
    let node = node(heap);
    heap.alloc(node).unwrap()
}

fn old_leaf(heap: &mut Heap) -> Local {
    let leaf = leaf(heap);
    make_old(heap);
    leaf
}

/// An old array of references, long enough for cards.
fn old_array(heap: &mut Heap) -> Local {
    let array = heap.register("array", Layout::Slots);
    let array = heap.alloc_array(array, 200).unwrap();
    make_old(heap);
    array
}

/// Promotes what is alive: that takes two scavenges with the usual settings.
fn make_old(heap: &mut Heap) {
    heap.collect_minor();
    heap.collect_minor();
}

fn store_young_into_old(heap: &mut Heap) {
    let (parent, child) = (old_leaf(heap), leaf(heap));
    heap.store(parent, 0, Some(child));
    heap.collect_minor();
}

fn copy_young_into_old(heap: &mut Heap) {
    let (parent, child) = (old_leaf(heap), leaf(heap));
    let source = leaf(heap);
    heap.store(source, 0, Some(child));
    heap.copy_slots(source, 0..1, parent, 1);
    heap.collect_minor();
}

fn fill_old_with_young(heap: &mut Heap) {
    let (array, child) = (old_array(heap), leaf(heap));
    heap.fill_slots(array, 100..200, Some(child));
    heap.collect_minor();
}

fn store_young_value_into_old(heap: &mut Heap) {
    let decoder = Decoder { mask: 1, tag: 1, shift: 32 };
    let values = heap.register("values", Layout::Values(decoder));
    let parent = heap.alloc_array(values, 3).unwrap();
    make_old(heap);
    let child = leaf(heap);
    heap.store_value(parent, 2, Value::Object(child));
    heap.collect_minor();
}

fn keep_young_in_old_array(heap: &mut Heap) {
    let (array, child) = (old_array(heap), leaf(heap));
    heap.store(array, 199, Some(child));
    heap.collect_minor();
}

fn keep_by_handle(heap: &mut Heap) {
    leaf(heap);
    heap.collect_minor();
}

fn keep_by_root(heap: &mut Heap) {
    let _root = heap.scope(|heap| {
        let leaf = leaf(heap);
        heap.root(leaf)
    });
    heap.collect_minor();
}

fn keep_young_in_old(heap: &mut Heap) {
    let parent = old_leaf(heap);
    heap.scope(|heap| {
        let child = leaf(heap);
        heap.store(parent, 0, Some(child));
    });
    heap.collect_minor();
}

fn keep_by_slot(heap: &mut Heap) {
    let parent = leaf(heap);
    heap.scope(|heap| {
        let child = leaf(heap);
        heap.store(parent, 0, Some(child));
    });
    heap.collect_full();
}

fn share(heap: &mut Heap) {
    let parent = leaf(heap);
    heap.scope(|heap| {
        let child = leaf(heap);
        heap.fill_slots(parent, 0..2, Some(child));
    });
    heap.collect_minor();
}

/// The zero in the second object, read as a header, is one of a granule: it ends the scan where the copies
/// end.
fn copy_two(heap: &mut Heap) {
    leaf(heap);
    let word = heap.register("word", Layout::Fixed { slots: 0, bytes: 8 });
    heap.alloc(word).unwrap();
    heap.collect_minor();
}

fn promote_parent_before_child(heap: &mut Heap) {
    let parent = leaf(heap);
    heap.collect_minor();
    let child = leaf(heap);
    heap.store(parent, 0, Some(child));
    heap.collect_minor();
}

fn store_null_into_old(heap: &mut Heap) {
    let parent = old_leaf(heap);
    heap.store(parent, 0, None);
    heap.collect_minor();
}

fn keep_old_by_handle(heap: &mut Heap) {
    old_leaf(heap);
    heap.collect_full();
}

fn keep_large(heap: &mut Heap) {
    let bytes = heap.register("bytes", Layout::Bytes);
    heap.alloc_array(bytes, PAGE_BYTES as u32).unwrap();
    heap.collect_minor();
}

/// Takes the heap to where the next scavenge starts a marking: no other is under way, and nothing is left to sweep.
fn end_cycle(heap: &mut Heap) {
    heap.collect_full();
}

/// Ends the marking under way, in steps.
fn end_marking(heap: &mut Heap) {
    while heap.step(Budget::Work(1)) {}
}

fn keep_old_by_handle_in_steps(heap: &mut Heap) {
    old_leaf(heap);
    end_cycle(heap);
    heap.collect_minor();
    end_marking(heap);
}

fn keep_old_in_young(heap: &mut Heap) {
    let _root = heap.scope(|heap| {
        let child = old_leaf(heap);
        end_cycle(heap);
        let parent = leaf(heap);
        heap.store(parent, 0, Some(child));
        heap.root(parent)
    });
    heap.collect_minor();
    end_marking(heap);
}

/// Stores an old and a young object into `parent`, which is old, starts a marking, and moves the old one to where the
/// marking has been already: a handle.
fn hide_child_of(heap: &mut Heap, parent: Local) {
    heap.scope(|heap| {
        let child = old_leaf(heap);
        heap.store(parent, 0, Some(child));
    });
    end_cycle(heap);
    heap.scope(|heap| {
        let young = leaf(heap);
        heap.store(parent, 1, Some(young));
    });
    heap.collect_minor();
    heap.load(parent, 0);
    heap.store(parent, 0, None);
    end_marking(heap);
}

fn hide_child_of_remembered_object(heap: &mut Heap) {
    let parent = old_leaf(heap);
    hide_child_of(heap, parent);
}

fn hide_child_of_remembered_card(heap: &mut Heap) {
    let array = old_array(heap);
    hide_child_of(heap, array);
}

fn promote_child_of_marked(heap: &mut Heap) {
    let parent = old_leaf(heap);
    heap.scope(|heap| {
        let child = leaf(heap);
        heap.store(parent, 0, Some(child));
    });
    end_cycle(heap);
    heap.collect_minor();
    end_marking(heap);
}

fn hide_child(heap: &mut Heap) {
    let parent = old_leaf(heap);
    heap.scope(|heap| {
        let child = old_leaf(heap);
        heap.store(parent, 0, Some(child));
    });
    end_cycle(heap);
    heap.collect_minor();
    heap.load(parent, 0);
    heap.store(parent, 0, None);
    end_marking(heap);
}

fn promote_while_marking(heap: &mut Heap) {
    leaf(heap);
    heap.collect_minor();
    end_marking(heap);
}

fn promote_while_idle(heap: &mut Heap) {
    leaf(heap);
    end_cycle(heap);
    heap.collect_minor();
}

fn promote_large_while_marking(heap: &mut Heap) {
    heap.collect_minor();
    keep_large(heap);
}

fn keep_large_while_marking(heap: &mut Heap) {
    keep_large(heap);
    end_marking(heap);
}

fn upgrade_while_marking(heap: &mut Heap) {
    let weak = heap.scope(|heap| {
        let leaf = old_leaf(heap);
        end_cycle(heap);
        heap.weak(leaf)
    });
    heap.collect_minor();
    heap.upgrade(&weak).expect("it has not been collected yet");
    end_marking(heap);
}

fn read_dead_key_while_marking(heap: &mut Heap) {
    let ephemeron = ephemeron(heap, None);
    heap.scope(|heap| {
        let _key = heap.load(ephemeron, 0);
        make_old(heap);
        end_cycle(heap);
    });
    heap.collect_minor();
    heap.load(ephemeron, 0).expect("it has not been collected yet");
    end_marking(heap);
}

fn finalize_in_steps(heap: &mut Heap) {
    heap.scope(|heap| {
        let leaf = old_leaf(heap);
        heap.finalize_when_dead(leaf);
        end_cycle(heap);
    });
    heap.collect_minor();
    end_marking(heap);
}

fn slide_into_a_hole(heap: &mut Heap) {
    let bytes = heap.register("bytes", Layout::Bytes);
    let dropped = heap.alloc_array(bytes, 100).unwrap();
    let kept = leaf(heap);
    make_old(heap);
    heap.assign(dropped, kept);
    heap.compact();
}

fn evacuate_sparse_pages(heap: &mut Heap) {
    let (array, object) = (
        heap.register("array", Layout::Slots),
        heap.register("object", Layout::Fixed { slots: 1, bytes: 4_000 }),
    );
    let count = 4 * PAGE_BYTES as u32 / 4_016;
    // A large object: it does not lie in a page that is evacuated.
    let holder = heap.alloc_array(array, PAGE_BYTES as u32).unwrap();
    for index in 0..count {
        heap.scope(|heap| {
            let object = heap.alloc(object).unwrap();
            heap.store(holder, index, Some(object));
        });
    }
    make_old(heap);
    (0..count).filter(|index| index % 8 != 0).for_each(|index| heap.store(holder, index, None));
    // The marking under way takes them to be alive; the next frees them; the one after that finds sparse pages.
    for _ in 0..3 {
        heap.collect_minor();
        end_marking(heap);
    }
}

fn drop_weakly_held(heap: &mut Heap) {
    let _weak = heap.scope(|heap| {
        let leaf = leaf(heap);
        heap.weak(leaf)
    });
    heap.collect_minor();
}

/// An ephemeron with a value that nothing else refers to.
fn ephemeron(heap: &mut Heap, key: Option<Local>) -> Local {
    let entry = heap.register("entry", Layout::Ephemeron);
    heap.escape(|heap| {
        let (key, value) = (key.unwrap_or_else(|| leaf(heap)), leaf(heap));
        heap.alloc_ephemeron(entry, Some(key), Some(value))
    })
    .unwrap()
}

fn keep_ephemeron(heap: &mut Heap) {
    let key = leaf(heap);
    ephemeron(heap, Some(key));
    heap.collect_full();
}

fn drop_young_key(heap: &mut Heap) {
    ephemeron(heap, None);
    heap.collect_minor();
}

fn drop_old_key(heap: &mut Heap) {
    let ephemeron = ephemeron(heap, None);
    heap.scope(|heap| {
        let _key = heap.load(ephemeron, 0);
        make_old(heap);
    });
    heap.collect_full();
}

/// The key is found alive after the ephemeron has been looked at.
fn keep_young_key_of_old_ephemeron(heap: &mut Heap) {
    let ephemeron = ephemeron(heap, None);
    make_old(heap);
    let holder = leaf(heap);
    heap.scope(|heap| {
        let key = leaf(heap);
        heap.store(ephemeron, 0, Some(key));
        heap.store(holder, 0, Some(key));
    });
    heap.collect_minor();
}

fn finalize_young(heap: &mut Heap) {
    heap.scope(|heap| {
        let leaf = leaf(heap);
        heap.finalize_when_dead(leaf);
    });
    heap.collect_minor();
}

fn finalize_old(heap: &mut Heap) {
    heap.scope(|heap| {
        let leaf = old_leaf(heap);
        heap.finalize_when_dead(leaf);
    });
    heap.collect_full();
}

fn drop_buffer(heap: &mut Heap) {
    heap.scope(|heap| heap.alloc_buffer(100)).unwrap();
    heap.collect_minor();
}

fn drop_young_host_value(arena: &mut Arena<Kept>) {
    arena.mutate(|mc, _| drop(mc.stash::<Root![Static<i32>]>(mc.host(1))));
    arena.collect_minor();
}

fn drop_old_host_value(arena: &mut Arena<Kept>) {
    let value: Handle<Root![Static<i32>]> = arena.mutate(|mc, _| mc.stash(mc.host(1)));
    (0..=MAX_AGE).for_each(|_| arena.collect_minor());
    drop(value);
    arena.collect_full();
}

fn drop_young_with_identity(arena: &mut Arena<Kept>) {
    arena.mutate(|mc, _| mc.new(1).id(mc));
    arena.collect_minor();
}

fn drop_old_with_identity(arena: &mut Arena<Kept>) {
    let number: Handle<Root![i32]> = arena.mutate(|mc, _| mc.stash(mc.new(1)));
    (0..=MAX_AGE).for_each(|_| arena.collect_minor());
    arena.mutate(|mc, _| mc.fetch(&number).id(mc));
    drop(number);
    arena.collect_full();
}

/// Settings under which a heap is verified before and after each collection.
fn verified() -> Config {
    let stress = Stress { verify: true, poison: true, ..Stress::default() };
    // Each scavenge starts a marking, unless one is under way.
    let marking = MarkingPacing { start_percent: 0, ..MarkingPacing::default() };
    // What a fault leaves behind is for the verifier to see, not for a slide to stumble over.
    let compaction = Compaction { slide_percent: 101, ..Compaction::default() };
    Config { stress, marking, compaction, huge_pages: false, ..Config::default() }
}

/// What the verifier says against a program.
fn complaint(program: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(program)).err()?;
    Some(panic.downcast_ref::<String>().expect("a message").clone())
}

/// Runs a program in a heap; what the verifier says against it.
fn run(fault: Option<Fault>, program: Program) -> Option<String> {
    let mut heap = Heap::new(verified()).expect("good settings");
    if let Some(fault) = fault {
        heap.arm(fault);
    }
    complaint(|| program(&mut heap))
}

/// As [`run`], in an arena with the smallest new space.
fn run_in_arena(fault: Option<Fault>, program: ArenaProgram) -> Option<String> {
    let (initial_bytes, max_bytes) = (MIN_SEMISPACE_BYTES, MIN_SEMISPACE_BYTES);
    let new_space = NewSpaceSizing { initial_bytes, max_bytes, ..NewSpaceSizing::default() };
    let mut arena: Arena<Kept> =
        Arena::new(Config { new_space, ..verified() }, |_| Lock::new(None)).expect("good settings");
    if let Some(fault) = fault {
        arena.arm(fault);
    }
    complaint(|| program(&mut arena))
}

/// Faults and the invariants that they break.
fn cases() -> impl Iterator<Item = (Fault, Invariant)> {
    let untyped = CASES.into_iter().map(|(fault, invariant, _)| (fault, invariant));
    untyped.chain(ARENA_CASES.map(|(fault, invariant, _)| (fault, invariant)))
}

#[test]
fn the_verifier_names_what_a_fault_breaks() {
    let said = CASES.map(|(fault, invariant, program)| (fault, invariant, run(Some(fault), program)));
    let said_in_arena =
        ARENA_CASES.map(|(fault, invariant, program)| (fault, invariant, run_in_arena(Some(fault), program)));
    for (fault, invariant, said) in said.into_iter().chain(said_in_arena) {
        let said = said.unwrap_or_else(|| panic!("{fault:?} goes unnoticed"));
        assert!(said.contains(&format!("invariant broken: {invariant}: ")), "{fault:?}: {said}");
    }
}

#[test]
fn without_a_fault_the_same_programs_pass() {
    for (fault, _, program) in CASES {
        assert_eq!(run(None, program), None, "the program for {fault:?}");
    }
    for (fault, _, program) in ARENA_CASES {
        assert_eq!(run_in_arena(None, program), None, "the program for {fault:?}");
    }
}

/// The variants of an enumeration, read from its source.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let (_, body) = source.split_once(&format!("pub enum {name} {{")).expect("the enumeration");
    let (body, _) = body.split_once("\n}").expect("its end");
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.filter_map(|line| Some(line.strip_suffix(',')?.to_owned())).collect()
}

#[test]
fn every_fault_has_a_case() {
    let covered: BTreeSet<_> = cases().map(|(fault, _)| format!("{fault:?}")).collect();
    assert_eq!(covered, variants(include_str!("../../src/fault.rs"), "Fault"));
}

#[test]
fn every_invariant_is_broken_by_a_fault() {
    let by_faults = cases().map(|(_, invariant)| invariant);
    // The program's own code breaks that, not the collector.
    let broken: BTreeSet<_> = by_faults.chain([Invariant::Maps]).map(|it| format!("{it:?}")).collect();
    assert_eq!(broken, variants(include_str!("../../src/verify.rs"), "Invariant"));
}
