use super::super::heap_model::{HeapModel, trace_of};
use super::super::lifetimes::{BirthPlace, Coverage, Lifetimes, Moment};
use super::Synthesis;
use crate::Random;
use crate::trace::{Evidence, Part, Replay, TraceFile, TraceHeader};
use gc_core::{Config, Heap, Stress};
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use std::collections::BTreeSet;

/// Births, with sizes and places, and deaths, by a number that is taken modulo the objects alive.
fn lifetimes() -> impl Strategy<Value = Lifetimes> {
    let size = prop_oneof![9 => 0_u64..400, 1 => 0_u64..20_000];
    let place = prop_oneof![5 => Just(BirthPlace::Heap), 1 => Just(BirthPlace::External)];
    let act = prop_oneof![
        3 => (size, place).prop_map(Ok),
        2 => any::<usize>().prop_map(Err),
    ];
    proptest::collection::vec(act, 0..150).prop_map(|acts| {
        let (mut lifetimes, mut alive) = (Lifetimes::default(), Vec::new());
        for act in acts {
            match act {
                Ok((bytes, place)) => alive.push(lifetimes.birth(bytes, place).expect("a small object")),
                Err(_) if alive.is_empty() => {}
                Err(which) => {
                    let dead = alive.swap_remove(which % alive.len());
                    lifetimes.death(dead).expect("it is alive");
                }
            }
        }
        lifetimes
    })
}

/// The objects alive after each moment.
fn alive(moments: &[Moment]) -> impl Iterator<Item = BTreeSet<usize>> {
    let (mut alive, mut born) = (BTreeSet::new(), 0);
    moments.iter().map(move |moment| {
        match moment {
            Moment::Birth => {
                alive.insert(born);
                born += 1;
            }
            Moment::Death(object) => {
                alive.remove(&(*object as usize));
            }
        }
        alive.clone()
    })
}

fn trace(lifetimes: &Lifetimes, seed: u64) -> Vec<u8> {
    trace_of(|writer| Synthesis { seed, ..Synthesis::default() }.write(lifetimes, writer))
}

/// Objects of many sizes, each of which lives for a while; of ten one for good.
fn many(count: u32) -> Lifetimes {
    let (mut lifetimes, mut random) = (Lifetimes::default(), Random::new(7));
    let mut due: Vec<Vec<u32>> = vec![Vec::new(); count as usize + 500];
    for moment in 0..count {
        let place = if random.chance(3) { BirthPlace::External } else { BirthPlace::Heap };
        let object = lifetimes.birth(16 + u64::from(random.below(200)), place).expect("a small object");
        if !random.chance(10) {
            due[(moment + 1 + random.below(400)) as usize].push(object);
        }
        let dead = std::mem::take(&mut due[moment as usize]);
        dead.into_iter().for_each(|object| lifetimes.death(object).expect("it is alive"));
    }
    lifetimes
}

proptest! {
    #[test]
    fn objects_are_reached_from_their_births_to_their_deaths_and_no_longer(
        lifetimes in lifetimes(),
        seed in any::<u64>(),
    ) {
        let mut reached = Vec::new();
        let model = HeapModel::run(&trace(&lifetimes, seed), |model| reached.push(model.reached()));
        prop_assert_eq!(reached, alive(lifetimes.moments()).collect::<Vec<_>>());
        for (birth, (bytes, length)) in lifetimes.births().iter().zip(model.sizes) {
            match birth.place {
                BirthPlace::External => prop_assert_eq!(length, birth.bytes),
                // A long array of references has bits behind it that other runtimes keep elsewhere.
                BirthPlace::Heap => proptest::prop_assert!(
                    (0..=8 + bytes / 512).contains(&(bytes - u64::from(birth.bytes.max(8)))),
                    "{bytes} for {}",
                    birth.bytes
                ),
            }
        }
    }
}

#[test]
fn a_replay_leaves_what_was_alive_at_the_end() {
    let lifetimes = many(5_000);
    let alive = alive(lifetimes.moments()).last().expect("there are moments").len();
    let file = trace(&lifetimes, 1);
    for stress in
        [Stress::default(), Stress { verify: true, poison: true, ..Stress::default() }, Stress::all(50, 3)]
    {
        let mut heap =
            Heap::new(Config { stress, huge_pages: false, ..Config::default() }).expect("it is valid");
        let replay = Replay::new(TraceFile::open(&file).expect("it is whole"));
        let mut left = 0;
        let done = replay.run_and_look(&mut heap, &mut |_| (), &mut |heap| left = heap.snapshot().len());
        assert_eq!(done.expect("the heap is large enough").lost, 0);
        // What the replay needs besides is no object of the trace.
        assert!((alive..alive + 8).contains(&left), "{left} are left of {alive}");
    }
}

#[test]
fn most_objects_are_held_by_objects() {
    let lifetimes = many(5_000);
    let model = HeapModel::run(&trace(&lifetimes, 1), |_| ());
    let (reached, roots) = (model.reached().len(), model.root_count());
    assert!(roots * 2 < reached, "{roots} roots for {reached} objects");
    assert!(model.reference_count() > reached, "{} references", model.reference_count());
}

#[test]
fn a_seed_decides_what_is_made_up() {
    let lifetimes = many(500);
    assert_eq!(trace(&lifetimes, 1), trace(&lifetimes, 1));
    assert_ne!(trace(&lifetimes, 1), trace(&lifetimes, 2));
}

#[test]
fn the_header_says_what_is_made_up() {
    let mut lifetimes = Lifetimes::new(Coverage::Survivors);
    lifetimes.birth(16, BirthPlace::Heap).expect("a small object");
    let header = Synthesis::header(&lifetimes, TraceHeader::default());
    let evidence =
        [Part::Sizes, Part::Lifetimes, Part::References, Part::External].map(|part| header.evidence(part));
    assert_eq!(evidence, [Evidence::Recorded, Evidence::Absent, Evidence::Synthetic, Evidence::Absent]);
    lifetimes.coverage = Coverage::Whole;
    lifetimes.birth(16, BirthPlace::External).expect("a small object");
    let header = Synthesis::header(&lifetimes, TraceHeader::default());
    assert_eq!([Part::Lifetimes, Part::External].map(|part| header.evidence(part)), [Evidence::Recorded; 2]);
}
