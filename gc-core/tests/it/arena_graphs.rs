//! Random programs on typed nodes, in an arena and in a model of one: what the variables reach is the same in both.

use crate::arena_boundaries::{Boundary, arena, crowd, each_arena_config};
use gc_core::Config;
use gc_core::arena::{Any, Arena, Array, Lock, Mutation, RefLock, Root, Str, Trace};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config as ProptestConfig, TestRunner};
use std::array;
use std::collections::HashMap;

/// Variables of a program, each null or a reference.
const VARIABLES: usize = 6;
/// Lengths of arrays: without cards, and with several; the longest are large objects under some settings.
const LENGTHS: [usize; 4] = [0, 1, 5, 70];

/// A link of a node.
type Link<'gc> = Option<Any<'gc>>;

/// References first.
#[derive(Trace)]
struct Pair<'gc> {
    links: [Lock<Link<'gc>>; 2],
    number: u64,
}

/// A node that has both, one or none of its links.
#[derive(Clone, Copy, Trace)]
enum Fork<'gc> {
    Empty,
    Left(Any<'gc>),
    Right(u64, Any<'gc>),
    Both { left: Any<'gc>, number: u32, right: Any<'gc> },
}

impl<'gc> Fork<'gc> {
    fn of(links: [Link<'gc>; 2]) -> Self {
        match links {
            [None, None] => Fork::Empty,
            [Some(left), None] => Fork::Left(left),
            [None, Some(right)] => Fork::Right(u64::MAX, right),
            [Some(left), Some(right)] => Fork::Both { left, number: u32::MAX, right },
        }
    }

    fn links(self) -> [Link<'gc>; 2] {
        match self {
            Fork::Empty => [None, None],
            Fork::Left(left) => [Some(left), None],
            Fork::Right(number, right) => [None, (number == u64::MAX).then_some(right)],
            Fork::Both { left, number, right } => [Some(left), (number == u32::MAX).then_some(right)],
        }
    }
}

/// A node that is borrowed to be changed.
type Borrowed<'gc> = RefLock<[Link<'gc>; 3]>;

/// A link between other data.
#[derive(Clone, Copy, Trace)]
#[repr(C)]
struct Entry<'gc> {
    before: u64,
    link: Link<'gc>,
    after: u16,
}

impl<'gc> Entry<'gc> {
    fn of(link: Link<'gc>) -> Lock<Self> {
        Lock::new(Entry { before: 1, link, after: 2 })
    }
}

/// More references than are told at once, in more than 512 bytes.
type Frame<'gc> = (u64, [Lock<Entry<'gc>>; 30]);

/// What a node is.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Pair,
    Fork,
    Borrowed,
    Frame,
    /// An array of links of one of the lengths.
    Links(usize),
    /// An array of entries.
    Entries(usize),
    /// A text, which refers to nothing.
    Text,
}

impl Kind {
    /// How many links such a node has.
    fn links(self) -> usize {
        match self {
            Kind::Pair | Kind::Fork => 2,
            Kind::Borrowed => 3,
            Kind::Frame => 30,
            Kind::Links(length) | Kind::Entries(length) => LENGTHS[length],
            Kind::Text => 0,
        }
    }

    /// A node all of whose links are this one.
    fn make<'gc>(self, mc: Mutation<'gc>, link: Link<'gc>) -> Any<'gc> {
        match self {
            Kind::Pair => mc.new(Pair { links: [Lock::new(link), Lock::new(link)], number: 7 }).erase(),
            Kind::Fork => mc.new(Lock::new(Fork::of([link; 2]))).erase(),
            Kind::Borrowed => mc.new(Borrowed::new([link; 3])).erase(),
            Kind::Frame => mc.new::<Frame<'_>>((7, array::from_fn(|_| Entry::of(link)))).erase(),
            Kind::Links(length) => mc.array_from_fn(LENGTHS[length], |_| Lock::new(link)).erase(),
            Kind::Entries(length) => mc.array_from_fn(LENGTHS[length], |_| Entry::of(link)).erase(),
            Kind::Text => mc.str("a text").erase(),
        }
    }
}

/// The links of a node.
fn links<'gc>(mc: Mutation<'gc>, node: Any<'gc>) -> Vec<Link<'gc>> {
    let entry = |entry: &Lock<Entry<'gc>>| {
        assert_eq!((entry.get().before, entry.get().after), (1, 2));
        entry.get().link
    };
    if let Some(pair) = node.downcast::<Pair<'_>>(mc) {
        assert_eq!(pair.get(mc).number, 7);
        pair.get(mc).links.iter().map(Lock::get).collect()
    } else if let Some(fork) = node.downcast::<Lock<Fork<'_>>>(mc) {
        fork.get(mc).get().links().into()
    } else if let Some(borrowed) = node.downcast::<Borrowed<'_>>(mc) {
        (*borrowed.borrow(mc)).into()
    } else if let Some(frame) = node.downcast::<Frame<'_>>(mc) {
        assert_eq!(frame.get(mc).0, 7);
        frame.get(mc).1.iter().map(entry).collect()
    } else if let Some(links) = node.downcast::<Array<Lock<Link<'_>>>>(mc) {
        links.as_slice(mc).iter().map(Lock::get).collect()
    } else if let Some(entries) = node.downcast::<Array<Lock<Entry<'_>>>>(mc) {
        entries.as_slice(mc).iter().map(entry).collect()
    } else {
        assert_eq!(node.downcast::<Str>(mc).expect("a text").as_str(mc), "a text");
        Vec::new()
    }
}

/// Replaces a link of a node.
fn store<'gc>(mc: Mutation<'gc>, node: Any<'gc>, index: usize, link: Link<'gc>) {
    if let Some(pair) = node.downcast::<Pair<'_>>(mc) {
        pair.write(mc).field(|pair| &pair.links[index]).set(link);
    } else if let Some(fork) = node.downcast::<Lock<Fork<'_>>>(mc) {
        let mut links = fork.get(mc).get().links();
        links[index] = link;
        fork.set(mc, Fork::of(links));
    } else if let Some(borrowed) = node.downcast::<Borrowed<'_>>(mc) {
        borrowed.borrow_mut(mc)[index] = link;
    } else if let Some(frame) = node.downcast::<Frame<'_>>(mc) {
        frame.write(mc).field(|frame| &frame.1).at(index).set(Entry::of(link).get());
    } else if let Some(links) = node.downcast::<Array<Lock<Link<'_>>>>(mc) {
        links.set(mc, index, link);
    } else if let Some(entries) = node.downcast::<Array<Lock<Entry<'_>>>>(mc) {
        entries.set(mc, index, Entry::of(link).get());
    }
}

/// One step of a program. Variables and links are numbers taken modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    /// Makes a node that refers to what a variable does.
    Make(usize, Kind, usize),
    /// Stores the last variable into a link of the first.
    Store(usize, usize, usize),
    /// Loads a link of the second variable into the first.
    Load(usize, usize, usize),
    Drop(usize),
    /// Asks for the number of a node.
    Identify(usize),
    /// Fills new space, so that the next nodes may be born old.
    Crowd,
    Pass(Boundary),
}

fn step() -> impl Strategy<Value = Step> {
    let variable = || 0..VARIABLES;
    let kind = prop_oneof![
        Just(Kind::Pair),
        Just(Kind::Fork),
        Just(Kind::Borrowed),
        Just(Kind::Frame),
        Just(Kind::Text),
        (0..LENGTHS.len()).prop_map(Kind::Links),
        (0..LENGTHS.len()).prop_map(Kind::Entries),
    ];
    prop_oneof![
        6 => (variable(), kind, variable()).prop_map(|(target, kind, link)| Step::Make(target, kind, link)),
        8 => (variable(), any::<usize>(), variable()).prop_map(|(node, index, link)| Step::Store(node, index, link)),
        4 => (variable(), variable(), any::<usize>()).prop_map(|(target, node, index)| Step::Load(target, node, index)),
        2 => variable().prop_map(Step::Drop),
        2 => variable().prop_map(Step::Identify),
        1 => Just(Step::Crowd),
        7 => (0..Boundary::ALL.len()).prop_map(|index| Step::Pass(Boundary::ALL[index])),
    ]
}

type Variables = Root![[Lock<Link<'_>>; VARIABLES]];

/// A node of the model.
#[derive(Debug)]
struct Node {
    /// The numbers of the nodes that its links lead to.
    links: Vec<Option<usize>>,
    /// Its identity, once it has been asked for.
    id: Option<u64>,
}

/// A program as it runs on both.
struct Program {
    arena: Arena<Variables>,
    config: Config,
    /// The variables in the model.
    variables: [Option<usize>; VARIABLES],
    nodes: Vec<Node>,
}

impl Program {
    fn take(&mut self, step: &Step) {
        if let Step::Pass(boundary) = step {
            return boundary.pass(&mut self.arena);
        }
        let (variables, nodes, config) = (&mut self.variables, &mut self.nodes, &self.config);
        self.arena.mutate(|mc, root| {
            let held = |variable: usize| root.get(mc)[variable].get();
            let hold = |variable: usize, link| root.write(mc).at(variable).set(link);
            match *step {
                Step::Make(target, kind, link) => {
                    hold(target, Some(kind.make(mc, held(link))));
                    nodes.push(Node { links: vec![variables[link]; kind.links()], id: None });
                    variables[target] = Some(nodes.len() - 1);
                }
                Step::Store(node, index, link) => {
                    let Some((node, number)) = held(node).zip(variables[node]) else { return };
                    let Some(index) = index.checked_rem(nodes[number].links.len()) else { return };
                    store(mc, node, index, held(link));
                    nodes[number].links[index] = variables[link];
                }
                Step::Load(target, node, index) => {
                    let Some((node, number)) = held(node).zip(variables[node]) else { return };
                    let Some(index) = index.checked_rem(nodes[number].links.len()) else { return };
                    hold(target, links(mc, node)[index]);
                    variables[target] = nodes[number].links[index];
                }
                Step::Drop(target) => {
                    hold(target, None);
                    variables[target] = None;
                }
                Step::Identify(node) => {
                    let Some((node, number)) = held(node).zip(variables[node]) else { return };
                    let id = node.id(mc);
                    assert!(nodes.iter().all(|other| other.id != Some(id)) || nodes[number].id == Some(id));
                    nodes[number].id = Some(id);
                }
                Step::Crowd => crowd(mc, config),
                Step::Pass(_) => unreachable!("a boundary"),
            }
        });
    }

    /// Fails unless both graphs are the same, node by node and link by link.
    fn assert_same(&self) {
        self.arena.mutate(|mc, root| {
            let held: Vec<_> = root.get(mc).iter().map(Lock::get).collect();
            let mut pairs = paired(held, &self.variables);
            let mut seen: HashMap<usize, Any<'_>> = HashMap::new();
            while let Some((node, number)) = pairs.pop() {
                if let Some(known) = seen.get(&number) {
                    assert!(known.ptr_eq(node), "node {number} is there twice");
                    continue;
                }
                assert!(!seen.values().any(|other| other.ptr_eq(node)), "node {number} is another");
                seen.insert(number, node);
                let model = &self.nodes[number];
                assert!(model.id.is_none_or(|id| id == node.id(mc)), "node {number} has another identity");
                pairs.extend(paired(links(mc, node), &model.links));
            }
        });
    }
}

/// What links lead to, with the numbers of these nodes in the model.
fn paired<'gc>(links: Vec<Link<'gc>>, numbers: &[Option<usize>]) -> Vec<(Any<'gc>, usize)> {
    assert_eq!(links.len(), numbers.len());
    let pair = |(link, number): (Link<'gc>, &Option<usize>)| {
        assert_eq!(link.is_some(), number.is_some());
        link.zip(*number)
    };
    links.into_iter().zip(numbers).filter_map(pair).collect()
}

fn check(config: Config, steps: &[Step]) {
    let mut program =
        Program { arena: arena(config.clone()), config, variables: [None; VARIABLES], nodes: Vec::new() };
    for step in steps {
        program.take(step);
        program.assert_same();
    }
    Boundary::Full.pass(&mut program.arena);
    program.assert_same();
    assert_eq!(program.arena.verify(), Ok(()));
}

#[test]
fn a_random_program_sees_the_graph_that_it_made() {
    let config = ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() };
    let steps = proptest::collection::vec(step(), 1..120);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        each_arena_config(|config| check(config, &steps));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
