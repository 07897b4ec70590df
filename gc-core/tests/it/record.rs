//! What a log is told of a program.

use crate::support::heap;
use gc_core::arena::{Arena, Gc, Lock, Root, Trace};
use gc_core::record::{MutationLog, Request, Told};
use gc_core::{Config, Heap, Layout, Local};
use std::sync::{Arc, Mutex};

/// Writes down what it is told, a word for each call.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, text: String) {
        self.0.lock().expect("nobody panics with it").push(text);
    }

    /// What has been noted since the last call, but for points and ends of collections.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().expect("nobody panics with it"))
    }
}

fn told(object: Told) -> String {
    match object {
        Told::Recent(ago) => format!("-{ago}"),
        Told::Numbered(number) => format!("#{number}"),
    }
}

fn told_or_null(object: Option<Told>) -> String {
    object.map_or("null".into(), told)
}

impl MutationLog for Notes {
    fn shape(&mut self, name: &str, layout: Option<Layout>, _site: Option<u32>) {
        self.note(format!("shape {name} {layout:?}"));
    }

    fn allocated(&mut self, shape: u32, length: u32, references: &[(u32, Told)]) {
        let references: Vec<_> =
            references.iter().map(|(place, target)| format!("{place}={}", told(*target))).collect();
        self.note(format!("new {shape} {length} [{}]", references.join(" ")));
    }

    fn numbered(&mut self, order: u32, number: u32) {
        self.note(format!("{order} is #{number}"));
    }

    fn stored(&mut self, holder: Told, place: u32, target: Option<Told>) {
        self.note(format!("{}.{place} = {}", told(holder), told_or_null(target)));
    }

    fn root_set(&mut self, root: u32, target: Option<Told>) {
        self.note(format!("root {root} = {}", told_or_null(target)));
    }

    fn point(&mut self) {}

    fn requested(&mut self, request: Request) {
        self.note(format!("{request:?}"));
    }

    fn died(&mut self, number: u32) {
        self.note(format!("#{number} is dead"));
    }

    fn collected(&mut self) {}
}

fn recorded() -> (Heap, Notes) {
    let config = Config { huge_pages: false, ..Config::default() };
    let (mut heap, notes) = (heap(config), Notes::default());
    heap.record(Box::new(notes.clone()));
    (heap, notes)
}

/// A pair that refers to these.
fn pair(heap: &mut Heap, slots: [Option<Local>; 2]) -> Local {
    let pair = heap.register("pair", Layout::Fixed { slots: 2, bytes: 0 });
    heap.alloc_with(pair, slots).expect("room")
}

#[test]
fn objects_are_told_in_order_with_what_they_refer_to_at_the_next_point() {
    let (mut heap, notes) = recorded();
    let first = pair(&mut heap, [None, None]);
    let second = pair(&mut heap, [None, Some(first)]);
    heap.store(first, 0, Some(second));
    heap.store(first, 1, Some(first));
    assert_eq!(notes.take(), [""; 0], "there has been no point");
    heap.collect_minor();
    let expected = [
        "shape pair Some(Fixed { slots: 2, bytes: 0 })",
        "new 0 0 [1=-0]",
        "new 0 0 [1=-1]",
        "-1.0 = -0",
        "root 0 = -1",
        "root 1 = -0",
        "Minor",
        "0 is #0",
        "1 is #1",
    ];
    assert_eq!(notes.take(), expected);
    assert!(heap.verify().is_ok());
}

#[test]
fn stores_are_told_by_what_has_changed_at_the_next_point_in_young_objects_and_old_ones() {
    let (mut heap, notes) = recorded();
    let (holder, target) = (pair(&mut heap, [None, None]), pair(&mut heap, [None, None]));
    heap.collect_minor();
    heap.collect_minor();
    let young = pair(&mut heap, [None, Some(target)]);
    heap.collect_minor();
    notes.take();
    for object in [holder, young] {
        heap.store(object, 0, Some(object));
        heap.store(object, 0, Some(target));
        heap.store(object, 1, None);
    }
    heap.collect_minor();
    assert_eq!(notes.take(), ["#0.0 = #1", "#2.0 = #1", "#2.1 = null", "Minor"]);
    heap.store(holder, 0, None);
    heap.store(holder, 0, Some(target));
    heap.collect_minor();
    assert_eq!(notes.take(), ["Minor"], "nothing has changed");
}

#[test]
fn of_long_arrays_the_slots_are_told_that_have_changed() {
    let (mut heap, notes) = recorded();
    let slots = heap.register("slots", Layout::Slots);
    let array = heap.alloc_array(slots, 1_000).expect("room");
    let target = pair(&mut heap, [None, None]);
    heap.collect_minor();
    notes.take();
    heap.store(array, 7, Some(target));
    heap.store(array, 999, Some(target));
    heap.store(array, 7, None);
    heap.fill_slots(array, 300..310, Some(target));
    heap.collect_minor();
    let changed =
        std::iter::once("#0.999 = #1".into()).chain((300..310).map(|slot| format!("#0.{slot} = #1")));
    let expected: Vec<String> = changed.chain(["Minor".into()]).collect();
    assert_eq!(notes.take(), expected);
}

#[test]
fn an_object_that_dies_without_being_told_of_again_has_no_number() {
    let (mut heap, notes) = recorded();
    heap.scope(|heap| {
        pair(heap, [None, None]);
    });
    let kept = heap.escape(|heap| Ok::<_, ()>(pair(heap, [None, None]))).expect("room");
    heap.collect_minor();
    assert_eq!(notes.take()[1..], ["new 0 0 []", "new 0 0 []", "root 0 = -0", "Minor", "1 is #0"]);
    let root = heap.root(kept);
    heap.collect_full();
    assert_eq!(notes.take(), ["root 1 = #0", "Full"]);
    drop(root);
    let log = heap.stop_recording().expect("it was set");
    assert_eq!(notes.take(), ["root 1 = null"]);
    drop(log);
    heap.store(kept, 0, Some(kept));
    heap.collect_full();
    assert_eq!(notes.take(), [""; 0], "it is told no more");
    assert!(heap.verify().is_ok());
}

#[test]
fn numbers_of_the_dead_are_told_and_given_again() {
    let (mut heap, notes) = recorded();
    heap.scope(|heap| {
        pair(heap, [None, None]);
        heap.collect_minor();
    });
    notes.take();
    heap.collect_full();
    assert_eq!(notes.take(), ["root 0 = null", "Full", "#0 is dead"]);
    pair(&mut heap, [None, None]);
    heap.collect_minor();
    assert_eq!(notes.take(), ["new 0 0 []", "root 0 = -0", "Minor", "0 is #0"]);
}

/// A type with a gap before its reference.
#[derive(Trace)]
struct Spaced<'gc> {
    number: u64,
    next: Lock<Option<Gc<'gc, Spaced<'gc>>>>,
}

#[test]
fn typed_objects_are_told_as_untyped_ones_of_the_same_size() {
    let config = Config { huge_pages: false, ..Config::default() };
    let mut arena = Arena::<Root![Gc<'_, Spaced<'_>>]>::new(config, |mc| {
        mc.new(Spaced { number: 7, next: Lock::new(None) })
    })
    .expect("an arena");
    let notes = Notes::default();
    arena.record(Box::new(notes.clone()));
    let before = notes.take();
    // The reference is the third word of four: one slot, and two granules for all.
    assert!(
        before
            .iter()
            .any(|note| note.contains("Spaced") && note.ends_with(" Some(Fixed { slots: 1, bytes: 8 })")),
        "{before:?}"
    );
    arena.mutate(|mc, root| {
        let object = *root.get(mc);
        assert_eq!(object.get(mc).number, 7);
        object.write(mc).field(|it| &it.next).set(Some(object));
    });
    arena.collect_minor();
    let told = notes.take();
    assert!(told.iter().any(|note| note.ends_with(".0 = #0") || note.ends_with(".0 = #1")), "{told:?}");
    assert!(arena.stop_recording().is_some() && arena.verify().is_ok());
}
