//! Pictures of real heaps.

use super::{Figure, Film, FilmPage, Layout, Scene, Sight, UseIn};
use crate::Shared;
use gc_core::clock::CostModel;
use gc_core::map::Move;
use gc_core::{ClockSource, Config, Glimpse, Heap, Local, Shape, Watcher};

fn heap() -> (Heap, Shape) {
    let mut config = Config { clock: ClockSource::Modelled(CostModel::default()), ..Config::default() };
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (256 << 10, 256 << 10);
    let mut heap = Heap::new(config).expect("a heap");
    let shape = heap.register("<node>", gc_core::Layout::Fixed { slots: 1, bytes: 15 << 10 });
    (heap, shape)
}

fn objects(heap: &mut Heap, shape: Shape, count: usize) -> Vec<Local> {
    (0..count).map(|_| heap.alloc(shape).expect("there is room")).collect()
}

/// The pauses of a heap, before and after.
#[derive(Default)]
struct Pauses(Vec<(Sight, Vec<Move>)>);

impl Watcher for Pauses {
    fn look(&mut self, glimpse: &Glimpse<'_>) {
        self.0.push((Sight::new(glimpse.map_with_references()), glimpse.moves.into()));
    }
}

/// The figure of a scavenge that two of five objects survive.
fn scavenge(use_in: UseIn) -> String {
    let (mut heap, shape) = heap();
    let pauses = Shared::new(Pauses::default());
    heap.watch(Box::new(pauses.clone()));
    let _kept = objects(&mut heap, shape, 2);
    heap.scope(|heap| objects(heap, shape, 3));
    heap.collect_minor();
    let pauses = pauses.lock();
    let [(before, _), (after, moves)] = &pauses.0[..] else { panic!("one pause") };
    let layout = Layout::of([before, after].into_iter()).expect("a small heap");
    let scene = Scene::Pause { before, after, moves };
    Figure { layout: &layout, scene, caption: "a < b", use_in }.to_string()
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn a_scavenge_shows_where_survivors_went_and_crosses_out_the_dead() {
    let figure = scavenge(UseIn::Document);
    // The legend has one of each, too.
    assert_eq!(count(&figure, "class=\"forward\""), 2 + 1);
    assert_eq!(count(&figure, "class=\"cross\""), 3 + 1);
    assert_eq!(count(&figure, "class=\"root\""), 2 + 1);
    assert_eq!(count(&figure, "data-"), 0);
}

#[test]
fn a_player_gets_a_step_for_each_object_that_is_moved() {
    let figure = scavenge(UseIn::Player);
    for step in 1..=2 {
        // What is there until then, its ghost, the copy and the arrow.
        assert_eq!(count(&figure, &format!("data-until=\"{step}\"")), 1, "step {step}");
        assert_eq!(count(&figure, &format!("data-from=\"{step}\"")), 3, "step {step}");
    }
}

#[test]
fn names_and_captions_are_no_markup() {
    let figure = scavenge(UseIn::Document);
    assert!(figure.contains("a &lt; b") && figure.contains("&lt;node&gt;"), "{figure}");
    assert!(!figure.contains("<node>"));
}

#[test]
fn an_address_keeps_its_place_and_many_objects_have_none() {
    let (mut heap, shape) = heap();
    let mut sights = vec![Sight::new(heap.map())];
    let small = heap.register("small", gc_core::Layout::Fixed { slots: 1, bytes: 0 });
    let object = objects(&mut heap, shape, 1)[0];
    sights.push(Sight::new(heap.map()));
    let place = heap.view(object).place();
    let alone = Layout::of(sights.iter()).expect("a small heap").rects(place, 16);
    objects(&mut heap, shape, 8);
    sights.push(Sight::new(heap.map()));
    let together = Layout::of(sights.iter()).expect("a small heap").rects(place, 16);
    assert_eq!((alone.len(), alone), (1, together));
    objects(&mut heap, small, 400);
    assert_eq!(Layout::of([&Sight::new(heap.map())].into_iter()), None);
}

fn filmed(objects_a_scavenge: usize, scavenges: usize) -> Shared<Film> {
    let (mut heap, _) = heap();
    let small = heap.register("small", gc_core::Layout::Fixed { slots: 1, bytes: 0 });
    let film = Shared::new(Film::new("a film"));
    heap.watch(Box::new(film.clone()));
    for _ in 0..scavenges {
        heap.scope(|heap| objects(heap, small, objects_a_scavenge));
        heap.collect_minor();
    }
    film
}

#[test]
fn a_small_heap_is_filmed_object_by_object_and_a_large_one_in_blocks() {
    let scenes = |film: &Shared<Film>| film.lock().scenes().map(|(_, scenes)| scenes.len());
    assert_eq!(scenes(&filmed(100, 20)), Some(20));
    assert_eq!(scenes(&filmed(500, 20)), None);
}

#[test]
fn a_still_tells_what_has_been_allocated_and_is_not_there_twice() {
    let (mut heap, shape) = heap();
    let mut film = Film::new("stills");
    let mut still = |heap: &Heap, title| {
        film.add_still(title, "", heap.stats().work.allocated_bytes, || Sight::new(heap.map()));
    };
    still(&heap, "nothing");
    objects(&mut heap, shape, 1);
    ["an object", "an object", "nothing else"].into_iter().for_each(|title| still(&heap, title));
    let page = FilmPage(&[&film]).to_string();
    let frames = |allocated_bytes: u64| count(&page, &format!("\"allocated_bytes\":{allocated_bytes},"));
    assert_eq!([0, heap.stats().work.allocated_bytes].map(frames), [1, 2]);
}

#[test]
fn a_film_of_many_pauses_is_as_small_as_one_of_few() {
    let page = |scavenges| FilmPage(&[&*filmed(500, scavenges).lock()]).to_string();
    let [few, many] = [200, 4_000].map(page);
    assert!(many.len() < 2 * few.len(), "{} and {} bytes", few.len(), many.len());
    assert!(page(20) == page(20), "the same run has the same film");
}
