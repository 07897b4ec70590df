use super::encoder::{Encoder, Location};
use super::{Info, Memtrace};
use crate::import::lifetimes::{Birth, BirthPlace, Coverage, Moment};
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};

/// What the header of a packet of v003 takes.
const HEADER_BYTES: usize = 68;

fn read(file: &[u8]) -> Memtrace {
    Memtrace::read(file).expect("the trace is whole")
}

#[track_caller]
fn check_refused(file: &[u8], message: &str) {
    assert_eq!(Memtrace::read(file).expect_err("the trace is damaged").to_string(), message);
}

/// Two objects, of which the first one dies, in two packets.
fn small(version: u16) -> Vec<u8> {
    let mut encoder = Encoder::new(version, 0.01);
    let first = encoder.allocate(3, 1, 0, &[11, 12, 13]);
    encoder.wait(40_000_000);
    encoder.flush();
    encoder.allocate(1_000, 10, 1, &[10, 12, 13]);
    encoder.promote(first);
    encoder.collect(first);
    encoder.finish()
}

#[test]
fn all_versions_of_the_format_are_read() {
    for version in 1..=3 {
        let trace = read(&small(version));
        assert_eq!(
            trace.info,
            Info { version, sample_rate: 0.01, word_bits: 64, executable: "program.exe".into(), process: 77 }
        );
        let birth = |bytes, death| Birth { bytes, place: BirthPlace::Heap, death };
        assert_eq!(trace.lifetimes.births(), [birth(32, Some(2)), birth(8_008, None)]);
        assert_eq!(trace.lifetimes.moments(), [Moment::Birth, Moment::Birth, Moment::Death(0)]);
        assert_eq!(trace.lifetimes.coverage, Coverage::Sampled { rate: 0.01 });
        assert_eq!((trace.promotions, trace.lifetimes.samples), (1, 11));
    }
}

/// A small trace for tests of the command line. Set `TENURE_WRITE_FILES` to write it anew.
#[test]
fn the_trace_for_other_tests_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/files/by_hand.ctf");
    if std::env::var_os("TENURE_WRITE_FILES").is_some() {
        std::fs::write(path, small(3)).expect("it can be written");
    }
    assert!(std::fs::read(path).expect("the file is there") == small(3), "{path} is another one");
}

#[test]
fn a_trace_of_every_word_is_whole() {
    let trace = read(&Encoder::new(3, 1.0).finish());
    assert_eq!(trace.lifetimes.coverage, Coverage::Whole);
}

#[test]
fn locations_with_old_and_new_names_are_passed_over() {
    let mut encoder = Encoder::new(3, 1.0);
    let names: Vec<_> = (0..40).map(|number| format!("file{number}.ml")).collect();
    for round in 0..3 {
        for (line, file) in (1..).zip(&names) {
            let function = if line % 3 == 0 { "main" } else { file };
            let location = |function| Location { file, function, line };
            encoder.locate(line.into(), &[location(function), location("inlined")]);
            encoder.locate(line.into(), &[Location { file: &names[round], function: "f", line }]);
        }
    }
    let object = encoder.allocate(1, 1, 0, &[1]);
    encoder.collect(object);
    assert_eq!(read(&encoder.finish()).lifetimes.deaths(), 1);
}

#[test]
fn deaths_of_unknown_objects_are_counted() {
    let mut encoder = Encoder::new(3, 1.0);
    encoder.allocate(1, 1, 0, &[]);
    encoder.collect(1 << 40);
    let trace = read(&encoder.finish());
    assert_eq!(trace.lifetimes.deaths(), 0);
    assert_eq!(trace.lifetimes.left_out, [("ends of objects whose allocation is not in the file".into(), 1)]);
}

#[test]
fn damage_is_told_with_its_offset() {
    let file = small(3);
    check_refused(
        &file[..file.len() - 1],
        &format!("offset {}: the file ends here, in the middle: it is cut off", file.len() - 1),
    );
    let mut other = file.clone();
    other[0] ^= 1;
    check_refused(&other, "offset 0: no packet of memtrace starts here");
    let mut later = file.clone();
    later[28] = 4;
    check_refused(&later, "offset 0: the format is v004; this version reads v001 to v003");
    let mut long = file.clone();
    long[4..8].copy_from_slice(&[0xff; 4]);
    check_refused(&long, "offset 0: a packet of 536870911 bytes cannot be");
    let mut rate = file;
    rate[HEADER_BYTES + 4..][..8].fill(0);
    check_refused(&rate, "offset 80: the sampling rate 0 is none: it must be above 0 and at most 1");
}

#[test]
fn damage_that_leaves_all_else_whole_is_found_by_the_checks_of_the_cache() {
    let mut encoder = Encoder::new(3, 1.0);
    // In the new packet there are a header, and of the event its own, two lengths and a codeword before the place.
    let place_offset = encoder.length() + HEADER_BYTES + 4 + 1 + 1 + 2;
    encoder.allocate(1, 1, 0, &[Encoder::checked_first()]);
    encoder.flush();
    encoder.allocate(1, 1, 0, &[]);
    let mut file = encoder.finish();
    assert!(Memtrace::read(&file[..]).is_ok());
    file[place_offset] ^= 1;
    let error = Memtrace::read(&file[..]).expect_err("the place is damaged").to_string();
    assert!(error.ends_with("something before this packet is damaged: its check fails"), "{error}");
}

/// What a program does, with numbers of objects modulo those that there are.
#[derive(Clone, Debug)]
enum Act {
    Allocate { words: u64, samples: u64, source: u8, callstack: Vec<u64> },
    Promote(usize),
    Collect(usize),
    Wait(u64),
    Flush,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let callstack = proptest::collection::vec(0_u64..6, 0..6);
    let allocate = (prop_oneof![1_u64..20, 0_u64..100_000], 1_u64..4, 0_u8..3, callstack);
    let act = prop_oneof![
        6 => allocate.prop_map(|(words, samples, source, callstack)| {
            Act::Allocate { words, samples, source, callstack }
        }),
        1 => any::<usize>().prop_map(Act::Promote),
        4 => any::<usize>().prop_map(Act::Collect),
        1 => (0_u64..30_000_000).prop_map(Act::Wait),
        1 => Just(Act::Flush),
    ];
    proptest::collection::vec(act, 0..80)
}

/// The trace of `acts`, and what must be found in it: sizes in bytes, and moments.
fn write(version: u16, acts: &[Act]) -> (Vec<u8>, Vec<u32>, Vec<Moment>) {
    let mut encoder = Encoder::new(version, 0.5);
    let (mut sizes, mut moments, mut alive) = (Vec::new(), Vec::new(), Vec::new());
    for act in acts {
        match act {
            Act::Allocate { words, samples, source, callstack } => {
                alive.push(encoder.allocate(*words, *samples, *source, callstack));
                sizes.push((*words as u32 + 1) * 8);
                moments.push(Moment::Birth);
            }
            Act::Promote(which) if !alive.is_empty() => encoder.promote(alive[which % alive.len()]),
            Act::Collect(which) if !alive.is_empty() => {
                let object = alive.swap_remove(which % alive.len());
                encoder.collect(object);
                moments.push(Moment::Death(object as u32));
            }
            Act::Promote(_) | Act::Collect(_) => {}
            // No packet lasts as long as the low bits of its time do.
            Act::Wait(microseconds) => {
                encoder.flush();
                encoder.wait(*microseconds);
            }
            Act::Flush => encoder.flush(),
        }
    }
    (encoder.finish(), sizes, moments)
}

proptest! {
    #[test]
    fn what_is_written_is_read(version in 1_u16..=3, acts in acts()) {
        let (file, sizes, moments) = write(version, &acts);
        let trace = read(&file);
        prop_assert_eq!(trace.lifetimes.births().iter().map(|birth| birth.bytes).collect::<Vec<_>>(), sizes);
        prop_assert_eq!(trace.lifetimes.moments(), &moments[..]);
    }

    #[test]
    fn no_damage_is_too_strange(
        acts in acts(),
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(),
    ) {
        let (mut file, ..) = write(3, &acts);
        for (place, byte) in edits {
            let place = place.index(file.len());
            file[place] = byte;
        }
        let _ = Memtrace::read(&file[..]);
        let _ = Memtrace::read(&file[..cut.index(file.len())]);
    }
}
