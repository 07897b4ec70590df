//! Interned strings and weak maps, by models of them.

use crate::arena_support::{Random, collect_in_any_way, each_arena_config};
use crate::support::{always_marking, each_calm_config, with_age, with_semispaces};
use gc_core::arena::{Arena, Array, Gc, Interner, Lock, Mutation, Root, Str, Trace, Weak, WeakMap};
use gc_core::{Budget, Config, HeapFull, MIN_SEMISPACE_BYTES};
use std::collections::{HashMap, HashSet};

/// Places where programs hold objects.
const PLACES: usize = 30;

type Held<'gc, T> = [Lock<Option<Gc<'gc, T>>>; PLACES];

fn nothing_held<'gc, T: ?Sized>() -> Held<'gc, T> {
    std::array::from_fn(|_| Lock::new(None))
}

#[derive(Trace)]
struct Names<'gc> {
    interner: Interner<'gc>,
    held: Held<'gc, Str>,
}

type NamesArena = Arena<Root![Names<'_>]>;

fn names(config: Config) -> NamesArena {
    NamesArena::new(config, |_| Names { interner: Interner::default(), held: nothing_held() })
        .expect("an arena")
}

fn text(number: usize) -> String {
    format!("text {number}").repeat(number % 4)
}

/// Interns a text, checks that it is the same object as those held with the same number, and holds it.
fn hold<'gc>(
    mc: Mutation<'gc>,
    names: Gc<'gc, Names<'gc>>,
    numbers: &[Option<usize>],
    place: usize,
    number: usize,
) {
    let write = names.write(mc);
    let string = write.field(|names| &names.interner).intern(mc, &text(number));
    assert_eq!(string.as_str(mc), text(number));
    for (other, held) in numbers.iter().zip(&names.get(mc).held) {
        let other = other.map(text);
        assert_eq!(other == Some(text(number)), held.get().is_some_and(|held| held.ptr_eq(string)));
    }
    write.field(|names| &names.held).at(place).set(Some(string));
}

#[test]
fn equal_texts_are_one_object_while_it_is_held() {
    each_arena_config(|config| {
        let (mut arena, mut random) = (names(config), Random::new(1));
        let mut numbers = [None; PLACES];
        for _ in 0..1_500 {
            let (place, number) = (random.below(PLACES), random.below(80));
            arena.mutate(|mc, names| hold(mc, names, &numbers, place, number));
            numbers[place] = Some(number);
            if collect_in_any_way(&mut arena, &mut random) {
                let texts: HashSet<_> = numbers.iter().flatten().map(|number| text(*number)).collect();
                arena.mutate(|mc, names| {
                    let interner = &names.get(mc).interner;
                    assert_eq!(interner.len(mc), texts.len());
                    for number in 0..80 {
                        assert_eq!(interner.get(mc, &text(number)).is_some(), texts.contains(&text(number)));
                    }
                });
            }
        }
    });
}

#[test]
fn a_text_that_is_there_is_found_without_allocating() {
    each_arena_config(|config| {
        let mut arena = names(config);
        arena.mutate(|mc, names| hold(mc, names, &[], 0, 1));
        arena.collect_full();
        let before = arena.stats().work.allocated_bytes;
        arena.mutate(|mc, names| {
            let interner = names.write(mc).field(|names| &names.interner);
            (0..100).for_each(|_| assert_eq!(interner.intern(mc, &text(1)).as_str(mc), text(1)));
        });
        arena.collect_minor();
        assert_eq!(arena.stats().work.allocated_bytes, before);
    });
}

/// Interns so many texts and holds none. They are alive until it returns.
fn intern_many(arena: &mut NamesArena, count: usize) {
    arena.mutate(|mc, names| {
        let interner = names.write(mc).field(|names| &names.interner);
        for number in 0..count {
            let _ = interner.intern(mc, &format!("{number}"));
        }
        assert!(interner.len(mc) >= count);
    });
}

/// Bytes in use when everything else has been collected.
fn used(arena: &mut NamesArena) -> u64 {
    arena.collect_full();
    arena.memory_usage().heap_used
}

#[test]
fn the_table_shrinks_when_its_strings_have_died() {
    each_calm_config(|config| {
        let mut arena = names(config);
        intern_many(&mut arena, 50_000);
        // The table alone.
        assert!(used(&mut arena) > 50_000 * 8);
        arena.mutate(|mc, names| {
            let interner = names.write(mc).field(|names| &names.interner);
            assert!(interner.is_empty(mc));
            interner.purge(mc).unwrap();
        });
        assert!(used(&mut arena) < 1_000);
    });
}

#[test]
fn the_table_shrinks_as_it_is_used() {
    each_calm_config(|config| {
        let mut arena = names(config);
        intern_many(&mut arena, 50_000);
        let large = used(&mut arena);
        for _ in 0..60 {
            intern_many(&mut arena, 2_000);
            arena.collect_minor();
        }
        let small = used(&mut arena);
        assert!(small < large / 4, "{small} of {large}");
    });
}

/// A list of strings.
#[derive(Trace)]
struct Link<'gc> {
    _string: Gc<'gc, Str>,
    _next: Option<Gc<'gc, Link<'gc>>>,
}

#[derive(Trace)]
struct Program<'gc> {
    interner: Interner<'gc>,
    first: Lock<Option<Gc<'gc, Link<'gc>>>>,
}

fn intern_and_hold<'gc>(
    mc: Mutation<'gc>,
    program: Gc<'gc, Program<'gc>>,
    text: &str,
) -> Result<(), HeapFull> {
    let write = program.write(mc);
    let string = write.field(|program| &program.interner).try_intern(mc, text)?;
    let link = mc.try_new(Link { _string: string, _next: program.get(mc).first.get() })?;
    write.field(|program| &program.first).set(Some(link));
    Ok(())
}

#[test]
fn a_full_heap_is_told_and_leaves_the_interner_in_order() {
    let config = Config { max_old_bytes: 3 << 20, ..with_semispaces(Config::default(), MIN_SEMISPACE_BYTES) };
    let mut arena = Arena::<Root![Program<'_>]>::new(config, |_| Program {
        interner: Interner::default(),
        first: Lock::new(None),
    })
    .unwrap();
    let mut count = 0;
    while arena.mutate(|mc, program| intern_and_hold(mc, program, &format!("{count}")).is_ok()) {
        count += 1;
        arena.collect_if_due();
    }
    arena.verify().unwrap();
    arena.mutate(|mc, program| {
        let interner = &program.get(mc).interner;
        assert!((0..count).all(|number| interner.get(mc, &format!("{number}")).is_some()));
        program.write(mc).field(|program| &program.first).set(None);
    });
    arena.collect_full();
    arena.mutate(|mc, program| {
        assert!(program.get(mc).interner.is_empty(mc));
        intern_and_hold(mc, program, "again").unwrap();
    });
}

/// Lets a marking go on until it ends.
fn finish_marking<R: ?Sized>(arena: &mut Arena<R>) {
    let before = arena.stats().incremental_collections;
    while arena.stats().incremental_collections == before {
        arena.step(Budget::Work(10));
    }
}

#[test]
fn a_weak_reference_that_is_read_during_a_marking_lives_and_one_asked_after_does_not() {
    each_calm_config(|config| {
        let config = with_age(always_marking(config), 0);
        let mut arena =
            Arena::<Root![(Lock<Option<[Gc<'_, u32>; 2]>>, [Weak<'_, u32>; 2])]>::new(config, |mc| {
                let targets = [mc.new(0), mc.new(1)];
                (Lock::new(Some(targets)), targets.map(|target| mc.weak(target)))
            })
            .unwrap();
        // Nothing but the weak references is left of them when the next marking starts.
        arena.collect_full();
        arena.mutate(|mc, root| root.write(mc).field(|root| &root.0).set(None));
        arena.collect_minor();
        arena.mutate(|mc, root| {
            let [read, asked] = root.get(mc).1;
            assert!(read.upgrade(mc).is_some() && !asked.is_dead(mc));
        });
        finish_marking(&mut arena);
        arena.mutate(|mc, root| assert_eq!(root.get(mc).1.map(|weak| weak.is_dead(mc)), [false, true]));
        arena.collect_full();
        arena.mutate(|mc, root| assert_eq!(root.get(mc).1.map(|weak| weak.is_dead(mc)), [true, true]));
    });
}

#[derive(Trace)]
struct Node<'gc> {
    number: usize,
    next: Lock<Option<Gc<'gc, Node<'gc>>>>,
}

#[derive(Trace)]
struct Graph<'gc> {
    map: WeakMap<'gc, Node<'gc>, Node<'gc>>,
    held: Held<'gc, Node<'gc>>,
}

type GraphArena = Arena<Root![Graph<'_>]>;

fn graph(config: Config) -> GraphArena {
    GraphArena::new(config, |_| Graph { map: WeakMap::default(), held: nothing_held() }).expect("an arena")
}

fn number<'gc>(mc: Mutation<'gc>, node: Option<Gc<'gc, Node<'gc>>>) -> Option<usize> {
    node.map(|node| node.get(mc).number)
}

/// What a graph should be: nodes are numbers.
#[derive(Default)]
struct Model {
    held: [Option<usize>; PLACES],
    next: Vec<Option<usize>>,
    map: HashMap<usize, usize>,
}

impl Model {
    fn reachable(&self) -> HashSet<usize> {
        let mut reached = HashSet::new();
        let mut grey: Vec<usize> = self.held.iter().flatten().copied().collect();
        while let Some(node) = grey.pop() {
            if reached.insert(node) {
                grey.extend(self.next[node].iter().chain(self.map.get(&node)));
            }
        }
        reached
    }

    /// Takes one step with both.
    fn step(&mut self, arena: &GraphArena, random: &mut Random) {
        let (kind, [a, b]) = (random.below(10), [(); 2].map(|()| random.below(PLACES)));
        arena.mutate(|mc, graph| {
            let (write, held) = (graph.write(mc), &graph.get(mc).held);
            let map = write.field(|graph| &graph.map);
            match (kind, held[a].get(), held[b].get()) {
                (0..=3, _, next) => {
                    let node = mc.new(Node { number: self.next.len(), next: Lock::new(next) });
                    write.field(|graph| &graph.held).at(a).set(Some(node));
                    self.held[a] = Some(self.next.len());
                    self.next.push(number(mc, next));
                }
                (4..=6, Some(key), Some(value)) => {
                    let numbers = [key, value].map(|node| node.get(mc).number);
                    let old = map.insert(mc, key, value);
                    assert_eq!(number(mc, old), self.map.insert(numbers[0], numbers[1]));
                }
                (7, Some(key), _) => {
                    assert_eq!(number(mc, map.remove(mc, key)), self.map.remove(&key.get(mc).number));
                }
                (8, Some(node), next) => {
                    node.write(mc).field(|node| &node.next).set(next);
                    self.next[node.get(mc).number] = number(mc, next);
                }
                _ => {
                    write.field(|graph| &graph.held).at(a).set(None);
                    self.held[a] = None;
                }
            }
        });
    }

    fn check(&self, arena: &GraphArena) {
        arena.mutate(|mc, graph| {
            let graph = graph.get(mc);
            for (held, node) in graph.held.iter().zip(self.held) {
                assert_eq!(number(mc, held.get()), node);
                let value = held.get().and_then(|key| graph.map.get(mc, key));
                assert_eq!(number(mc, value), node.and_then(|node| self.map.get(&node).copied()));
                assert_eq!(held.get().is_some_and(|key| graph.map.contains(mc, key)), value.is_some());
            }
        });
    }

    /// Forgets the entries of dead keys, of which the map has none left.
    fn check_collected(&mut self, arena: &GraphArena) {
        let reachable = self.reachable();
        self.map.retain(|key, _| reachable.contains(key));
        arena.mutate(|mc, graph| assert_eq!(graph.get(mc).map.len(mc), self.map.len()));
    }
}

#[test]
fn entries_live_as_long_as_their_keys() {
    each_arena_config(|config| {
        let (mut arena, mut random) = (graph(config), Random::new(2));
        let mut model = Model::default();
        for _ in 0..2_000 {
            model.step(&arena, &mut random);
            if collect_in_any_way(&mut arena, &mut random) {
                model.check_collected(&arena);
            }
            model.check(&arena);
        }
    });
}

#[test]
fn keys_are_found_wherever_a_thousand_collections_have_moved_them() {
    type Moving = Root![(Gc<'_, Array<Gc<'_, u64>>>, Gc<'_, WeakMap<'_, u64, u64>>)];
    each_arena_config(|config| {
        let mut random = Random::new(3);
        let mut arena = Arena::<Moving>::new(config, |mc| {
            let keys = mc.array_from_fn(50, |number| mc.new(number as u64));
            let map = mc.new(WeakMap::default());
            for key in keys.as_slice(mc) {
                map.insert(mc, *key, mc.new(10 * key.get(mc)));
            }
            (keys, map)
        })
        .unwrap();
        for _ in 0..1_000 {
            match random.below(3) {
                0 => arena.collect_full(),
                1 => arena.compact(),
                _ => arena.collect_minor(),
            }
            arena.mutate(|mc, root| {
                let (keys, map) = *root.get(mc);
                let key = keys.as_slice(mc)[random.below(50)];
                let value = map.get(mc).get(mc, key).expect("a value");
                assert_eq!(*value.get(mc), 10 * key.get(mc));
                map.insert(mc, key, mc.new(*value.get(mc)));
                assert_eq!(map.get(mc).len(mc), 50);
            });
        }
    });
}

#[test]
fn a_chain_of_entries_lives_as_long_as_its_first_key() {
    const LENGTH: usize = 300;
    each_arena_config(|config| {
        let mut arena = graph(config);
        arena.mutate(|mc, graph| {
            let write = graph.write(mc);
            let map = write.field(|graph| &graph.map);
            let mut key = mc.new(Node { number: 0, next: Lock::new(None) });
            write.field(|graph| &graph.held).at(0).set(Some(key));
            for number in 1..LENGTH {
                // Each value refers to its key, and is the next key.
                let value = mc.new(Node { number, next: Lock::new(Some(key)) });
                map.insert(mc, key, value);
                key = value;
            }
        });
        for _ in 0..3 {
            arena.collect_minor();
            arena.collect_full();
        }
        arena.mutate(|mc, graph| {
            let map = &graph.get(mc).map;
            let first = graph.get(mc).held[0].get();
            let numbers = std::iter::successors(first, |key| map.get(mc, *key)).map(|key| key.get(mc).number);
            assert!(numbers.eq(0..LENGTH));
            graph.write(mc).field(|graph| &graph.held).at(0).set(None);
        });
        arena.collect_full();
        arena.mutate(|mc, graph| {
            assert!(graph.get(mc).map.is_empty(mc));
            graph.write(mc).field(|graph| &graph.map).purge(mc).unwrap();
        });
    });
}
