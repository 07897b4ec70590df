//! Whatever happens to a file, reading it ends with an error that tells where.

use super::format::header;
use crate::configs::{heap, plain};
use gc_core::record::Request;
use workloads::trace::{Form, Replay, ReplayError, TraceError, TraceFile, TraceWriter};

/// A small trace with every kind of operation.
fn small() -> Vec<u8> {
    let mut writer = TraceWriter::new(Vec::new(), &header());
    let pair = writer.shape("pair", Form::Fixed { slots: 2, bytes: 8 });
    let list = writer.shape("list", Form::Slots);
    let buffer = writer.shape("buffer", Form::Buffer);
    writer.allocate(0, list, 20);
    writer.root(0, Some(0));
    writer.point();
    for number in 1..20 {
        writer.allocate(number, if number % 5 == 0 { buffer } else { pair }, 0);
        writer.store(0, number, Some(number));
        if number % 7 == 0 {
            writer.point();
        }
    }
    writer.die(3);
    writer.request(Request::Minor);
    writer.root(1, None);
    writer.finish().expect("memory takes everything")
}

/// Reads a file to its end.
fn read(file: &Vec<u8>) -> Result<u64, TraceError> {
    let mut reader = TraceFile::open(file)?.reader();
    let mut count = 0;
    while reader.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// The offset that an error tells.
fn offset_of(error: &TraceError) -> u64 {
    let text = error.to_string();
    let digits = text.strip_prefix("offset ").and_then(|rest| rest.split(':').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("no offset in `{text}`"))
}

#[test]
fn a_file_that_is_cut_short_says_where_it_ends() {
    let file = small();
    assert!(read(&file).is_ok());
    for end in 0..file.len() {
        let error = read(&file[..end].to_vec()).expect_err("it is cut short");
        let is_empty = end == 0;
        assert!(offset_of(&error) <= end as u64, "{end}: {error}");
        let is_told = matches!(error, TraceError::Truncated { offset, .. } if offset == end as u64);
        assert!(is_told || is_empty, "{end}: {error}");
    }
}

#[test]
fn every_bit_that_flips_is_noticed() {
    let file = small();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut damaged = file.clone();
            damaged[at] ^= 1 << bit;
            let error = read(&damaged).expect_err("a bit has flipped");
            assert!(offset_of(&error) <= file.len() as u64, "{at}: {error}");
        }
    }
}

#[test]
fn bytes_that_are_missing_or_more_are_noticed() {
    let file = small();
    for at in 0..file.len() {
        let mut shorter = file.clone();
        shorter.remove(at);
        assert!(read(&shorter).is_err() || shorter == file, "without byte {at}");
        let mut longer = file.clone();
        longer.insert(at, 0);
        assert!(read(&longer).is_err(), "with a byte more at {at}");
    }
}

#[test]
fn other_files_are_told_from_traces() {
    let message = |file: &[u8]| read(&file.to_vec()).expect_err("no trace").to_string();
    assert!(message(b"#!/bin/sh\n").starts_with("offset 0: not a trace"));
    let mut newer = small();
    newer[8] = 2;
    assert_eq!(message(&newer), "offset 8: the trace is of version 2, but this program reads version 1");
}

/// A block, as `docs/traces.md` describes it.
fn block(tag: u8, number: u64, payload: &[u8]) -> Vec<u8> {
    let mut hasher = crc32fast::Hasher::new();
    [&number.to_le_bytes()[..], &[tag], payload].into_iter().for_each(|part| hasher.update(part));
    let mut block = vec![tag];
    block.extend((payload.len() as u32).to_le_bytes());
    block.extend(hasher.finalize().to_le_bytes());
    block.extend(payload);
    block
}

/// A file whose checksums are right, whatever the operations are.
fn file_of(payload: &[u8]) -> Vec<u8> {
    let mut file = b"\x89TENURE\n\x01\0".to_vec();
    file.extend(block(b'H', 0, &[0, 0, 0, 0]));
    file.extend(block(b'O', 1, payload));
    let footer_at = file.len() as u64;
    file.extend(block(b'F', 0, &[0; 11]));
    file.extend(footer_at.to_le_bytes());
    file.extend(b"TENURE.\n");
    file
}

/// Checks that the operations of a file are refused at this offset of their block.
#[track_caller]
fn check_refused(payload: &[u8], at: u64, problem: &str) {
    let file = file_of(payload);
    let start = file.len() as u64 - 8 - 8 - (9 + 11) - payload.len() as u64;
    let mut heap = heap(plain());
    let trace = TraceFile::open(&file).expect("its ends are whole");
    let error = Replay::new(trace).run(&mut heap, &mut |_| ()).expect_err("it makes no sense");
    let ReplayError::Trace(error) = error else { panic!("{error}") };
    assert_eq!(error.to_string(), format!("offset {}: {problem}", start + at));
    heap.verify().expect("a sound heap");
}

#[test]
fn operations_that_make_no_sense_are_refused_though_their_checksum_is_right() {
    // A shape: 5, its form above, its name, and for fixed objects slots and bytes.
    let pair = [5, 1, b'p', 2, 0];
    let with_pair = |rest: &[u8]| [&pair[..], rest].concat();
    check_refused(&[7], 0, "this should be an operation that there is");
    check_refused(&[4 | 8], 0, "this should be an operation that there is");
    check_refused(&[0x80], 0, "this should be a number of at most 64 bits");
    check_refused(&[5 | 6 << 3, 0], 2, "this should be a shape of a form that there is");
    check_refused(&[5, 100], 1, "this should be a text in UTF-8");
    check_refused(&[0], 0, "this should be a shape that was told before");
    check_refused(&with_pair(&[0, 0]), 7, "this should be a number of at most 64 bits");
    check_refused(&with_pair(&[0, 3, 0]), 6, "this should be an object allocated since the last point");
    check_refused(&with_pair(&[0, 0, 0, 1, 4, 0]), 9, "this should be the name of an object that lives");
    check_refused(
        &with_pair(&[0, 0, 0, 4, 1, 1, 0]),
        10,
        "this should be an object allocated since the last point",
    );
    check_refused(&with_pair(&[0, 0, 0, 1, 0, 1]), 9, "this should be an object to store into");
    check_refused(&with_pair(&[3]), 5, "this should be the name of an object that lives");
    check_refused(&[2 | 1 << 3, 0], 0, "this should be a root that leaves no gap");
    check_refused(&[6 | 5 << 3], 0, "this should be a request that there is");
    let place = "the operation before stores into place 2 of an object that has none";
    check_refused(&with_pair(&[0, 0, 0, 1 | 2 << 3, 1, 0]), 11, place);
}

#[test]
fn operations_that_the_footer_does_not_count_are_noticed() {
    let error = read(&file_of(&[4, 4])).expect_err("two points, and none counted").to_string();
    assert!(
        error.contains("the operations and bytes before are not those that the footer counts"),
        "{error}"
    );
}
