//! Objects that are made in old space at once, allocation sites, and the other rules of V8.

use crate::support::heap;
use gc_core::clock::CostModel;
use gc_core::event::{Event, PauseKind, Recorder};
use gc_core::policy::{
    Futility, LimitTest, MarkingPacing, NewSpaceGrowth, OldPacing, PageLayout, Pretenuring, Promotion,
    SiteDecision,
};
use gc_core::{ClockSource, Config, Heap, HeapFull, Layout, Local, Shape, Stress};

const NODE: Layout = Layout::Fixed { slots: 1, bytes: 32 };

fn verified() -> Config {
    let stress = Stress { verify: true, poison: true, ..Stress::default() };
    let clock = ClockSource::Modelled(CostModel::default());
    Config { stress, clock, huge_pages: false, prefault: false, ..Config::default() }
}

/// A list of `length` nodes, each made by `make`; its numbers are counted down.
fn list(
    heap: &mut Heap,
    length: u64,
    mut make: impl FnMut(&mut Heap) -> Result<Local, HeapFull>,
) -> Result<Local, HeapFull> {
    let head = make(heap)?;
    for number in 1..length {
        heap.scope(|heap| {
            let next = make(heap)?;
            heap.store_word(next, 0, number);
            heap.store(next, 0, Some(head));
            heap.assign(head, next);
            Ok(())
        })?;
    }
    Ok(head)
}

#[track_caller]
fn check_list(heap: &Heap, head: Local, length: u64) {
    let mut node = Some(heap.view(head));
    for number in (0..length).rev() {
        let found = node.expect("the list is as long as it was made");
        assert_eq!(found.word(0), number);
        node = found.slot(0);
    }
    assert!(node.is_none());
}

#[test]
fn what_is_made_in_old_space_is_old_and_refers_to_young_objects() -> Result<(), HeapFull> {
    let mut heap = heap(verified());
    let node = heap.register("node", NODE);
    let mut old = false;
    let head = list(&mut heap, 2_000, |heap| {
        old = !old;
        if old { heap.alloc_old(node) } else { heap.alloc(node) }
    })?;
    assert!(heap.usage().old_used >= 1_000 * 48);
    heap.collect_minor();
    check_list(&heap, head, 2_000);
    heap.collect_full();
    check_list(&heap, head, 2_000);
    Ok(())
}

#[test]
fn arrays_with_cards_are_made_in_old_space_too() -> Result<(), HeapFull> {
    let mut heap = heap(verified());
    let (array, node) = (heap.register("array", Layout::Slots), heap.register("node", NODE));
    let old = heap.alloc_old_array(array, 5_000)?;
    for index in 0..5_000 {
        heap.scope(|heap| heap.alloc(node).map(|young| heap.store(old, index, Some(young))))?;
    }
    heap.collect_minor();
    assert!((0..5_000).all(|index| heap.view(old).slot(index).is_some()));
    Ok(())
}

/// Makes garbage in old space until it must have been collected; how often it was.
fn collections_of_old_garbage(marking: MarkingPacing) -> Result<u64, HeapFull> {
    let pacing = OldPacing { initial_limit_bytes: 2 << 20, ..OldPacing::default() };
    let mut heap = heap(Config { marking, pacing, ..verified() });
    let node = heap.register("node", NODE);
    for _ in 0..1_000_000 {
        heap.scope(|heap| heap.alloc_old(node).map(drop))?;
    }
    Ok(heap.stats().full_collections + heap.stats().incremental_collections)
}

#[test]
fn allocation_in_old_space_pays_for_its_collection() -> Result<(), HeapFull> {
    for incremental in [false, true] {
        let found = collections_of_old_garbage(MarkingPacing { incremental, ..MarkingPacing::default() })?;
        assert!((2..=30).contains(&found), "{found} collections, in steps: {incremental}");
    }
    Ok(())
}

/// What is decided about a site of which `kept` of 100 objects live.
fn decision(kept: u64) -> Result<SiteDecision, HeapFull> {
    let mut config = Config { pretenuring: Some(Pretenuring::default()), ..verified() };
    config.new_space.max_bytes = config.new_space.initial_bytes;
    let mut heap = heap(config);
    let (node, site) = (heap.register("node", NODE), heap.add_site());
    let keep = heap.register("keep", Layout::Slots);
    let keep = heap.alloc_array(keep, 4_000)?;
    for index in 0..4_000 {
        heap.scope(|heap| {
            let object = heap.alloc_at(site, node)?;
            let is_kept = u64::from(index) % 100 < kept;
            heap.store(keep, index, is_kept.then_some(object));
            Ok(())
        })?;
    }
    heap.collect_minor();
    Ok(heap.site_decision(site))
}

#[test]
fn a_site_whose_objects_live_allocates_in_old_space() -> Result<(), HeapFull> {
    assert_eq!(decision(100)?, SiteDecision::Old);
    assert_eq!(decision(50)?, SiteDecision::Young);
    Ok(())
}

#[test]
fn survivors_lose_the_ends_of_pages() -> Result<(), HeapFull> {
    let mut config = Config { pages: Some(PageLayout::V8), ..verified() };
    config.new_space.initial_bytes = 4 * PageLayout::V8.page_bytes;
    config.new_space.max_bytes = config.new_space.initial_bytes;
    config.promotion = Promotion { age: 1, to_space_percent: None, all_at_full: true };
    let mut heap = heap(config);
    let node = heap.register("node", NODE);
    // As many as new space holds: what to-space has no room for is promoted, to the byte as in V8.
    let head = list(&mut heap, 1_030_880 / 48, |heap| heap.alloc(node))?;
    heap.collect_minor();
    let usage = heap.usage();
    assert!(usage.new_used <= 917_504 && usage.new_used > 917_504 - 48, "{}", usage.new_used);
    check_list(&heap, head, 1_030_880 / 48);
    heap.collect_full();
    assert_eq!(heap.usage().new_used, 0);
    Ok(())
}

/// The sizes that new space takes when all survives.
fn capacities(growth: NewSpaceGrowth) -> Result<Vec<u64>, HeapFull> {
    let mut config = verified();
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (1 << 20, 4 << 20);
    config.new_space.max_growth_survival_percent = None;
    config.new_space.growth = growth;
    let recorder = Recorder::default();
    let mut heap = heap(config);
    heap.set_sink(Box::new(recorder.clone()));
    let node = heap.register("node", NODE);
    list(&mut heap, 200_000, |heap| heap.alloc(node))?;
    let capacity = |event: &Event| match event {
        Event::PauseEnded(pause) => Some(pause.before.new_total / 2),
        _ => None,
    };
    Ok(recorder.take().iter().filter_map(capacity).take(4).collect())
}

#[test]
fn new_space_may_grow_a_collection_late() -> Result<(), HeapFull> {
    let (at_once, late) = (capacities(NewSpaceGrowth::AtOnce)?, capacities(NewSpaceGrowth::NextCollection)?);
    assert_eq!(at_once[0], late[0]);
    assert!(late.iter().zip(&at_once).all(|(late, at_once)| late <= at_once), "{late:?} {at_once:?}");
    assert!(late[3] > late[0], "{late:?}");
    Ok(())
}

/// The kinds of pauses of a program that keeps everything and makes young objects only.
fn kinds(limit_test: LimitTest) -> Result<Vec<PauseKind>, HeapFull> {
    let pacing = OldPacing { initial_limit_bytes: 2 << 20, limit_test, ..OldPacing::default() };
    let marking = MarkingPacing { incremental: false, ..MarkingPacing::default() };
    let recorder = Recorder::default();
    let mut heap = heap(Config { pacing, marking, ..verified() });
    heap.set_sink(Box::new(recorder.clone()));
    let node = heap.register("node", NODE);
    list(&mut heap, 150_000, |heap| heap.alloc(node))?;
    let kind = |event: &Event| match event {
        Event::PauseEnded(pause) => Some(pause.kind),
        _ => None,
    };
    Ok(recorder.take().iter().filter_map(kind).collect())
}

#[test]
fn the_limit_may_be_found_reached_before_or_after_a_scavenge_or_not_at_all() -> Result<(), HeapFull> {
    let full = |kinds: &[PauseKind]| kinds.iter().filter(|kind| **kind == PauseKind::Full).count();
    assert!(full(&kinds(LimitTest::EveryCollection)?) > 0);
    assert!(full(&kinds(LimitTest::AfterScavenge)?) > 0);
    assert_eq!(full(&kinds(LimitTest::OldAllocation)?), 0);
    Ok(())
}

#[test]
fn a_program_that_does_little_but_collect_is_given_up_and_may_go_on() {
    let futility = Some(Futility { utilisation_percent: 100, max_in_a_row: 2, ..Futility::default() });
    let pacing = OldPacing { initial_limit_bytes: 1 << 20, ..OldPacing::default() };
    let marking = MarkingPacing { incremental: false, ..MarkingPacing::default() };
    let refused_at = |futility| {
        let mut heap = heap(Config { futility, pacing, marking, max_old_bytes: 6 << 20, ..verified() });
        let node: Shape = heap.register("node", NODE);
        let mut made = 0;
        heap.scope(|heap| {
            list(heap, u64::MAX, |heap| heap.alloc(node).inspect(|_| made += 1))
                .expect_err("the heap is small")
        });
        heap.collect_full();
        assert!(list(&mut heap, 1_000, |heap| heap.alloc(node)).is_ok(), "what filled the heap is garbage");
        made
    };
    assert!(refused_at(futility) <= refused_at(None));
}
