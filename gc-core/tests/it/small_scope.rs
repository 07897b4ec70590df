//! Every short program on small graphs, whatever the order of its operations and of the steps of a marking: what the
//! program can reach is there, as a model says, and the heap is sound.
//!
//! Mistakes of incremental marking need few objects and few operations to show, but these in one particular order.
//! Random programs may miss that order; here there is no order left to miss.

use gc_core::policy::{MarkingPacing, NewSpaceSizing, Promotion};
use gc_core::{Budget, Config, Heap, Layout, Local, MIN_SEMISPACE_BYTES, Root, Shape, View};
use std::thread;

/// Most objects of a graph.
const OBJECTS: usize = 4;
/// Variables of a program.
const VARIABLES: [usize; 2] = [0, 1];
/// Slots of an object that a program uses.
const SLOTS: [usize; 2] = [0, 1];
/// Length of the arrays: they have two cards.
const ARRAY: u32 = 200;

/// Steps in which every marking of such a graph ends.
const STEPS: usize = 20;

/// What an object refers to, by number.
type Edges = [Option<usize>; SLOTS.len()];

/// The graphs at the start: all objects are old, the first is in the first variable.
const LEAF: &[Edges] = &[[None, None]];
const CHAIN: &[Edges] = &[[Some(1), None], [Some(2), None], [None, None]];
const FORK: &[Edges] = &[[Some(1), Some(2)], [None, None], [None, None]];
const CYCLE: &[Edges] = &[[Some(1), None], [Some(0), Some(2)], [None, None]];

/// An operation of the program, or of the collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    /// Stores a variable, or null, into a slot of the object in another one.
    Store { holder: usize, slot: usize, value: Option<usize> },
    /// Loads a slot of the object in a variable into another one.
    Load { target: usize, holder: usize, slot: usize },
    /// Forgets a variable.
    Drop { target: usize },
    /// Makes an object.
    Alloc { target: usize },
    /// Advances the collection of the old generation by the smallest step: marks an object, ends a marking with nothing
    /// left to mark, or sweeps; or starts a marking, where idle steps do.
    Step,
    /// A scavenge. It starts a marking if none is under way, where scavenges do, and ends one with nothing left to mark.
    Minor,
    /// A full collection, which gives up a marking under way.
    Full,
}

/// A graph and the variables that lead into it.
#[derive(Clone, Debug)]
struct Model {
    objects: Vec<Edges>,
    variables: [Option<usize>; VARIABLES.len()],
}

impl Model {
    fn new(graph: &[Edges]) -> Model {
        Model { objects: graph.to_vec(), variables: [Some(0), None] }
    }

    /// What a slot of the object in a variable refers to.
    fn slot(&self, holder: usize, slot: usize) -> Option<usize> {
        self.objects[self.variables[holder]?][slot]
    }

    fn apply(&mut self, operation: Operation) {
        match operation {
            Operation::Store { holder, slot, value } => {
                let value = value.and_then(|value| self.variables[value]);
                self.objects[self.variables[holder].expect("an object")][slot] = value;
            }
            Operation::Load { target, holder, slot } => self.variables[target] = self.slot(holder, slot),
            Operation::Drop { target } => self.variables[target] = None,
            Operation::Alloc { target } => {
                self.variables[target] = Some(self.objects.len());
                self.objects.push([None, None]);
            }
            Operation::Step | Operation::Minor | Operation::Full => {}
        }
    }

    /// The variables that are not null.
    fn held(&self) -> impl Iterator<Item = usize> {
        VARIABLES.into_iter().filter(|variable| self.variables[*variable].is_some())
    }

    /// Whether a store or a load would change nothing.
    fn changes_nothing(&self, operation: &Operation) -> bool {
        match *operation {
            Operation::Store { holder, slot, value: None } => self.slot(holder, slot).is_none(),
            Operation::Load { target, holder, slot } => {
                self.slot(holder, slot).is_none() || self.slot(holder, slot) == self.variables[target]
            }
            _ => false,
        }
    }

    /// What may come next, but for what would change nothing.
    fn operations(&self) -> Vec<Operation> {
        let mut operations = vec![Operation::Step, Operation::Minor, Operation::Full];
        operations.extend(self.held().map(|target| Operation::Drop { target }));
        if self.objects.len() < OBJECTS {
            operations.extend(VARIABLES.map(|target| Operation::Alloc { target }));
        }
        for (holder, slot) in self.held().flat_map(|holder| SLOTS.map(|slot| (holder, slot))) {
            let values = self.held().map(Some).chain([None]);
            operations.extend(values.map(|value| Operation::Store { holder, slot, value }));
            operations.extend(VARIABLES.map(|target| Operation::Load { target, holder, slot }));
        }
        operations.retain(|operation| !self.changes_nothing(operation));
        operations
    }
}

/// What the objects are.
#[derive(Clone, Copy, Debug)]
enum Objects {
    /// Two slots.
    Pairs,
    /// Arrays of which the first and the last slot are used: they are remembered by the card.
    Arrays,
}

/// What starts a marking, if none is under way.
#[derive(Clone, Copy, Debug)]
enum Starter {
    /// A scavenge, among its survivors.
    Scavenge,
    /// A step in idle time, among whatever is young.
    IdleStep,
}

/// All programs of one length on one graph.
#[derive(Clone, Copy, Debug)]
struct Scope {
    graph: &'static [Edges],
    objects: Objects,
    starter: Starter,
    /// Scavenges that an object must have survived before the next one promotes it.
    age: u8,
    /// What every program starts with.
    start: &'static [Operation],
    /// How many operations follow.
    length: usize,
}

impl Scope {
    fn config(self) -> Config {
        let (start_percent, idle_start_percent) = match self.starter {
            Starter::Scavenge => (0, 100),
            Starter::IdleStep => (100, 0),
        };
        let max_minor_collections = u32::MAX;
        let marking = MarkingPacing {
            start_percent,
            idle_start_percent,
            max_minor_collections,
            ..MarkingPacing::default()
        };
        let new_space = NewSpaceSizing {
            initial_bytes: MIN_SEMISPACE_BYTES,
            max_bytes: MIN_SEMISPACE_BYTES,
            ..NewSpaceSizing::default()
        };
        let promotion = Promotion { age: self.age, to_space_percent: None, ..Promotion::default() };
        Config { new_space, promotion, marking, huge_pages: false, ..Config::default() }
    }
}

/// The heap in which one program after the other runs.
struct Bench {
    scope: Scope,
    heap: Heap,
    shape: Shape,
    roots: [Option<Root>; VARIABLES.len()],
    programs: u64,
}

impl Bench {
    fn new(scope: Scope, prepare: impl Fn(&mut Heap)) -> Bench {
        let mut heap = Heap::new(scope.config()).expect("settings that a heap can have");
        let shape = match scope.objects {
            Objects::Pairs => heap.register("pair", Layout::Fixed { slots: 2, bytes: 0 }),
            Objects::Arrays => heap.register("array", Layout::Slots),
        };
        prepare(&mut heap);
        Bench { scope, heap, shape, roots: [None, None], programs: 0 }
    }

    /// Runs every program that starts with `operations`, which lead to `model`.
    fn explore(&mut self, model: &Model, operations: &mut Vec<Operation>) {
        if operations.len() == self.scope.start.len() + self.scope.length {
            self.programs += 1;
            return self.run(operations);
        }
        for operation in model.operations() {
            let mut next = model.clone();
            next.apply(operation);
            operations.push(operation);
            self.explore(&next, operations);
            operations.pop();
        }
    }

    /// Runs one program, ends the marking that it leaves, and compares heap and model.
    fn run(&mut self, operations: &[Operation]) {
        let _context = Context(self.scope, operations);
        let mut model = Model::new(self.scope.graph);
        self.build();
        for operation in operations {
            self.apply(*operation);
            model.apply(*operation);
        }
        let _ = (0..STEPS).all(|_| self.heap.step(Budget::Work(1)));
        self.assert_same(&model);
        assert_eq!(self.heap.verify(), Ok(()));
        self.roots = [None, None];
        self.heap.collect_full();
        assert_eq!(self.heap.usage().heap_used(), 0, "all of it is garbage now");
    }

    /// Makes the graph, of old objects, where no marking is under way.
    fn build(&mut self) {
        let graph = self.scope.graph;
        let root = self.heap.scope(|heap| {
            let objects: Vec<Local> =
                graph.iter().map(|_| alloc(heap, self.scope.objects, self.shape)).collect();
            for (holder, slot) in (0..graph.len()).flat_map(|holder| SLOTS.map(|slot| (holder, slot))) {
                let value = graph[holder][slot].map(|value| objects[value]);
                heap.store(objects[holder], place(self.scope.objects, slot), value);
            }
            heap.root(objects[0])
        });
        self.roots = [Some(root), None];
        (0..=self.scope.age).for_each(|_| self.heap.collect_full());
        assert_eq!(self.heap.usage().new_used, 0, "everything is old");
    }

    fn apply(&mut self, operation: Operation) {
        let Bench { scope, heap, shape, roots, .. } = self;
        let get = |heap: &mut Heap, variable: usize| roots[variable].as_ref().map(|root| heap.get(root));
        match operation {
            Operation::Store { holder, slot, value } => heap.scope(|heap| {
                let value = value.and_then(|value| get(heap, value));
                let holder = get(heap, holder).expect("an object");
                heap.store(holder, place(scope.objects, slot), value);
            }),
            Operation::Load { target, holder, slot } => {
                roots[target] = heap.scope(|heap| {
                    let holder = get(heap, holder).expect("an object");
                    let loaded = heap.load(holder, place(scope.objects, slot))?;
                    Some(heap.root(loaded))
                });
            }
            Operation::Drop { target } => roots[target] = None,
            Operation::Alloc { target } => {
                roots[target] = Some(heap.scope(|heap| {
                    let object = alloc(heap, scope.objects, *shape);
                    heap.root(object)
                }));
            }
            Operation::Step => drop(heap.step(Budget::Work(1))),
            Operation::Minor => heap.collect_minor(),
            Operation::Full => heap.collect_full(),
        }
    }

    /// Fails unless the variables lead into the same graph in both.
    fn assert_same(&self, model: &Model) {
        let mut seen: [Option<View<'_>>; OBJECTS] = [None; OBJECTS];
        let held = self.roots.each_ref().map(|root| root.as_ref().map(|root| self.heap.view_root(root)));
        let mut pairs: Vec<_> = held.into_iter().zip(model.variables).collect();
        while let Some((view, number)) = pairs.pop() {
            assert_eq!(view.is_some(), number.is_some(), "a reference is lost, or one too many");
            let Some((view, number)) = view.zip(number) else { continue };
            if let Some(known) = seen[number].replace(view) {
                assert!(known.same(view), "object {number} is there twice");
                continue;
            }
            let twins = seen.iter().flatten().filter(|other| other.same(view)).count();
            assert_eq!(twins, 1, "object {number} is another");
            let slots = SLOTS.map(|slot| view.slot(place(self.scope.objects, slot)));
            pairs.extend(slots.into_iter().zip(model.objects[number]));
        }
    }
}

fn alloc(heap: &mut Heap, objects: Objects, shape: Shape) -> Local {
    match objects {
        Objects::Pairs => heap.alloc(shape).unwrap(),
        Objects::Arrays => heap.alloc_array(shape, ARRAY).unwrap(),
    }
}

/// Where a slot of the model is in an object.
fn place(objects: Objects, slot: usize) -> u32 {
    match objects {
        Objects::Pairs => slot as u32,
        Objects::Arrays => slot as u32 * (ARRAY - 1),
    }
}

/// Says which program failed.
struct Context<'o>(Scope, &'o [Operation]);

impl Drop for Context<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the program was {:?} in {:?}", self.1, self.0);
        }
    }
}

/// Runs all programs of a scope; how many there were.
fn explore(scope: Scope, prepare: impl Fn(&mut Heap)) -> u64 {
    let (mut bench, mut model) = (Bench::new(scope, prepare), Model::new(scope.graph));
    scope.start.iter().for_each(|operation| model.apply(*operation));
    bench.explore(&model, &mut scope.start.to_vec());
    bench.programs
}

/// Runs all programs of some scopes, and fails unless there are as many as there were when this was written.
fn check(scopes: &[(Scope, u64)]) {
    let ran: Vec<_> = scopes.iter().map(|(scope, _)| explore(*scope, |_| ())).collect();
    assert_eq!(ran, scopes.iter().map(|(_, programs)| *programs).collect::<Vec<_>>());
}

/// Programs of four operations that start where no marking is under way: on each graph, and how many there are.
const FOUR: [(&[Edges], u64); 4] = [(LEAF, 9_414), (CHAIN, 20_963), (FORK, 34_021), (CYCLE, 25_133)];

fn check_four(objects: Objects, starter: Starter) {
    let scopes = [0, 1].into_iter().flat_map(|age| {
        FOUR.map(|(graph, programs)| {
            (Scope { graph, objects, starter, age, start: &[], length: 4 }, programs)
        })
    });
    check(&scopes.collect::<Vec<_>>());
}

#[test]
fn all_programs_of_four_operations_on_pairs() {
    check_four(Objects::Pairs, Starter::Scavenge);
}

#[test]
fn all_programs_of_four_operations_on_arrays_with_cards() {
    check_four(Objects::Arrays, Starter::Scavenge);
}

#[test]
fn all_programs_of_four_operations_in_which_idle_steps_start_the_markings() {
    check_four(Objects::Pairs, Starter::IdleStep);
}

#[test]
fn all_programs_of_five_operations_on_an_object_and_what_it_is_given() {
    check(&[(
        Scope {
            graph: LEAF,
            objects: Objects::Pairs,
            starter: Starter::Scavenge,
            age: 1,
            start: &[],
            length: 5,
        },
        132_011,
    )]);
}

#[test]
fn all_programs_of_five_operations_while_a_chain_is_marked() {
    let start = &[Operation::Minor];
    check(&[(
        Scope { graph: CHAIN, objects: Objects::Pairs, starter: Starter::Scavenge, age: 1, start, length: 5 },
        318_448,
    )]);
}

/// With a mistake in the collector some program fails: the search sees what it is there to see.
#[test]
#[cfg(feature = "faults")]
fn a_fault_of_marking_shows_in_a_short_program() {
    use gc_core::fault::Fault;
    let none: &[Operation] = &[];
    let make_child =
        &[Operation::Alloc { target: 1 }, Operation::Store { holder: 0, slot: 1, value: Some(1) }];
    for (fault, start, length) in [
        (Fault::MarkingBarrierDropped, none, 4),
        (Fault::BornWhite, none, 4),
        (Fault::SnapshotYoungSkipped, none, 4),
        (Fault::SnapshotRootsSkipped, none, 4),
        (Fault::SnapshotRememberedSkipped, make_child, 3),
        (Fault::StaleMarksKept, make_child, 3),
        (Fault::FinishedEarly, none, 4),
        (Fault::MarkLost, none, 4),
        (Fault::ChildUnmarked, none, 4),
    ] {
        let shows = |(graph, _): &(&'static [Edges], u64)| {
            let scope =
                Scope { graph, objects: Objects::Pairs, starter: Starter::Scavenge, age: 1, start, length };
            thread::spawn(move || explore(scope, |heap| heap.arm(fault))).join().is_err()
        };
        assert!(FOUR.iter().any(shows), "{fault:?} goes unnoticed");
    }
}
