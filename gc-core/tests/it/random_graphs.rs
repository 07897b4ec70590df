//! Random programs on a heap and on a model of one: what the roots reach is the same in both.

use crate::support::{always_marking, each_config, heap, with_age};
use crate::variables::Variables;
use gc_core::{Budget, Config, Decoder, Heap, Layout, Shape, Value, ValueView, View};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use std::collections::HashMap;

/// Variables of a program.
const VARIABLES: usize = 6;
/// Lengths of arrays: without cards, and with several; the longest are large objects under some settings.
const LENGTHS: [u32; 3] = [1, 5, 200];

/// One step of a program. Variables and elements are numbers taken modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    /// Makes an object of one of the kinds, of one of the lengths.
    Alloc {
        target: usize,
        kind: usize,
        length: usize,
    },
    /// Stores one variable into an element of another.
    Store {
        object: usize,
        element: u32,
        value: usize,
    },
    /// Loads an element of one variable into another.
    Load {
        target: usize,
        object: usize,
        element: u32,
    },
    /// Forgets a variable.
    Drop {
        target: usize,
    },
    Minor,
    Full,
    /// Gives idle time, for so much work.
    Idle {
        work: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let variable = || 0..VARIABLES;
    prop_oneof![
        5 => (variable(), 0..3_usize, 0..LENGTHS.len())
            .prop_map(|(target, kind, length)| Step::Alloc { target, kind, length }),
        8 => (variable(), any::<u32>(), variable())
            .prop_map(|(object, element, value)| Step::Store { object, element, value }),
        4 => (variable(), variable(), any::<u32>())
            .prop_map(|(target, object, element)| Step::Load { target, object, element }),
        2 => variable().prop_map(|target| Step::Drop { target }),
        2 => Just(Step::Minor),
        5 => (1..4_u64).prop_map(|work| Step::Idle { work }),
        1 => Just(Step::Full),
    ]
}

/// An object of the model: its elements, each null or the number of an object.
type Elements = Vec<Option<usize>>;

/// A program as it runs on both.
struct Program {
    shapes: [Shape; 3],
    variables: Variables<VARIABLES>,
    objects: Vec<Elements>,
}

impl Program {
    fn new(heap: &mut Heap) -> Program {
        let decoder = Decoder { mask: 0xffff << 48, tag: 0xfff9 << 48, shift: 8 };
        let layouts = [Layout::Fixed { slots: 3, bytes: 16 }, Layout::Slots, Layout::Values(decoder)];
        let shapes = layouts.map(|layout| heap.register("object", layout));
        Program { shapes, variables: Variables::new(), objects: Vec::new() }
    }

    fn take(&mut self, heap: &mut Heap, step: &Step) {
        match *step {
            Step::Alloc { target, kind, length } => self.alloc(heap, target, kind, LENGTHS[length]),
            Step::Store { object, element, value } => self.store(heap, object, element, value),
            Step::Load { target, object, element } => self.load(heap, target, object, element),
            Step::Drop { target } => self.variables.set(heap, target, None),
            Step::Minor => heap.collect_minor(),
            Step::Full => heap.collect_full(),
            Step::Idle { work } => {
                heap.step(Budget::Work(work));
            }
        }
    }

    fn alloc(&mut self, heap: &mut Heap, target: usize, kind: usize, length: u32) {
        let shape = self.shapes[kind];
        let local = if kind == 0 { heap.alloc(shape) } else { heap.alloc_array(shape, length) }.unwrap();
        self.objects.push(vec![None; heap.view(local).len() as usize]);
        self.variables.set(heap, target, Some((local, self.objects.len() - 1)));
    }

    fn store(&mut self, heap: &mut Heap, object: usize, element: u32, value: usize) {
        let Some((local, number)) = self.variables.get(heap, object) else { return };
        let value = self.variables.get(heap, value);
        let element = element % heap.view(local).len();
        let stored = value.map(|(local, _)| local);
        if heap.view(local).slots() > 0 {
            heap.store(local, element, stored);
        } else {
            heap.store_value(local, element, stored.map_or(Value::Bits(element.into()), Value::Object));
        }
        self.objects[number][element as usize] = value.map(|(_, number)| number);
    }

    /// Loads an element, unless it is a value: these are not loaded into handles.
    fn load(&mut self, heap: &mut Heap, target: usize, object: usize, element: u32) {
        let Some((local, number)) = self.variables.get(heap, object) else { return };
        let element = element % heap.view(local).len();
        if heap.view(local).slots() > 0 {
            let loaded = heap.load(local, element).zip(self.objects[number][element as usize]);
            self.variables.set(heap, target, loaded);
        }
    }

    /// Fails unless both graphs are the same, object by object and edge by edge.
    fn assert_same(&self, heap: &Heap) {
        let mut pairs = self.variables.views(heap);
        let mut seen: HashMap<usize, View<'_>> = HashMap::new();
        while let Some((view, number)) = pairs.pop() {
            if let Some(known) = seen.get(&number) {
                assert!(known.same(view), "object {number} is there twice");
                continue;
            }
            assert!(!seen.values().any(|other| other.same(view)), "object {number} is another");
            seen.insert(number, view);
            pairs.extend(edges(view, &self.objects[number]));
        }
    }
}

/// What an object refers to, each with its number in the model.
fn edges<'h>(view: View<'h>, elements: &Elements) -> Vec<(View<'h>, usize)> {
    assert_eq!(view.len() as usize, elements.len());
    let held = (0..view.len()).map(|index| element(view, index));
    let pair = |(held, number): (Option<View<'h>>, &Option<usize>)| {
        assert_eq!(held.is_some(), number.is_some());
        held.zip(*number)
    };
    held.zip(elements).filter_map(pair).collect()
}

fn element(view: View<'_>, index: u32) -> Option<View<'_>> {
    if view.slots() > 0 {
        return view.slot(index);
    }
    match view.value(index) {
        ValueView::Object(object) => Some(object),
        ValueView::Bits(_) => None,
    }
}

fn check(config: Config, steps: &[Step]) {
    let mut heap = heap(config);
    let mut program = Program::new(&mut heap);
    for step in steps {
        heap.scope(|heap| program.take(heap, step));
        program.assert_same(&heap);
    }
    heap.collect_full();
    program.assert_same(&heap);
    assert_eq!(heap.verify(), Ok(()));
}

#[test]
fn a_random_program_sees_the_graph_that_it_made() {
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let steps = proptest::collection::vec(step(), 1..120);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        each_config(|config| {
            check(config.clone(), &steps);
            check(Config { large_object_bytes: 256, ..always_marking(config.clone()) }, &steps);
            check(with_age(always_marking(config), 0), &steps);
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
