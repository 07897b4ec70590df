//! Random programs against the model, under every kind of configuration.
//!
//! A failing case is shrunk and printed as source: paste it into a `check` of its own.

use crate::configs::{heap, plain};
use gc_core::policy::{Growth, NewSpaceSizing, OldPacing, PercentGrowth, Promotion};
use gc_core::{Config, MIN_SEMISPACE_BYTES, Stress};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::{TestCaseError, TestRunner};
use workloads::script::{Op, Pick, Program, Summary};

/// Most operations of a random program.
const MAX_OPERATIONS: usize = 150;

/// New space as small as it gets, and full collections as often as they may be.
fn tiny() -> Config {
    Config {
        new_space: NewSpaceSizing {
            initial_bytes: MIN_SEMISPACE_BYTES,
            max_bytes: MIN_SEMISPACE_BYTES,
            ..NewSpaceSizing::default()
        },
        pacing: OldPacing {
            initial_limit_bytes: 1 << 16,
            growth: Growth::Percent(PercentGrowth { min_growth_bytes: 1 << 16, ..PercentGrowth::default() }),
            external_growth_bytes: 1 << 16,
            young_external_bytes: 1 << 14,
            ..OldPacing::default()
        },
        stress: Stress { poison: true, verify: true, ..Stress::default() },
        ..plain()
    }
}

fn tiny_promoting(age: u8, to_space_percent: Option<u8>) -> Config {
    Config { promotion: Promotion { age, to_space_percent, ..Promotion::default() }, ..tiny() }
}

fn stressed(collect_every: u32) -> Config {
    Config { stress: Stress::all(collect_every, 0xC0FFEE), ..tiny() }
}

/// Old space of a page or so.
fn cramped() -> Config {
    Config { max_old_bytes: 512 << 10, ..tiny() }
}

/// Whether a configuration is so small that allocations may be refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusals {
    Never,
    Legal,
}

#[track_caller]
fn check_random_programs(config: &Config, refusals: Refusals) {
    let outcome = runner().run(&program(), |program| {
        let summary = run(&program, config).map_err(TestCaseError::fail)?;
        prop_assert!(summary.comparisons > 0);
        prop_assert!(refusals == Refusals::Legal || summary.refused == 0, "{summary:?}");
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("under {config:?}:\n{failure}");
    }
}

/// 256 cases, or as many as the environment variable `PROPTEST_CASES` says. A failing case is printed, not stored:
/// what deserves to be kept deserves a test with a name.
fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })
}

fn run(program: &Program, config: &Config) -> Result<Summary, String> {
    let mut heap = heap(config.clone());
    program.run(&mut heap).map_err(|divergence| divergence.to_string())
}

#[test]
fn by_default() {
    check_random_programs(&Config::default(), Refusals::Never);
}

#[test]
fn in_a_tiny_heap() {
    check_random_programs(&tiny(), Refusals::Never);
}

#[test]
fn promoting_every_survivor() {
    check_random_programs(&tiny_promoting(0, Some(25)), Refusals::Never);
}

#[test]
fn promoting_after_three_scavenges() {
    check_random_programs(&tiny_promoting(3, Some(25)), Refusals::Never);
}

#[test]
fn promoting_by_age_alone() {
    check_random_programs(&tiny_promoting(1, None), Refusals::Never);
}

#[test]
fn promoting_as_late_as_possible() {
    check_random_programs(&tiny_promoting(15, None), Refusals::Never);
}

#[test]
fn promoting_whatever_survives_beyond_an_empty_to_space() {
    check_random_programs(&tiny_promoting(15, Some(0)), Refusals::Never);
}

#[test]
fn with_large_objects_from_the_least_size() {
    check_random_programs(&Config { large_object_bytes: 256, ..tiny() }, Refusals::Never);
}

#[test]
fn collecting_at_every_allocation() {
    check_random_programs(&stressed(1), Refusals::Never);
}

#[test]
fn collecting_at_every_third_allocation() {
    check_random_programs(&stressed(3), Refusals::Never);
}

#[test]
fn collecting_at_every_seventh_allocation() {
    check_random_programs(&stressed(7), Refusals::Never);
}

#[test]
fn with_hardly_any_old_space() {
    check_random_programs(&cramped(), Refusals::Legal);
}

#[test]
fn collecting_at_every_third_allocation_with_hardly_any_old_space() {
    let config = Config { max_old_bytes: 512 << 10, ..stressed(3) };
    check_random_programs(&config, Refusals::Legal);
}

#[test]
fn a_refused_allocation_leaves_everything_as_it_was() {
    let rooted_then_dropped = [
        Op::OpenScope,
        Op::AllocBytes { len: 100_000 },
        Op::Root { handle: Pick(0) },
        Op::CloseScope,
        Op::OpenScope,
        Op::AllocPair { left: None, right: None },
        Op::CloseScope,
    ];
    let program = Program(rooted_then_dropped.repeat(20));
    let summary = run(&program, &cramped()).expect("heap and model agree");
    assert!(summary.refused > 0, "{summary:?}");
    assert!(summary.objects > 20, "pairs must still have found room: {summary:?}");
}

#[test]
fn new_space_full_of_survivors_is_promoted_rather_than_refused() {
    for age in [0, 1, 3, 15] {
        for to_space_percent in [None, Some(25), Some(100)] {
            let program = Program(vec![Op::AllocBytes { len: 1_000 }; 600]);
            let summary =
                run(&program, &tiny_promoting(age, to_space_percent)).expect("heap and model agree");
            assert_eq!(summary.refused, 0, "age {age}, {to_space_percent:?} % of to-space");
        }
    }
}

#[test]
fn the_same_program_does_the_same_under_every_configuration() {
    let outcome = runner().run(&program(), |program| {
        let objects = |config| run(&program, &config).map(|summary| (summary.operations, summary.objects));
        prop_assert_eq!(objects(plain()), objects(stressed(3)));
        Ok(())
    });
    outcome.expect("configurations do not change what a program does");
}

fn program() -> impl Strategy<Value = Program> {
    prop::collection::vec(op(), 0..MAX_OPERATIONS).prop_map(Program)
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => allocation(),
        6 => slots(),
        3 => contents(),
        4 => handles(),
        3 => scopes(),
        2 => collections(),
    ]
}

fn allocation() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => pick().prop_map(|shape| Op::AllocFixed { shape }),
        6 => (target(), target()).prop_map(|(left, right)| Op::AllocPair { left, right }),
        3 => len().prop_map(|len| Op::AllocSlots { len }),
        2 => len().prop_map(|len| Op::AllocBytes { len }),
        2 => (pick(), len()).prop_map(|(decoder, len)| Op::AllocValues { decoder, len }),
        2 => buffer_bytes().prop_map(|bytes| Op::AllocBuffer { bytes }),
        1 => (1..100_u16).prop_map(|objects| Op::Garbage { objects }),
    ]
}

fn slots() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (pick(), pick()).prop_map(|(object, slot)| Op::Load { object, slot }),
        2 => (pick(), pick(), pick()).prop_map(|(cursor, object, slot)| Op::Advance { cursor, object, slot }),
        8 => (pick(), pick(), target()).prop_map(|(object, slot, value)| Op::Store { object, slot, value }),
        2 => (pick(), pick(), pick(), pick(), pick())
            .prop_map(|(source, start, len, target, at)| Op::CopySlots { source, start, len, target, at }),
        2 => (pick(), pick(), pick(), target())
            .prop_map(|(object, start, len, value)| Op::FillSlots { object, start, len, value }),
    ]
}

fn contents() -> impl Strategy<Value = Op> {
    prop_oneof![
        1 => (pick(), pick(), any::<u64>()).prop_map(|(object, index, bits)| Op::StoreBits { object, index, bits }),
        2 => (pick(), pick(), pick()).prop_map(|(object, index, value)| Op::StoreValue { object, index, value }),
        1 => (pick(), pick(), any::<u64>()).prop_map(|(object, index, word)| Op::StoreWord { object, index, word }),
        1 => (pick(), any::<u8>()).prop_map(|(object, byte)| Op::FillBytes { object, byte }),
    ]
}

fn handles() -> impl Strategy<Value = Op> {
    prop_oneof![
        pick().prop_map(|handle| Op::Duplicate { handle }),
        (pick(), pick()).prop_map(|(target, source)| Op::Assign { target, source }),
        pick().prop_map(|handle| Op::Root { handle }),
        (pick(), pick()).prop_map(|(root, handle)| Op::SetRoot { root, handle }),
        pick().prop_map(|root| Op::Get { root }),
        pick().prop_map(|root| Op::Unroot { root }),
        pick().prop_map(|handle| Op::Weak { handle }),
        pick().prop_map(|weak| Op::Upgrade { weak }),
        pick().prop_map(|weak| Op::DropWeak { weak }),
    ]
}

fn scopes() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => Just(Op::OpenScope),
        1 => pick().prop_map(|result| Op::OpenEscape { result }),
        3 => Just(Op::CloseScope),
    ]
}

fn collections() -> impl Strategy<Value = Op> {
    prop_oneof![2 => Just(Op::Minor), 1 => Just(Op::Full)]
}

pub(crate) fn pick() -> impl Strategy<Value = Pick> {
    any::<u16>().prop_map(Pick)
}

pub(crate) fn target() -> impl Strategy<Value = Option<Pick>> {
    prop::option::weighted(0.8, pick())
}

/// Mostly small, sometimes of several cards, now and then larger than any small object.
pub(crate) fn len() -> impl Strategy<Value = u32> {
    prop_oneof![20 => 0..20_u32, 4 => 20..3_000_u32, 1 => 30_000..50_000_u32]
}

/// Of all kinds: empty, sharing a slab, filling one, larger than one.
fn buffer_bytes() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0..100_u32, 2 => 4_000..9_000_u32, 1 => 20_000..100_000_u32]
}
