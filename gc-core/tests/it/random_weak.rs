//! Random programs with ephemerons, weak handles and finalizers, on a heap and on a model of one.
//!
//! The model knows what is reachable. The heap may be late to find something dead, except after a full collection; but
//! it must never clear, queue or lose what is reachable.

use crate::support::{each_config, heap};
use crate::variables::Variables;
use gc_core::{Budget, Config, Heap, Layout, Shape, View, Weak};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use std::collections::{HashMap, HashSet};

/// Variables of a program.
const VARIABLES: usize = 5;

/// Slots of objects: those with many are large objects under some settings.
const SLOTS: [u16; 2] = [2, 150];

/// One step of a program. Variables and elements are numbers taken modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    /// Makes an object, or an ephemeron of two variables.
    Alloc(usize, Kind),
    /// Stores the last variable into an element of the first.
    Store(usize, u32, usize),
    /// Loads an element of the second variable into the first.
    Load(usize, usize, u32),
    /// Copies the element from the second variable's object to the first's.
    Copy(usize, usize, u32),
    Drop(usize),
    Register(usize),
    MakeWeak(usize),
    /// Makes a variable refer to what one of the weak handles does.
    Upgrade(usize, usize),
    /// The next object that is finalized is kept in this variable.
    Keep(usize),
    Minor,
    Full,
    Compact,
    Idle,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// With so many slots, by index.
    Slots(usize),
    Ephemeron(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let variable = || 0..VARIABLES;
    let ephemeron = (variable(), variable()).prop_map(|(key, value)| Kind::Ephemeron(key, value));
    let slots = (0..SLOTS.len()).prop_map(Kind::Slots);
    let kind = prop_oneof![3 => slots, 4 => ephemeron];
    prop_oneof![
        7 => (variable(), kind).prop_map(|(target, kind)| Step::Alloc(target, kind)),
        8 => (variable(), any::<u32>(), variable()).prop_map(|(to, index, value)| Step::Store(to, index, value)),
        4 => (variable(), variable(), any::<u32>()).prop_map(|(to, from, index)| Step::Load(to, from, index)),
        2 => (variable(), variable(), any::<u32>()).prop_map(|(to, from, index)| Step::Copy(to, from, index)),
        4 => variable().prop_map(Step::Drop),
        2 => variable().prop_map(Step::Register),
        2 => variable().prop_map(Step::MakeWeak),
        1 => (variable(), any::<usize>()).prop_map(|(target, weak)| Step::Upgrade(target, weak)),
        1 => variable().prop_map(Step::Keep),
        3 => Just(Step::Minor),
        1 => Just(Step::Full),
        1 => Just(Step::Compact),
        6 => Just(Step::Idle),
    ]
}

/// An object of the model: its elements, each null or the number of an object.
#[derive(Debug)]
struct Object {
    is_ephemeron: bool,
    elements: Vec<Option<usize>>,
    /// Whether the heap may have cleared it since it was last looked at: its key has been out of reach.
    may_be_cleared: bool,
}

impl Object {
    fn new(is_ephemeron: bool, elements: Vec<Option<usize>>) -> Object {
        Object { is_ephemeron, elements, may_be_cleared: false }
    }

    fn has_dead_key(&self, reachable: &HashSet<usize>) -> bool {
        self.is_ephemeron && self.elements[0].is_some_and(|key| !reachable.contains(&key))
    }
}

/// A weak handle of both.
struct WeakHandle {
    weak: Weak,
    number: usize,
    /// Whether the heap may have cleared it: its object has been out of reach.
    may_be_cleared: bool,
}

/// A program as it runs on both.
struct Program {
    slots: [Shape; SLOTS.len()],
    ephemeron: Shape,
    variables: Variables<VARIABLES>,
    objects: Vec<Object>,
    weak: Vec<WeakHandle>,
    registered: Vec<usize>,
    keep: Option<usize>,
}

impl Program {
    fn new(heap: &mut Heap) -> Program {
        Program {
            slots: SLOTS.map(|slots| heap.register("slots", Layout::Fixed { slots, bytes: 8 })),
            ephemeron: heap.register("ephemeron", Layout::Ephemeron),
            variables: Variables::new(),
            objects: Vec::new(),
            weak: Vec::new(),
            registered: Vec::new(),
            keep: None,
        }
    }

    fn take(&mut self, heap: &mut Heap, step: &Step) {
        match *step {
            Step::Alloc(target, kind) => self.alloc(heap, target, kind),
            Step::Store(object, element, value) => self.store(heap, object, element, value),
            Step::Load(target, object, element) => self.load(heap, target, object, element),
            Step::Copy(target, source, element) => self.copy(heap, target, source, element),
            Step::Drop(target) => self.variables.set(heap, target, None),
            Step::Register(variable) => {
                // An ephemeron has no place for its number.
                if let Some((local, number)) = self.variables.get(heap, variable)
                    && !self.objects[number].is_ephemeron
                {
                    heap.finalize_when_dead(local);
                    self.registered.push(number);
                }
            }
            Step::MakeWeak(variable) => {
                if let Some((local, number)) = self.variables.get(heap, variable) {
                    self.weak.push(WeakHandle { weak: heap.weak(local), number, may_be_cleared: false });
                }
            }
            Step::Upgrade(target, index) => self.upgrade(heap, target, index),
            Step::Keep(target) => self.keep = Some(target),
            Step::Minor => heap.collect_minor(),
            Step::Full => heap.collect_full(),
            Step::Compact => heap.compact(),
            Step::Idle => {
                heap.step(Budget::Work(1));
            }
        }
    }

    fn alloc(&mut self, heap: &mut Heap, target: usize, kind: Kind) {
        let (local, object) = match kind {
            Kind::Slots(index) => {
                let elements = vec![None; SLOTS[index].into()];
                let local = heap.alloc(self.slots[index]).unwrap();
                heap.store_word(local, 0, self.objects.len() as u64);
                (local, Object::new(false, elements))
            }
            Kind::Ephemeron(key, value) => {
                let held = [key, value].map(|variable| self.variables.get(heap, variable));
                let [key, value] = held.map(|held| held.map(|(local, _)| local));
                let elements = held.map(|held| held.map(|(_, number)| number)).to_vec();
                let local = heap.alloc_ephemeron(self.ephemeron, key, value).unwrap();
                (local, Object::new(true, elements))
            }
        };
        self.objects.push(object);
        self.variables.set(heap, target, Some((local, self.objects.len() - 1)));
    }

    fn store(&mut self, heap: &mut Heap, object: usize, element: u32, value: usize) {
        let Some((local, number)) = self.variables.get(heap, object) else { return };
        let value = self.variables.get(heap, value);
        let element = element % heap.view(local).slots();
        heap.store(local, element, value.map(|(local, _)| local));
        self.objects[number].elements[element as usize] = value.map(|(_, number)| number);
    }

    fn load(&mut self, heap: &mut Heap, target: usize, object: usize, element: u32) {
        let Some((local, number)) = self.variables.get(heap, object) else { return };
        let element = element % heap.view(local).slots();
        let loaded = heap.load(local, element).zip(self.objects[number].elements[element as usize]);
        self.variables.set(heap, target, loaded);
    }

    fn copy(&mut self, heap: &mut Heap, target: usize, source: usize, element: u32) {
        let Some((target, to)) = self.variables.get(heap, target) else { return };
        let Some((source, from)) = self.variables.get(heap, source) else { return };
        let element = element % 2;
        heap.copy_slots(source, element..element + 1, target, element);
        self.objects[to].elements[element as usize] = self.objects[from].elements[element as usize];
    }

    fn upgrade(&mut self, heap: &mut Heap, target: usize, index: usize) {
        if self.weak.is_empty() {
            return;
        }
        let index = index % self.weak.len();
        let WeakHandle { weak, number, may_be_cleared } = &self.weak[index];
        let upgraded = heap.upgrade(weak).map(|local| (local, *number));
        assert!(upgraded.is_some() || *may_be_cleared, "{number} is alive");
        self.variables.set(heap, target, upgraded);
    }

    /// The numbers of all objects that the variables reach.
    fn reachable(&self) -> HashSet<usize> {
        let mut reached: HashSet<usize> = self.variables.numbers().collect();
        loop {
            let reaches = |number: &usize| {
                let Object { is_ephemeron, elements, .. } = &self.objects[*number];
                let has_dead_key = self.objects[*number].has_dead_key(&reached);
                let held = if has_dead_key { &[] } else { &elements[usize::from(*is_ephemeron)..] };
                held.iter().flatten().copied().collect::<Vec<_>>()
            };
            let more: HashSet<usize> = reached.iter().flat_map(reaches).collect();
            if more.is_subset(&reached) {
                return reached;
            }
            reached.extend(more);
        }
    }

    /// Checks what the heap has done, and takes over what it was free to do.
    fn follow(&mut self, heap: &mut Heap, is_exact: bool) {
        let reachable = self.reachable();
        self.note_unreachable(&reachable);
        self.check_finalized(heap, &reachable, is_exact);
        if is_exact {
            self.check_weak(heap, &reachable);
        }
        for (number, is_cleared) in self.compare(heap, &reachable, is_exact) {
            let object = &mut self.objects[number];
            if is_cleared {
                object.elements.fill(None);
            }
            object.may_be_cleared = object.has_dead_key(&reachable);
        }
    }

    fn note_unreachable(&mut self, reachable: &HashSet<usize>) {
        for object in &mut self.objects {
            object.may_be_cleared |= object.has_dead_key(reachable);
        }
        for handle in &mut self.weak {
            handle.may_be_cleared |= !reachable.contains(&handle.number);
        }
    }

    /// Takes everything that is to be finalized, and keeps the first if asked to.
    fn check_finalized(&mut self, heap: &mut Heap, reachable: &HashSet<usize>, is_exact: bool) {
        while let Some(local) = heap.next_finalizable() {
            let number = heap.view(local).word(0) as usize;
            let index = self.registered.iter().position(|registered| *registered == number);
            self.registered.remove(index.expect("it was registered"));
            assert!(!reachable.contains(&number), "{number} is alive");
            if let Some(target) = self.keep.take() {
                self.variables.set(heap, target, Some((local, number)));
            }
        }
        let left = self.registered.iter().filter(|number| !reachable.contains(number)).count();
        assert!(!is_exact || left == 0, "{left} have not been finalized");
    }

    fn check_weak(&mut self, heap: &mut Heap, reachable: &HashSet<usize>) {
        self.weak.retain(|WeakHandle { weak, number, may_be_cleared }| {
            let is_alive = heap.scope(|heap| heap.upgrade(weak).is_some());
            let is_right = if is_alive { reachable.contains(number) } else { *may_be_cleared };
            assert!(is_right, "weak handle to {number}: alive {is_alive}");
            is_alive
        });
    }

    /// Fails unless both graphs are the same, object by object and edge by edge, but for ephemerons that the heap may have
    /// cleared: returns whether it has for all ephemerons.
    fn compare(&self, heap: &Heap, reachable: &HashSet<usize>, is_exact: bool) -> Vec<(usize, bool)> {
        let mut pairs = self.variables.views(heap);
        let (mut seen, mut ephemerons): (HashMap<usize, View<'_>>, _) = (HashMap::new(), Vec::new());
        while let Some((view, number)) = pairs.pop() {
            if let Some(known) = seen.insert(number, view) {
                assert!(known.same(view), "object {number} is there twice");
                continue;
            }
            let object = &self.objects[number];
            let is_cleared = object.may_be_cleared && (0..2).all(|index| view.slot(index).is_none());
            if object.is_ephemeron {
                ephemerons.push((number, is_cleared));
            }
            if is_cleared {
                continue;
            }
            let must_be_cleared = is_exact && reachable.contains(&number) && object.has_dead_key(reachable);
            assert!(!must_be_cleared, "object {number} has not been cleared");
            pairs.extend(edges(view, object, number));
        }
        ephemerons
    }
}

/// What an object refers to, each with its number in the model.
fn edges<'h>(view: View<'h>, object: &Object, number: usize) -> Vec<(View<'h>, usize)> {
    let mut edges = Vec::new();
    for (index, element) in (0..).zip(&object.elements) {
        let held = view.slot(index);
        assert_eq!(held.is_some(), element.is_some(), "element {index} of {number}");
        edges.extend(held.zip(*element));
    }
    edges
}

fn check(config: Config, steps: &[Step]) {
    let mut heap = heap(config);
    let mut program = Program::new(&mut heap);
    for step in steps {
        heap.scope(|heap| {
            program.take(heap, step);
            program.follow(heap, matches!(step, Step::Full | Step::Compact));
        });
    }
    heap.collect_full();
    heap.scope(|heap| program.follow(heap, true));
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn a_random_program_finds_its_weak_references_as_it_expects() {
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let steps = proptest::collection::vec(step(), 1..150);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        each_config(|mut config| {
            config.marking.idle_start_percent = 0;
            // Evacuate whatever pages there are.
            config.compaction.fragmented_percent = 0;
            config.compaction.sparse_percent = 100;
            check(config.clone(), &steps);
            check(Config { large_object_bytes: 256, ..config }, &steps);
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
