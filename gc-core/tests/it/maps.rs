//! Maps: where everything lies, and what watchers are told of moves.

use crate::compaction::{eager, mark_in_steps};
use crate::support::{at_once, each_calm_config, each_config, heap, list, make_old, node};
use gc_core::event::{Cause, PauseKind};
use gc_core::map::{AreaKind, Colour, Content, HeapMap, Inhabitant, Move, MoveReason, Place};
use gc_core::policy::Promotion;
use gc_core::{Budget, Config, Glimpse, Heap, Layout, Moment, Watcher};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

fn objects(map: &HeapMap) -> BTreeMap<Place, (AreaKind, Inhabitant)> {
    let cells = map.areas().flat_map(|area| area.cells.iter().map(|cell| (area.kind, cell)));
    let object = |(kind, cell): (AreaKind, &gc_core::map::HeapCell)| match cell.content {
        Content::Object(object) => Some((cell.start, (kind, object))),
        Content::Free | Content::Dead { .. } => None,
    };
    cells.filter_map(object).collect()
}

/// Cells lie in their areas, one behind the other.
fn check_tiled(map: &HeapMap) {
    for area in map.areas() {
        let mut next = area.start;
        for cell in &area.cells {
            assert_eq!(cell.start, next, "a gap or an overlap in {:?}", area.kind);
            next = Place(next.0 + cell.size_bytes);
        }
        assert!(next <= area.places().end, "{:?} is longer than it can be", area.kind);
    }
}

#[test]
fn a_map_holds_everything_that_a_snapshot_does_where_references_say() {
    each_config(|config| {
        let mut heap = heap(config);
        let shape = node(&mut heap);
        let bytes = heap.register("bytes", Layout::Bytes);
        let _list = list(&mut heap, shape, 2_000);
        make_old(&mut heap);
        let _young = list(&mut heap, shape, 50);
        let _large = heap.alloc_array(bytes, 1 << 20).unwrap();
        let (map, snapshot) = (heap.map_with_references(), heap.snapshot());
        check_tiled(&map);
        let mut sizes: Vec<_> = map.areas().flat_map(|area| &area.cells).collect();
        sizes.retain(|cell| matches!(cell.content, Content::Object(_)));
        let found: u64 = sizes.iter().map(|cell| cell.size_bytes).sum();
        let alive: u64 = snapshot.objects().map(|object| object.size_bytes()).sum();
        assert!(found >= alive, "{found} bytes of {alive}");
        let objects = objects(&map);
        assert!(
            map.arrows().all(|arrow| objects.contains_key(&arrow.from) && objects.contains_key(&arrow.to))
        );
        assert!(map.arrows().count() >= 2_048);
        assert_eq!(map.roots().count(), snapshot.roots().count());
    });
}

#[test]
fn after_a_full_collection_a_tally_counts_what_a_snapshot_does() {
    each_config(|config| {
        let mut heap = heap(config);
        let shape = node(&mut heap);
        let bytes = heap.register("bytes", Layout::Bytes);
        for kept in [100, 10, 50] {
            let _list = list(&mut heap, shape, kept);
            heap.scope(|heap| list(heap, shape, 2 * kept));
            make_old(&mut heap);
        }
        let _large = heap.alloc_array(bytes, 1 << 20).unwrap();
        heap.scope(|heap| heap.alloc_array(bytes, 1 << 20).map(drop)).unwrap();
        let _buffer = heap.alloc_buffer(5_000).unwrap();
        heap.collect_full();
        let (tally, snapshot) = (heap.tally(), heap.snapshot());
        let names: Vec<_> = heap.type_names().map(String::from).collect();
        let counted = names.into_iter().zip(&tally).filter(|(_, of)| of.objects > 0);
        let counted: BTreeMap<_, _> =
            counted.map(|(name, of)| (name, (of.objects, of.bytes, of.external_bytes))).collect();
        let census = snapshot.census().into_iter();
        let reached =
            census.map(|of| (of.of.name().to_owned(), (of.count, of.bytes, of.external_bytes))).collect();
        assert_eq!(counted, reached);
    });
}

/// A watcher that wants no moves, and how many it was told.
struct Unmoved(Arc<Mutex<usize>>);

impl Watcher for Unmoved {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        *self.0.lock().unwrap() += glimpse.moves.len();
    }

    fn wants_moves(&self) -> bool {
        false
    }
}

#[test]
fn moves_are_noted_only_for_watchers_that_want_them_and_all_watchers_look() {
    for (other, is_told) in [(None, false), (Some(Seen::default()), true)] {
        let (mut heap, told) = (heap(Config::default()), Arc::new(Mutex::new(0)));
        let mut watchers: Vec<Box<dyn Watcher>> = vec![Box::new(Unmoved(told.clone()))];
        watchers.extend(other.map(|seen| Box::new(seen) as Box<dyn Watcher>));
        heap.watch(Box::new(watchers));
        let shape = node(&mut heap);
        let _kept = list(&mut heap, shape, 100);
        heap.collect_minor();
        assert_eq!(*told.lock().unwrap() > 0, is_told);
    }
}

/// What a watcher has seen.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Sight>>>);

struct Sight {
    moment: Moment,
    kind: PauseKind,
    cause: Cause,
    moves: Vec<Move>,
    map: HeapMap,
}

impl Watcher for Seen {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        let Glimpse { moment, kind, cause, moves, .. } = *glimpse;
        let sight = Sight { moment, kind, cause, moves: moves.into(), map: glimpse.map() };
        self.0.lock().unwrap().push(sight);
    }
}

fn watched(config: Config) -> (Heap, Seen) {
    let (mut heap, seen) = (heap(config), Seen::default());
    heap.watch(Box::new(seen.clone()));
    (heap, seen)
}

#[test]
fn a_scavenge_tells_where_each_survivor_has_gone() {
    each_calm_config(|config| {
        let promotion = Promotion { age: 1, to_space_percent: None, ..Promotion::default() };
        let (mut heap, seen) = watched(Config { promotion, ..config });
        let shape = node(&mut heap);
        let _kept = list(&mut heap, shape, 100);
        heap.scope(|heap| list(heap, shape, 300));
        heap.collect_minor();
        heap.collect_minor();
        let seen = seen.0.lock().unwrap();
        let kinds: Vec<_> = seen.iter().map(|sight| (sight.moment, sight.kind, sight.moves.len())).collect();
        let (before, after) = (Moment::Before, Moment::After);
        let minor = PauseKind::Minor;
        assert_eq!(kinds, [(before, minor, 0), (after, minor, 100), (before, minor, 0), (after, minor, 100)]);
        assert_eq!(seen[0].cause, Cause::Requested);
        for (index, area) in [(0, AreaKind::ActiveSemispace), (2, AreaKind::OldPage)] {
            let (from, to) = (objects(&seen[index].map), objects(&seen[index + 1].map));
            for moved in &seen[index + 1].moves {
                assert_eq!(from[&moved.from].0, AreaKind::ActiveSemispace);
                assert_eq!(to[&moved.to].0, area);
                assert_eq!(from[&moved.from].1.type_index, to[&moved.to].1.type_index);
                let reason =
                    if area == AreaKind::OldPage { MoveReason::OldEnough } else { MoveReason::Survived };
                assert_eq!(moved.reason, reason);
            }
        }
    });
}

#[test]
fn what_is_promoted_since_to_space_is_full_says_so() {
    each_calm_config(|config| {
        let promotion = Promotion { age: 1, to_space_percent: Some(0), ..Promotion::default() };
        let (mut heap, seen) = watched(Config { promotion, ..config });
        let shape = node(&mut heap);
        let _kept = list(&mut heap, shape, 100);
        heap.collect_minor();
        let seen = seen.0.lock().unwrap();
        let last = seen.last().expect("there was a scavenge");
        assert!(last.moves.iter().all(|moved| moved.reason == MoveReason::ToSpaceFull), "{:?}", last.moves);
        assert_eq!(last.moves.len(), 100);
    });
}

/// A watcher that does not want to know of moves.
struct Bored(Seen);

impl Watcher for Bored {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        self.0.look(glimpse);
    }

    fn wants_moves(&self) -> bool {
        false
    }
}

#[test]
fn who_does_not_want_to_know_of_moves_is_not_told() {
    each_calm_config(|config| {
        let (mut heap, seen) = (heap(config), Seen::default());
        heap.watch(Box::new(Bored(seen.clone())));
        let shape = node(&mut heap);
        let _kept = list(&mut heap, shape, 100);
        heap.collect_minor();
        heap.compact();
        let seen = seen.0.lock().unwrap();
        assert_eq!(seen.iter().map(|sight| sight.moves.len()).collect::<Vec<_>>(), [0; 4]);
    });
}

#[test]
fn a_slide_tells_moves_in_order_and_leaves_no_gap() {
    each_calm_config(|config| {
        let (mut heap, seen) = watched(at_once(config));
        let shape = node(&mut heap);
        let array = heap.register("array", Layout::Slots);
        let holder = heap.alloc_array(array, 1_000).unwrap();
        for index in 0..1_000 {
            heap.scope(|heap| {
                let object = heap.alloc(shape).unwrap();
                heap.store(holder, index, Some(object));
            });
        }
        make_old(&mut heap);
        (0..1_000).step_by(2).for_each(|index| heap.store(holder, index, None));
        heap.compact();
        let seen = seen.0.lock().unwrap();
        let [before, after] = &seen[seen.len() - 2..] else { panic!("two sights a pause") };
        assert!(after.moves.len() >= 500, "{} moves", after.moves.len());
        assert!(
            after.moves.is_sorted_by_key(|moved| moved.from)
                && after.moves.is_sorted_by_key(|moved| moved.to)
        );
        assert!(after.moves.iter().all(|moved| moved.to < moved.from));
        assert!(
            after.moves.iter().all(|moved| objects(&before.map).contains_key(&moved.from)) || seen.len() < 2
        );
        let pages = after.map.areas().filter(|area| area.kind == AreaKind::OldPage);
        let holes = pages.flat_map(|page| page.cells.split_last().map_or(&[][..], |(_, cells)| cells));
        assert_eq!(holes.filter(|cell| cell.content == Content::Free).count(), 0);
    });
}

#[test]
fn an_evacuation_tells_what_it_moves_out_of_pages_that_were_chosen() {
    each_calm_config(|config| {
        let (mut heap, seen) = watched(eager(config));
        let bytes = heap.register("bytes", Layout::Bytes);
        let array = heap.register("array", Layout::Slots);
        let holder = heap.alloc_array(array, 8_000).unwrap();
        for index in 0..8_000 {
            heap.scope(|heap| {
                let object = heap.alloc_array(bytes, 400).unwrap();
                heap.store(holder, index, Some(object));
            });
        }
        make_old(&mut heap);
        (0..8_000).filter(|index| index % 8 > 0).for_each(|index| heap.store(holder, index, None));
        (0..3).for_each(|_| mark_in_steps(&mut heap));
        let seen = seen.0.lock().unwrap();
        let is_evacuated = |moved: &&Move| moved.reason == MoveReason::Evacuated;
        let index = seen.iter().position(|sight| sight.moves.iter().any(|moved| is_evacuated(&moved)));
        let index = index.expect("seven eighths of each page are free");
        let (before, after) = (&seen[index - 1], &seen[index]);
        let chosen =
            |place: Place| before.map.areas().any(|area| area.is_chosen && area.places().contains(&place));
        let is_area = |map: &HeapMap, place: Place| map.areas().any(|area| area.places().contains(&place));
        for moved in after.moves.iter().filter(is_evacuated) {
            assert!(chosen(moved.from) && !is_area(&after.map, moved.from));
            assert_eq!(objects(&after.map)[&moved.to].0, AreaKind::OldPage);
        }
    });
}

#[test]
fn a_marking_in_steps_turns_objects_from_white_to_grey_to_black() {
    each_calm_config(|mut config| {
        config.marking.start_percent = 0;
        let mut heap = heap(config);
        let shape = node(&mut heap);
        let _kept = list(&mut heap, shape, 500);
        make_old(&mut heap);
        heap.scope(|heap| list(heap, shape, 10));
        heap.collect_minor();
        let colours = |heap: &Heap| {
            let old = objects(&heap.map()).into_values().filter(|(kind, _)| *kind == AreaKind::OldPage);
            let mut counts = BTreeMap::new();
            old.for_each(|(_, object)| *counts.entry(object.colour).or_insert(0) += 1);
            counts
        };
        let start = colours(&heap);
        assert_eq!(start.get(&Some(Colour::Grey)), Some(&1), "the head of the list: {start:?}");
        heap.step(Budget::Work(100));
        let midway = colours(&heap);
        assert!(midway[&Some(Colour::White)] > 0 && midway[&Some(Colour::Black)] > 0, "{midway:?}");
        while heap.step(Budget::Work(100)) {}
        assert_eq!(colours(&heap).keys().collect::<Vec<_>>(), [&None], "no marking runs any more");
    });
}

#[test]
fn what_a_marking_finds_dead_is_dead_until_it_is_swept() {
    each_calm_config(|config| {
        let mut heap = heap(at_once(config));
        let shape = node(&mut heap);
        let _kept = list(&mut heap, shape, 100);
        heap.scope(|heap| {
            list(heap, shape, 300);
            make_old(heap);
        });
        heap.collect_full();
        let map = heap.map();
        let cells = map.areas().filter(|area| area.kind == AreaKind::OldPage).flat_map(|area| &area.cells);
        let dead = cells.filter(|cell| matches!(cell.content, Content::Dead { .. })).count();
        assert_eq!(dead, 300);
    });
}

#[test]
fn areas_are_visited_as_they_are_mapped() {
    each_config(|config| {
        let mut heap = heap(config);
        let shape = node(&mut heap);
        let _list = list(&mut heap, shape, 5_000);
        heap.collect_full();
        heap.scope(|heap| list(heap, shape, 100));
        let (map, mut areas) = (heap.map(), Vec::new());
        heap.visit_areas(&mut |area| areas.push(area.clone()));
        assert!(map.areas().eq(&areas));
        let first = areas.iter().flat_map(|area| &area.cells).next().expect("there are objects");
        let Content::Object(object) = first.content else {
            panic!("the first cell of new space is an object")
        };
        assert_eq!(heap.type_names().nth(object.type_index as usize), Some(map.type_name(object.type_index)));
    });
}

#[test]
fn a_view_tells_where_its_object_lies() {
    each_calm_config(|config| {
        let mut heap = heap(config);
        let shape = node(&mut heap);
        let kept = heap.alloc(shape).unwrap();
        let born = heap.view(kept).place();
        heap.collect_minor();
        let moved = heap.view(kept).place();
        assert_ne!(born, moved);
        assert!(objects(&heap.map()).contains_key(&moved));
    });
}
