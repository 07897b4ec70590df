//! What a view must not do: change what it shows.

use super::subject::Subject;
use super::{Gate, Order, Progress, Screen, Tap, Told, Watched};
use crate::cli::args::{Args, Command, LiveArgs, RunArgs};
use crate::cli::failure::Failure;
use crate::cli::plan::RunPlan;
use crate::cli::recording::Recording;
use clap::Parser;
use gc_core::map::AreaKind;
use heap_viz::report::Json;
use heap_viz::screen::{Source, Speed, Stop};
use std::sync::mpsc::Receiver;
use std::thread;

const RUN: [&str; 8] = [
    "live",
    "splay",
    "--set=size=2000",
    "--set=runs=20",
    "--clock=modelled",
    "--semi-space=256KiB",
    "--max-old=64MiB",
    "--seed=7",
];

fn args() -> LiveArgs {
    let args = Args::parse_from(std::iter::once("tenure").chain(RUN));
    let Some(Command::Live(args)) = args.command else { panic!("the command is `live`") };
    args
}

#[test]
fn of_a_recording_nothing_can_be_set() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/logs/go.log");
    let subject = |more: &[&str]| {
        let args = Args::parse_from([&["tenure", "live", file], more].concat());
        let Some(Command::Live(args)) = args.command else { panic!("the command is `live`") };
        Subject::of(&args)
    };
    assert!(matches!(subject(&[]), Ok(Subject::File(_))));
    for more in [["--seed", "1"], ["--set", "window=3"], ["--semi-space", "1MiB"]] {
        assert!(matches!(subject(&more), Err(Failure::Recording { .. })), "{more:?}");
    }
}

/// The report on the run, watched at a gate by whoever does `look`.
fn watched(gate: &Gate, look: impl FnOnce(&Receiver<Told>, &mut Screen) + Send) -> String {
    let (tap, told) = Tap::new(Source::Heap, gate.clone());
    let screen = thread::scope(|scope| {
        let screen = scope.spawn(move || {
            let mut screen = Screen::default();
            look(&told, &mut screen);
            told.iter().for_each(|one| screen.take(one));
            screen
        });
        let done = Subject::of(&args()).and_then(|subject| subject.go(tap, &Progress::hidden()));
        assert!(done.expect("the run comes to its end").is_some());
        screen.join().expect("looking does no harm")
    });
    Json(&screen.into_reports()).to_string()
}

/// The report on the run, watched by nobody.
fn unwatched() -> String {
    let LiveArgs { watched: Watched::Program(named), seed, set, heap, .. } = args() else {
        panic!("a program")
    };
    let plan = RunPlan::new(&RunArgs { workloads: vec![named], seed, set, heap, ..RunArgs::default() });
    let plan = plan.expect("the arguments are good");
    let recording = Recording::start(&plan).expect("nothing is recorded");
    let report = plan.runs[0].make(&plan, &recording, None, None, &Progress::hidden());
    Json(&[report.expect("the run comes to its end")]).to_string()
}

#[test]
fn a_run_that_is_watched_is_the_same_to_the_byte() {
    let unwatched = unwatched();
    assert!(unwatched.contains("\"passed\""), "{unwatched}");
    assert!(watched(&Gate::open(), |_, _| ()) == unwatched);
    assert!(watched(&Gate::paced(Speed::FULL), |_, _| ()) == unwatched);
}

#[test]
fn a_run_that_is_held_and_goes_on_step_by_step_is_the_same_too() {
    let gate = Gate::paced(Speed::default());
    gate.obey(Order::Hold);
    let report = watched(&gate, |told, screen| {
        for stop in [Stop::Pause, Stop::Collection].repeat(5) {
            let mut has_stopped = false;
            while !has_stopped {
                let one = told.recv().expect("the run goes on");
                has_stopped = matches!(one, Told::Map(_));
                screen.take(one);
            }
            gate.obey(Order::Step(stop));
        }
        gate.obey(Order::Quit);
    });
    assert!(report == unwatched());
}

#[test]
fn each_pause_of_a_held_heap_is_shown_with_its_pages() {
    let gate = Gate::paced(Speed::default());
    gate.obey(Order::Hold);
    watched(&gate, |told, _| {
        assert!(matches!(told.recv(), Ok(Told::Started(_))));
        let next = || told.iter().find(|one| !matches!(one, Told::Event(_))).expect("the run goes on");
        for _ in 0..3 {
            assert!(matches!(next(), Told::Paused(..)));
            let Told::Map(map) = next() else { panic!("the heap is looked at") };
            let semispaces = [AreaKind::ActiveSemispace, AreaKind::IdleSemispace];
            assert_eq!(semispaces.map(|kind| map.pages(&[kind]).count()), [1, 1]);
            gate.obey(Order::Step(Stop::Pause));
        }
        gate.obey(Order::Quit);
    });
}
