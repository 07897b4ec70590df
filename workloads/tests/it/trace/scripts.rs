//! Random programs, recorded and replayed.

use super::graph::graph_of;
use crate::configs::{heap, plain, stressed, verified};
use crate::model::{len, pick, target};
use gc_core::Config;
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_oneof};
use proptest::test_runner::{TestCaseError, TestRunner};
use workloads::script::{Op, Program};
use workloads::trace::{Replay, TraceFile, TraceRecorder};

/// Most operations of a random program.
const MAX_OPERATIONS: usize = 120;

fn allocation() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => pick().prop_map(|shape| Op::AllocFixed { shape }),
        6 => (target(), target()).prop_map(|(left, right)| Op::AllocPair { left, right }),
        3 => len().prop_map(|len| Op::AllocSlots { len }),
        2 => len().prop_map(|len| Op::AllocBytes { len }),
        2 => (pick(), len()).prop_map(|(decoder, len)| Op::AllocValues { decoder, len }),
        2 => (0..20_000_u32).prop_map(|bytes| Op::AllocBuffer { bytes }),
        2 => (1..300_u16).prop_map(|objects| Op::Garbage { objects }),
    ]
}

fn mutation() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (pick(), pick()).prop_map(|(object, slot)| Op::Load { object, slot }),
        2 => (pick(), pick(), pick()).prop_map(|(cursor, object, slot)| Op::Advance { cursor, object, slot }),
        8 => (pick(), pick(), target()).prop_map(|(object, slot, value)| Op::Store { object, slot, value }),
        2 => (pick(), pick(), pick(), pick(), pick())
            .prop_map(|(source, start, len, target, at)| Op::CopySlots { source, start, len, target, at }),
        2 => (pick(), pick(), pick(), target())
            .prop_map(|(object, start, len, value)| Op::FillSlots { object, start, len, value }),
        2 => (pick(), pick(), any::<u64>()).prop_map(|(object, index, bits)| Op::StoreBits { object, index, bits }),
        4 => (pick(), pick(), pick()).prop_map(|(object, index, value)| Op::StoreValue { object, index, value }),
    ]
}

fn handle() -> impl Strategy<Value = Op> {
    prop_oneof![
        pick().prop_map(|handle| Op::Duplicate { handle }),
        (pick(), pick()).prop_map(|(target, source)| Op::Assign { target, source }),
        pick().prop_map(|handle| Op::Root { handle }),
        (pick(), pick()).prop_map(|(root, handle)| Op::SetRoot { root, handle }),
        pick().prop_map(|root| Op::Get { root }),
        pick().prop_map(|root| Op::Unroot { root }),
        Just(Op::OpenScope),
        pick().prop_map(|result| Op::OpenEscape { result }),
        Just(Op::CloseScope),
        Just(Op::Minor),
        Just(Op::Full),
    ]
}

/// Programs without weak handles, which a trace does not tell.
fn program() -> impl Strategy<Value = Program> {
    let op = prop_oneof![4 => allocation(), 4 => mutation(), 3 => handle()];
    prop::collection::vec(op, 0..MAX_OPERATIONS).prop_map(Program)
}

/// Records and replays a program, and compares what is alive at the end.
fn check(program: &Program, recorded: Config, replayed: Config) -> Result<(), TestCaseError> {
    let mut original = heap(recorded);
    original.record(Box::new(TraceRecorder::new(Vec::new(), "script", Vec::new())));
    let (mut file, mut expected) = (Vec::new(), Vec::new());
    let summary = program.run_and_end(&mut original, &mut |heap| {
        expected = graph_of(heap);
        let log = heap.stop_recording().expect("it was set");
        file = TraceRecorder::finish(log).expect("memory takes everything");
    });
    summary.map_err(|divergence| TestCaseError::fail(divergence.to_string()))?;
    let replay = Replay::new(TraceFile::open(&file).expect("it is whole"));
    let (mut copy, mut found) = (heap(replayed), Vec::new());
    let outcome = replay.run_and_look(&mut copy, &mut |_| (), &mut |heap| found = graph_of(heap));
    let done = outcome.map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(done.lost == 0, "{} references lost", done.lost);
    prop_assert!(found == expected, "{} objects instead of {}", found.len(), expected.len());
    Ok(())
}

#[track_caller]
fn check_random_programs(recorded: &Config, replayed: &Config) {
    let mut runner = TestRunner::new(prop::test_runner::Config {
        failure_persistence: None,
        cases: 96,
        ..prop::test_runner::Config::default()
    });
    let outcome = runner.run(&program(), |program| check(&program, recorded.clone(), replayed.clone()));
    if let Err(failure) = outcome {
        panic!("recorded under {recorded:?}, replayed under {replayed:?}:\n{failure}");
    }
}

#[test]
fn random_programs_end_alike_whatever_the_heaps() {
    check_random_programs(&plain(), &verified());
    check_random_programs(&verified(), &plain());
}

#[test]
fn random_programs_end_alike_under_stress() {
    check_random_programs(&stressed(1), &plain());
    check_random_programs(&stressed(5), &stressed(2));
}
