//! Programs that must not compile, with what the compiler says, and for each a twin that shows how it is done right.
//!
//! - `compile_fail` has the programs that are refused when they are checked, each beside a `.stderr` with the messages.
//! - `build_fail` has those that only get as far as code is generated: what depends on the layout of a type parameter is
//!   found out by a constant, which `cargo check` does not evaluate for the types of a generic function. `trybuild` checks,
//!   unless it is given a program to run too: so it is given one of the twins.
//! - `compile_pass` has the twins, of the same names. They are modules of this test, where their `main`s run.
//!
//! Messages change from one compiler to the next, so they are compared with those of one version only. Some end in notes
//! about the standard library, which look otherwise where its sources are installed. After a change of the messages:
//! `TRYBUILD=overwrite cargo test -p gc-core --test compile`, with that version and without those sources.

#![allow(dead_code, reason = "programs of a few lines do not read all of their fields")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use trybuild::TestCases;

/// The compiler whose messages these are.
const COMPILER: &str = "rustc 1.95.";

#[rustfmt::skip]
#[path = "compile_pass"]
mod twins {
    mod any_brand;
    mod any_escape;
    mod arena_variance;
    mod barrier_assign;
    mod barrier_borrow;
    mod barrier_element;
    mod barrier_field;
    mod barrier_lock;
    mod barrier_mut;
    mod barrier_projection;
    mod barrier_set;
    mod barrier_short;
    mod barrier_write;
    mod collect_due;
    mod collect_inside;
    mod collect_run;
    mod collect_step;
    mod derive_argument;
    mod derive_attribute;
    mod derive_attribute_place;
    mod derive_borrow;
    mod derive_cell;
    mod derive_constant;
    mod derive_drop;
    mod derive_field;
    mod derive_leaf_borrow;
    mod derive_leaf_drop;
    mod derive_leaf_parameter;
    mod derive_leaf_reference;
    mod derive_leaf_thread;
    mod derive_lifetimes;
    mod derive_packed;
    mod derive_static_brand;
    mod derive_union;
    mod derive_unsized;
    mod derive_variant;
    mod escape_any;
    mod escape_assign;
    mod escape_channel;
    mod escape_guard;
    mod escape_mutation;
    mod escape_new;
    mod escape_panic;
    mod escape_return;
    mod escape_run;
    mod escape_run_result;
    mod escape_str;
    mod escape_thread_local;
    mod escape_value;
    mod escape_write;
    mod forge_gc;
    mod handle_fetch;
    mod handle_stash;
    mod handle_variance;
    mod layout_align;
    mod layout_array;
    mod layout_drop;
    mod layout_size;
    mod layout_u128;
    mod mix_allocate;
    mod mix_compare;
    mod mix_nested;
    mod mix_read;
    mod mix_store;
    mod object_by_hand;
    mod pack_alias;
    mod pack_brand;
    mod pack_fields;
    mod pack_forge;
    mod pack_lock;
    mod pack_numbers;
    mod pack_struct;
    mod pack_untraced;
    mod pack_word;
    mod read_field;
    mod read_weak;
    mod root_consumed;
    mod root_elided;
    mod root_outlives;
    mod root_plain;
    mod root_static;
    mod root_types;
    mod root_untraced;
    mod root_value;
    mod store_arc;
    mod store_box;
    mod store_closure;
    mod store_dyn;
    mod store_handle;
    mod store_hash_map;
    mod store_key;
    mod store_mutation;
    mod store_plain;
    mod store_rc;
    mod store_ref_cell;
    mod store_reference;
    mod store_slice;
    mod store_str;
    mod store_vec;
    mod thread_arena;
    mod thread_gc;
    mod thread_mutation;
    mod trace_by_hand;
    mod trace_forbidden;
    mod verify_inside;
}

/// The programs in a directory.
fn programs(directory: &str) -> impl Iterator<Item = PathBuf> {
    let directory = Path::new("tests").join(directory);
    let files = directory.read_dir().expect("a directory").map(|file| file.expect("a file").path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
}

fn names(directory: &str) -> BTreeSet<String> {
    programs(directory).map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned()).collect()
}

#[test]
fn every_program_has_a_twin_that_runs() {
    let refused = &names("compile_fail") | &names("build_fail");
    assert_eq!(refused, names("compile_pass"));
    let is_run = |name: &&String| include_str!("compile.rs").contains(&format!("mod {name};"));
    assert_eq!(refused.iter().filter(is_run).count(), refused.len());
}

/// Gives `cases` the programs in a directory that must not compile, but for those whose messages cannot be compared.
fn refuse(cases: &TestCases, directory: &str) {
    let sources = Path::new(compiler("--print=sysroot").trim()).join("lib/rustlib/src/rust");
    for program in programs(directory) {
        let message = program.with_extension("stderr");
        if !sources.exists()
            || std::fs::read_to_string(message).is_ok_and(|message| !message.contains("$RUST"))
        {
            cases.compile_fail(program);
        }
    }
}

/// What the compiler prints when it is asked for something.
fn compiler(question: &str) -> String {
    let answer = Command::new("rustc").arg(question).output().expect("the compiler");
    String::from_utf8(answer.stdout).expect("text")
}

#[test]
fn programs_are_refused_with_a_message() {
    let version = compiler("--version");
    if !version.starts_with(COMPILER) {
        let count = programs("compile_fail").chain(programs("build_fail")).count();
        // Not `eprintln!`, which the harness keeps to itself if the test passes. The twins are tests of their own, and run.
        let warning = format!(
            "WARNING: {count} programs that must not compile were NOT checked: the messages are those of {COMPILER}x, and this is {version}"
        );
        std::io::stderr().write_all(warning.as_bytes()).expect("a place to write to");
        return;
    }
    let checked = TestCases::new();
    refuse(&checked, "compile_fail");
    drop(checked);
    let built = TestCases::new();
    built.pass("tests/compile_pass/derive_field.rs");
    refuse(&built, "build_fail");
}
