//! AddressSanitizer, told where no object lies, reports a reference that is used too late.

use crate::arena_boundaries::arena;
use gc_core::Config;
use gc_core::arena::{Arena, Array, Gc, Lock, Root};
use std::process::Command;
use std::{env, ptr};

type Kept = Root![Lock<Option<Gc<'_, Array<u64>>>>];

/// Reads an array of so many numbers, which may be kept alive, where it lay before a scavenge.
fn read_too_late(length: usize, is_kept: bool) -> u64 {
    let mut arena: Arena<Kept> = arena(Config { huge_pages: false, ..Config::default() });
    let place = arena.mutate(|mc, root| {
        let array = mc.array(&vec![7_u64; length]);
        root.set(mc, is_kept.then_some(array));
        ptr::from_ref(&array.as_slice(mc)[length - 1])
    });
    arena.collect_minor();
    // SAFETY: there is memory. That no object lies there is what is to be reported.
    unsafe { place.read_volatile() }
}

/// Runs the test `name` once more, in a process of its own, where it reads too late.
fn check(name: &str, length: usize, is_kept: bool) {
    const MARKER: &str = "GC_CORE_TEST_READS_TOO_LATE";
    if env::var_os(MARKER).is_some() {
        read_too_late(length, is_kept);
        return;
    }
    let test = env::current_exe().expect("the path of this test");
    let output = Command::new(test).args([name, "--exact"]).env(MARKER, "yes").output().expect("a process");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("ERROR: AddressSanitizer: use-after-poison"), "{said}");
    assert!(said.contains("read_too_late"), "{said}");
}

#[test]
fn an_object_that_has_moved_is_not_used_where_it_was() {
    check("arena_asan::an_object_that_has_moved_is_not_used_where_it_was", 3, true);
}

#[test]
fn an_object_that_has_died_is_not_used() {
    check("arena_asan::an_object_that_has_died_is_not_used", 3, false);
}

#[test]
fn a_large_object_that_has_been_freed_is_not_used() {
    check("arena_asan::a_large_object_that_has_been_freed_is_not_used", 100_000, false);
}
