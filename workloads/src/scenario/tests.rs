//! What was asked for is what is measured.

use super::account::Account;
use super::on_heap::OnHeap;
use super::run::{Birth, Run, Step};
use super::sample::Sample;
use super::{
    Activity, Body, Bounded, Choice, Class, Distribution, Edges, Form, Graph, Idle, Kind, Law, Lifetime,
    Phase, Scenario, Synthetic, Time, Weighted,
};
use crate::{Outcome, Progress, Workload, WorkloadError};
use gc_core::clock::CostModel;
use gc_core::event::{Cause, Event, Nanos, Recorder};
use gc_core::{ClockSource, Config, Heap, Stress};
use std::collections::BTreeMap;
use std::convert::Infallible;

const SEED: u64 = 1;

fn bytes(law: Law) -> Body {
    Body::Bytes { bytes: Distribution::of(law) }
}

fn after(law: Law) -> Weighted<Lifetime> {
    Distribution::of(law).into_lifetime()
}

fn class(body: Body, lifetime: Weighted<Lifetime>) -> Class {
    Class { name: "it".into(), body, lifetime }
}

/// A phase in which objects of all classes are made, equally many of each.
fn phase(classes: &[Class], length: u64) -> Phase {
    let equal = (0..classes.len()).map(|class| (1.0, class));
    Phase {
        name: "steady".into(),
        length,
        repeat: 1,
        ramp: 0.0,
        activity: Activity {
            classes: Weighted::new(equal).expect("there is a class"),
            lifetimes: classes.iter().map(|class| class.lifetime.clone()).collect(),
            stores: 0.0,
            old_to_young: 0.0,
            reads: 0.0,
        },
        idle: None,
    }
}

fn steady(classes: Vec<Class>, length: u64) -> Scenario {
    Scenario {
        time: Time::Bytes,
        phases: vec![phase(&classes, length)],
        classes,
        repeat: 1,
        edges: Edges::default(),
        initial: Graph::default(),
    }
}

fn steps(scenario: &Scenario) -> Vec<Step> {
    let mut steps = Vec::new();
    let Ok(()) = Run::new(scenario, SEED).make(&mut |step| -> Result<(), Infallible> {
        steps.push(step);
        Ok(())
    });
    steps
}

fn births(steps: &[Step]) -> impl Iterator<Item = Birth> {
    steps.iter().filter_map(|step| match step {
        Step::Make(birth) => Some(*birth),
        _ => None,
    })
}

/// When each object was made and how long it lived, in bytes, of those that have died.
fn lives(steps: &[Step]) -> Vec<(u64, u64)> {
    let (mut now, mut born, mut lives) = (0, BTreeMap::new(), Vec::new());
    for step in steps {
        match step {
            Step::Make(birth) => {
                now += birth.form.heap_bytes();
                born.insert(birth.place.0, now);
            }
            Step::Die { place } => {
                let born = born.remove(&place.0).expect("only what was born dies");
                lives.push((born, now - born));
            }
            _ => {}
        }
    }
    lives
}

const LENGTH: u64 = 4 << 20;

/// Checks lifetimes of those objects that had the time to live as long as they were to.
#[track_caller]
fn check_lifetimes(law: Law, cdf: impl Fn(f64) -> f64) {
    let scenario = steady(vec![class(bytes(Law::Constant(24.0)), after(law.clone()))], LENGTH);
    let steps = steps(&scenario);
    let lives = lives(&steps).into_iter().filter(|(born, _)| *born < LENGTH / 2);
    let sample: Sample = lives.map(|(_, lifetime)| lifetime as f64).collect();
    // An object dies with the making of the next one after it is due: it lives too long by half an object.
    let distance = sample.distance(|lifetime| cdf(lifetime - 16.0));
    assert!(sample.len() > 60_000, "{law:?}: {} lives", sample.len());
    assert!(distance < sample.bound(), "{law:?}: {distance}");
    assert!(sample.distance(|lifetime| cdf(lifetime * 1.05)) > sample.bound(), "{law:?}: another passes too");
}

#[test]
fn objects_live_as_long_as_they_are_to() {
    check_lifetimes(Law::Exponential { mean: 50_000.0 }, |x| 1.0 - (-x.max(0.0) / 50_000.0).exp());
    check_lifetimes(Law::Uniform { min: 1e5, max: 9e5 }, |x| ((x - 1e5) / 8e5).clamp(0.0, 1.0));
    let cdf = |x: f64| 1.0 - (-(x.max(0.0) / 40_000.0).powf(0.7)).exp();
    check_lifetimes(Law::Weibull { scale: 40_000.0, shape: 0.7 }, cdf);
}

#[test]
fn immortals_and_phases_end_when_they_are_to() {
    let lifetime =
        Weighted::new([(1.0, Lifetime::Immortal), (3.0, Lifetime::Phase)]).expect("positive weights");
    let mut scenario = steady(vec![class(bytes(Law::Constant(24.0)), lifetime)], 32_000);
    scenario.repeat = 4;
    let steps = steps(&scenario);
    let lives = lives(&steps);
    assert!(lives.iter().all(|(born, lifetime)| (born + lifetime) % 32_000 == 0));
    let made = births(&steps).count();
    assert_eq!(made, 4_000);
    assert!((2_900..3_100).contains(&lives.len()), "{}", lives.len());
}

#[test]
fn sizes_are_those_that_were_asked_for() {
    let law = Law::Exponential { mean: 500.0 };
    let scenario = steady(vec![class(bytes(law), after(Law::Constant(0.0)))], 4 << 20);
    let steps = steps(&scenario);
    // What was drawn is rounded to whole bytes.
    let sample: Sample = births(&steps).map(|birth| f64::from(birth.form.bytes)).collect();
    let distance = sample.distance(|size| 1.0 - (-size / 500.0).exp());
    assert!(distance < sample.bound(), "{distance} of {}", sample.len());
}

/// How many references objects were made with, and how far back each leads, in objects.
fn references(scenario: &Scenario) -> (Sample, Vec<u64>) {
    let (mut numbers, mut degrees, mut distances) = (BTreeMap::new(), Vec::new(), Vec::new());
    for step in steps(scenario) {
        match step {
            Step::Make(birth) => {
                numbers.insert(birth.place.0, birth.number);
                degrees.push(0.0);
            }
            Step::Store { slot, target: Some(target) }
                if numbers[&slot.holder.0] + 1 == degrees.len() as u64 =>
            {
                degrees[numbers[&slot.holder.0] as usize] += 1.0;
                distances.push(numbers[&slot.holder.0] - numbers[&target.0]);
            }
            _ => {}
        }
    }
    (degrees.into_iter().skip(1_000).collect(), distances)
}

fn nodes(choice: Choice) -> Scenario {
    let slots = Distribution::of(Law::Uniform { min: -0.5, max: 6.5 });
    let body = Body::Node { slots, bytes: Distribution::constant(8.0) };
    let mut scenario = steady(vec![class(body, after(Law::Constant(160_000.0)))], 1 << 20);
    scenario.edges = Edges { choice: Weighted::only(choice), window: 50, ..Edges::default() };
    scenario
}

#[test]
fn objects_refer_to_as_many_others_as_they_are_to() {
    let (degrees, distances) = references(&nodes(Choice::Recent));
    let mean = degrees.mean();
    assert!((2.95..3.05).contains(&mean), "{mean}");
    // Each of 0 to 6 references is as likely; between two whole numbers the function is flat.
    let distance = degrees.distance(|degree| (degree.floor() + 1.0) / 7.0 - 0.5 / 7.0);
    assert!((distance - 0.5 / 7.0).abs() < degrees.bound(), "{distance}");
    assert!(distances.iter().all(|distance| *distance <= 50));
}

#[test]
fn any_object_may_be_referred_to_if_the_choice_is_random() {
    let scenario = nodes(Choice::Random);
    let (_, distances) = references(&scenario);
    let made = births(&steps(&scenario)).count() as u64;
    let live = (made * 160_000) >> 20;
    let late = &distances[distances.len() / 2..];
    let mean = late.iter().sum::<u64>() / late.len() as u64;
    assert!((live * 45 / 100..live * 55 / 100).contains(&mean), "{mean} of {live}");
}

#[test]
fn in_a_tree_nobody_is_referred_to_twice() {
    let mut referred_to = BTreeMap::new();
    for step in steps(&nodes(Choice::Child)) {
        match step {
            Step::Make(birth) => drop(referred_to.insert(birth.place.0, false)),
            Step::Store { target: Some(target), .. } => {
                assert_eq!(referred_to.insert(target.0, true), Some(false));
            }
            _ => {}
        }
    }
    assert!(referred_to.values().any(|is_child| *is_child));
}

#[test]
fn what_is_alive_tends_to_rate_times_mean_lifetime() {
    let body = bytes(Law::LogNormal { median: 100.0, sigma: 0.8 });
    let scenario = steady(vec![class(body, after(Law::Exponential { mean: 400_000.0 }))], 8 << 20);
    let (mut now, mut live, mut sizes) = (0, 0, BTreeMap::new());
    let (mut sum, mut count) = (0.0, 0.0);
    for step in steps(&scenario) {
        match step {
            Step::Make(birth) => {
                let size = birth.form.heap_bytes();
                (now, live) = (now + size, live + size);
                sizes.insert(birth.place.0, size);
            }
            Step::Die { place } => live -= sizes[&place.0],
            _ => continue,
        }
        if now > 2 << 20 {
            (sum, count) = (sum + live as f64, count + 1.0);
        }
    }
    // A byte is made in each unit of time: 1 byte * 400,000.
    let mean = sum / count;
    assert!((380_000.0..420_000.0).contains(&mean), "{mean}");
}

#[test]
fn stores_and_reads_are_as_many_as_they_are_to_be() {
    let mut scenario = nodes(Choice::Recent);
    scenario.edges.old_age = 100_000;
    let activity = &mut scenario.phases[0].activity;
    (activity.stores, activity.old_to_young, activity.reads) = (1.5, 0.4, 2.25);
    let (mut now, mut newest, mut born, mut made) = (0_u64, None, BTreeMap::new(), 0.0);
    let (mut stores, mut old_to_young, mut reads, mut reads_before) = (0.0, 0.0, 0.0, 0.0);
    for step in steps(&scenario) {
        match step {
            Step::Make(birth) => {
                now += birth.form.heap_bytes();
                born.insert(birth.place.0, now);
                (made, newest, reads_before) = (made + 1.0, Some(birth.place), reads);
            }
            // The references that an object is made with are none of these.
            Step::Store { slot, target: Some(target) } if Some(slot.holder) != newest => {
                let is_old = now - born[&slot.holder.0] >= 100_000;
                stores += 1.0;
                old_to_young += f64::from(u8::from(is_old && Some(target) == newest));
            }
            Step::Read { .. } => reads += 1.0,
            _ => {}
        }
    }
    assert!((1.4..1.6).contains(&(stores / made)), "{stores} stores, {made} objects");
    assert!((0.35..0.42).contains(&(old_to_young / stores)), "{old_to_young} of {stores}");
    // Those after the last object include a look at everything.
    assert!((2.2..2.3).contains(&(reads_before / made)), "{reads_before} reads, {made} objects");
}

#[test]
fn a_ramp_leads_from_one_phase_to_the_next() {
    let small = class(bytes(Law::Constant(16.0)), after(Law::Constant(0.0)));
    let large = Class { name: "large".into(), ..small.clone() };
    let mut scenario = steady(vec![small, large], 24 * 10_000);
    scenario.time = Time::Objects;
    let of = |class, ramp| {
        let mut phase = phase(&scenario.classes, 10_000);
        phase.activity.classes = Weighted::only(class);
        phase.ramp = ramp;
        phase
    };
    scenario.phases = vec![of(0, 1.0), of(1, 0.5)];
    let steps = steps(&scenario);
    let names: Vec<_> = births(&steps).map(|birth| birth.name).collect();
    let shares = |range: std::ops::Range<usize>| names[range].iter().filter(|name| **name == 1).count();
    assert_eq!(names.len(), 20_000);
    assert_eq!(shares(0..10_000), 0);
    assert!((430..570).contains(&shares(12_000..13_000)), "{}", shares(12_000..13_000));
    assert_eq!(shares(15_000..20_000), 5_000);
}

/// Everything that there is: all kinds of objects and references, phases with a ramp, idle time, and an initial graph.
fn everything() -> Scenario {
    let mixed = Weighted::new([
        (90.0, Lifetime::After(Bounded { law: Law::Exponential { mean: 50_000.0 }, min: 0.0, max: 1e9 })),
        (8.0, Lifetime::Phase),
        (2.0, Lifetime::Immortal),
    ]);
    let mixed = mixed.expect("positive weights");
    let uniform = |max| Distribution::of(Law::Uniform { min: 0.0, max });
    let bodies = [
        Body::Node { slots: uniform(6.0), bytes: uniform(40.0) },
        Body::Array { slots: Distribution::of(Law::LogNormal { median: 4.0, sigma: 2.0 }) },
        bytes(Law::LogNormal { median: 40.0, sigma: 1.5 }),
        Body::Buffer { bytes: uniform(3_000.0) },
    ];
    let classes: Vec<_> = bodies.into_iter().map(|body| class(body, mixed.clone())).collect();
    let mut scenario = steady(classes, 400_000);
    let mut second = scenario.phases[0].clone();
    second.activity.classes = Weighted::new([(8.0, 0), (1.0, 2)]).expect("positive weights");
    second.activity.lifetimes[0] = after(Law::Weibull { scale: 9_000.0, shape: 0.5 });
    for (index, activity) in [&mut scenario.phases[0].activity, &mut second.activity].into_iter().enumerate()
    {
        (activity.stores, activity.old_to_young, activity.reads) = (1.5, 0.3 * index as f64, 2.0);
    }
    scenario.phases[0].idle = Some(Idle { time: Nanos(50_000), every: Some(30_000) });
    (second.ramp, second.repeat) = (0.5, 2);
    second.idle = Some(Idle { time: Nanos(1_000_000), every: None });
    scenario.phases.push(second);
    scenario.repeat = 2;
    let choices = [(3.0, Choice::Recent), (2.0, Choice::Random), (1.0, Choice::Child), (1.0, Choice::Null)];
    let choice = Weighted::new(choices).expect("positive weights");
    scenario.edges = Edges { choice, window: 100, old_age: 60_000 };
    scenario.initial = hand_made();
    scenario
}

/// A cycle, a reference to what comes later, and objects of all kinds.
fn hand_made() -> Graph {
    let mut graph = Graph::default();
    let [pair, list] = ["Pair", "List"].map(|name| graph.name(name));
    graph.add(pair, Form::node(2, 8), [Some(1), Some(2)]);
    graph.add(pair, Form::node(2, 0), [Some(0)]);
    graph.add(list, Form { kind: Kind::Array, slots: 300, bytes: 0 }, (0..5).map(Some));
    graph.add(list, Form { kind: Kind::Bytes, slots: 0, bytes: 100 }, []);
    graph.add(list, Form { kind: Kind::Buffer, slots: 0, bytes: 100 }, []);
    graph
}

/// Runs a scenario, has the heap collected, and compares what is left with what should be.
#[track_caller]
fn check_left(scenario: &Scenario) {
    let account = Account::of(Run::new(scenario, SEED));
    let mut heap = Heap::new(Config::default()).expect("a heap");
    let mut on_heap = OnHeap::new(scenario);
    let report = &mut |_| ();
    let progress = &mut Progress::new(account.objects, report);
    let done = Run::new(scenario, SEED).make(&mut |step| on_heap.take(&mut heap, step, progress));
    done.expect("there is room");
    heap.collect_full();
    let usage = heap.usage();
    assert_eq!(heap.snapshot().len() as u64, account.live.objects);
    assert_eq!(usage.heap_used(), account.live.heap_bytes);
    assert_eq!(heap.snapshot().external_bytes(), account.live.external_bytes);
}

#[test]
fn what_a_full_collection_leaves_is_what_is_to_be_alive() {
    check_left(&everything());
    check_left(&nodes(Choice::Random));
    let mut only_graph = steady(vec![class(bytes(Law::Constant(8.0)), after(Law::Constant(0.0)))], 16);
    only_graph.initial = hand_made();
    check_left(&only_graph);
    assert_eq!(Account::of(Run::new(&only_graph, SEED)).live.objects, 5);
}

#[test]
fn an_initial_graph_is_owned_by_the_scenario_and_changed_by_it() {
    let mut scenario = steady(vec![class(bytes(Law::Constant(24.0)), after(Law::Constant(1e4)))], 1 << 20);
    scenario.initial = hand_made();
    scenario.edges.old_age = 1_000;
    let activity = &mut scenario.phases[0].activity;
    (activity.stores, activity.old_to_young, activity.reads) = (1.0, 1.0, 1.0);
    check_left(&scenario);
    let is_new_in_old =
        |step: &&Step| matches!(step, Step::Store { slot, target: Some(_) } if slot.holder.0 < 3);
    let steps = steps(&scenario);
    // The eight references of the graph, and one store for each object that is made once the graph is old: the 32nd of
    // 32 bytes is the first.
    assert_eq!(steps.iter().filter(is_new_in_old).count(), 8 + births(&steps).count() - 5 - 31);
}

#[test]
fn idle_time_is_given_where_it_is_asked_for() {
    let given = |time| steps(&everything()).iter().filter(|step| **step == Step::Idle(Nanos(time))).count();
    assert_eq!(given(1_000_000), 2 * 2);
    assert!((2 * 12..=2 * 13).contains(&given(50_000)), "{}", given(50_000));
    let (outcome, events) = run_on(tiny(Stress::default()), everything());
    outcome.expect("the result is right");
    let is_idle = |event: &Event| matches!(event, Event::PauseEnded(pause) if pause.cause == Cause::Idle);
    assert!(events.iter().any(is_idle));
}

/// Small spaces, so that little work makes many collections.
fn tiny(stress: Stress) -> Config {
    let mut config = Config { huge_pages: false, stress, ..Config::default() };
    (config.new_space.initial_bytes, config.new_space.max_bytes) = (1 << 18, 1 << 18);
    config.pacing.initial_limit_bytes = 1 << 19;
    config
}

/// Everything, in phases that are so many times shorter.
fn everything_in_short(shorter: u64) -> Scenario {
    let mut scenario = everything();
    scenario.phases.iter_mut().for_each(|phase| phase.length /= shorter);
    scenario
}

/// Runs a scenario on a heap of its own.
fn run_on(config: Config, scenario: Scenario) -> (Result<Outcome, WorkloadError>, Vec<Event>) {
    let recorder = Recorder::default();
    let mut heap = Heap::new(config).expect("a heap");
    heap.set_sink(Box::new(recorder.clone()));
    let outcome = Synthetic::new(scenario, SEED).run(&mut heap, &mut |_| ());
    heap.collect_full();
    assert_eq!(heap.usage().heap_used(), 0, "nothing outlives the run");
    (outcome, recorder.take())
}

#[test]
fn results_are_right_while_every_collection_is_verified() {
    let stress = Stress { poison: true, verify: true, ..Stress::default() };
    run_on(tiny(stress), everything()).0.expect("the result is right");
}

#[test]
fn results_are_right_while_every_allocation_collects() {
    run_on(tiny(Stress::all(1, 5)), everything_in_short(200)).0.expect("the result is right");
    run_on(tiny(Stress::all(7, 5)), everything_in_short(40)).0.expect("the result is right");
}

#[test]
fn under_the_modelled_clock_a_run_repeats_to_the_last_event() {
    let modelled = Config { clock: ClockSource::Modelled(CostModel::default()), ..tiny(Stress::default()) };
    let run = || run_on(modelled.clone(), everything());
    let (first, second) = (run(), run());
    assert!(first.1.iter().any(|event| matches!(event, Event::PauseEnded(_))));
    assert!(first == second, "two runs differ");
}

#[test]
fn a_heap_that_is_too_small_is_an_error() {
    let cramped = Config { max_old_bytes: 256 << 10, ..tiny(Stress::default()) };
    let immortals = class(bytes(Law::Constant(100.0)), Weighted::only(Lifetime::Immortal));
    let outcome = run_on(cramped, steady(vec![immortals], 2 << 20)).0;
    assert!(matches!(outcome, Err(WorkloadError::HeapFull(_))), "{outcome:?}");
}

#[test]
fn the_seed_changes_what_is_found() {
    let checksum = |seed| Synthetic::new(everything(), seed).expected_checksum();
    assert_ne!(checksum(1), checksum(2));
    assert_eq!(checksum(3), checksum(3));
}

#[test]
fn objects_do_not_depend_on_how_often_references_are_stored() {
    let mut busy = everything();
    busy.phases[0].activity.stores = 9.0;
    let forms = |scenario: &Scenario| births(&steps(scenario)).map(|birth| birth.form).collect::<Vec<_>>();
    assert_eq!(forms(&busy), forms(&everything()));
    assert_ne!(steps(&busy), steps(&everything()));
}
