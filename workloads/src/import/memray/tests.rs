use super::encoder::{CALLOC, Encoder, MALLOC, MMAP, MUNMAP, PYMALLOC_FREE, PYMALLOC_MALLOC, compress};
use super::{Info, Memray, PythonAllocators};
use crate::import::lifetimes::{Birth, BirthPlace, Moment};
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};
use std::collections::HashMap;

fn read(file: &[u8]) -> Memray {
    Memray::read(file).expect("the capture is whole")
}

#[track_caller]
fn check_refused(file: &[u8], message: &str) {
    assert_eq!(Memray::read(file).expect_err("the capture is damaged").to_string(), message);
}

/// An object, which dies; memory of malloc; a map, part of which is unmapped, and then all.
fn small(native_traces: bool) -> Vec<u8> {
    let mut encoder = Encoder::new(native_traces);
    encoder.call(PYMALLOC_MALLOC, 0x1000, 56);
    encoder.put_others();
    encoder.thread(2);
    encoder.call(CALLOC, 0x2000, 700);
    encoder.call(PYMALLOC_FREE, 0x1000, 0);
    encoder.call(MMAP, 0x10_0000, 8_192);
    encoder.call(MUNMAP, 0x10_0000, 4_096);
    encoder.call(MUNMAP, 0x10_0000, 8_192);
    encoder.finish()
}

#[test]
fn allocations_are_read_and_all_else_is_passed_over() {
    for native_traces in [false, true] {
        let capture = read(&small(native_traces));
        let traced = PythonAllocators::Traced;
        assert_eq!(capture.info, Info { python: (3, 11), python_allocators: traced });
        let birth = |bytes, place, death| Birth { bytes, place, death };
        assert_eq!(
            capture.lifetimes.births(),
            [
                birth(56, BirthPlace::Heap, Some(2)),
                birth(700, BirthPlace::External, None),
                birth(8_192, BirthPlace::External, Some(4)),
            ]
        );
        assert_eq!(
            capture.lifetimes.left_out,
            [
                ("frees of what was allocated before, or in part only".into(), 1),
                ("records of objects without sizes".into(), 1),
            ]
        );
    }
}

#[test]
fn a_compressed_capture_is_the_same() {
    let file = small(false);
    let (plain, compressed) = (read(&file), read(&compress(&file)));
    assert_eq!(plain.lifetimes.births(), compressed.lifetimes.births());
}

#[test]
fn memory_that_is_given_out_twice_was_freed_in_between() {
    let mut encoder = Encoder::new(false);
    encoder.call(MALLOC, 0x1000, 16);
    encoder.call(MALLOC, 0x1000, 32);
    let lifetimes = read(&encoder.finish()).lifetimes;
    assert_eq!(lifetimes.moments(), [Moment::Birth, Moment::Birth, Moment::Death(0)]);
    assert_eq!(
        lifetimes.left_out,
        [("frees that are missing, told by the next use of the address".into(), 1)]
    );
}

#[test]
fn damage_is_told_with_its_offset() {
    let file = small(false);
    let cut = &file[..file.len() - 1];
    let end = cut.len();
    check_refused(cut, &format!("offset {end}: the file ends here, in the middle: it is cut off"));
    check_refused(
        &[cut, &[0; 100]].concat(),
        &format!("offset {end}: the capture ends here, without a trailer: the program was killed"),
    );
    check_refused(&[cut, &[3]].concat(), &format!("offset {end}: there are no records of type 3"));
    let mut other = file.clone();
    other[7] = 11;
    check_refused(
        &other,
        "offset 7: the format is version 11; this version reads 13, which memray 1.20 writes: make the capture again \
         with that",
    );
    let mut sums = file.clone();
    sums[16] = 1;
    check_refused(&sums, "offset 16: the capture holds sums only: make it without `--aggregate`");
    check_refused(
        &compress(b"something else"),
        "offset 0 of the decompressed data: not a capture of memray: it does not start with `memray`",
    );
}

#[test]
fn a_damaged_frame_is_told() {
    let mut file = compress(&small(false));
    file.truncate(40);
    let error = Memray::read(&file[..]).expect_err("the frame is cut off").to_string();
    assert!(error.contains("of the decompressed data: "), "{error}");
}

proptest! {
    #[test]
    fn what_is_written_is_read(calls in calls()) {
        let (file, moments) = write(&calls);
        for file in [compress(&file), file] {
            let capture = read(&file);
            prop_assert_eq!(capture.lifetimes.moments(), &moments[..]);
        }
    }

    #[test]
    fn no_damage_is_too_strange(
        calls in calls(),
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(),
    ) {
        for mut file in [write(&calls).0, compress(&write(&calls).0)] {
            for (place, byte) in &edits {
                let place = place.index(file.len());
                file[place] = *byte;
            }
            let _ = Memray::read(&file[..]);
            let _ = Memray::read(&file[..cut.index(file.len())]);
        }
    }
}

/// Calls with the number of an address, and whether it is asked for or given back.
fn calls() -> impl Strategy<Value = Vec<(u64, bool)>> {
    proptest::collection::vec((prop_oneof![0_u64..20, 0_u64..4_000], any::<bool>()), 0..200)
}

/// A capture of such calls as a program can make, and what happens in it.
fn write(calls: &[(u64, bool)]) -> (Vec<u8>, Vec<Moment>) {
    let mut encoder = Encoder::new(false);
    let (mut alive, mut moments) = (HashMap::new(), Vec::new());
    let mut born = 0;
    for (address, is_allocation) in calls {
        let address = 0x7f00_0000_0000 + address * 16;
        match (is_allocation, alive.remove(&address)) {
            (true, None) => {
                encoder.call(PYMALLOC_MALLOC, address, 24);
                alive.insert(address, born);
                born += 1;
                moments.push(Moment::Birth);
            }
            (_, Some(object)) => {
                encoder.call(PYMALLOC_FREE, address, 0);
                moments.push(Moment::Death(object));
            }
            (false, None) => {}
        }
    }
    (encoder.finish(), moments)
}
