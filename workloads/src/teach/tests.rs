//! What scripts do, and what is wrong with them.

use super::{Collected, Script, ScriptError, Summary};
use proptest::prelude::{prop_assert, proptest};

fn run(text: &str) -> Result<Summary, ScriptError> {
    Script::parse(text)?.run(&mut |_| ())
}

#[track_caller]
fn check_mistake(text: &str, expected: &str) {
    match run(text) {
        Err(error @ ScriptError::Mistake { .. }) => assert_eq!(error.to_string(), expected),
        other => panic!("{other:?}, not a mistake"),
    }
}

#[track_caller]
fn check_failure(text: &str, expected: &str) {
    match run(text) {
        Err(error @ ScriptError::Failed { .. }) => assert_eq!(error.to_string(), expected),
        other => panic!("{other:?}, not a failure"),
    }
}

#[test]
fn an_assert_that_does_not_hold_tells_what_was_found() {
    check_failure("a = node 1\nassert live 3", "2:1: `live` was expected to be 3, but is 1");
    check_failure("assert used >= 1KiB", "1:1: `used` was expected to be at least 1024, but is 0");
    check_failure("a = node 1; assert live <= 0", "1:13: `live` was expected to be at most 0, but is 1");
    check_failure("a = node 1; assert a in old", "1:13: `a` was expected in old space, but is in new space");
    check_failure("a = node 1; assert a age 1", "1:13: the age of `a` was expected to be 1, but is 0");
    let text = "a = node 1; b = node 1; a.0 = node 0\n";
    check_failure(
        &format!("{text}assert a = b"),
        "2:1: `a` was expected to be the object of `b`, but is another object",
    );
    check_failure(
        &format!("{text}assert a.0 = null"),
        "2:1: `a.0` was expected to be null, but is another object",
    );
    check_failure(
        &format!("{text}assert b.0 = a"),
        "2:1: `b.0` was expected to be the object of `a`, but is null",
    );
}

#[test]
fn an_allocation_without_room_fails_unless_it_is_tried() {
    let text = "heap max_old 256KiB\nheap semi_space 256KiB\n";
    check_failure(&format!("{text}a = bytes 1MiB"), "3:1: the heap is full: no room for 1048584 bytes");
    let tried = run(&format!("{text}a = null; try a = bytes 1MiB; assert a = null; assert refused 1"));
    assert_eq!(tried.map(|summary| summary.asserts), Ok(2));
}

#[test]
fn what_cannot_be_read_has_its_place() {
    check_mistake("a = node", "1:9: a number is expected, not the end of the statement");
    check_mistake("a = node 2 3", "1:12: the end of the statement is expected, not `3`");
    check_mistake("a = node 99999", "1:10: 99999 must lie between 0 and 32767");
    check_mistake("a = node 1KiB", "1:10: a number without a unit is expected");
    check_mistake("a = bytes 1Kb", "1:11: there is no unit `Kb`: use B, KiB, MiB, GiB, ns, us, ms, s");
    check_mistake("a = bytes 99999999999GiB", "1:11: `99999999999GiB` does not fit 64 bits");
    check_mistake("a = bytes 5ms", "1:11: a time has no meaning here");
    check_mistake("\n  a node 2", "2:5: `=` is expected, not `node`");
    check_mistake("node = null", "1:1: no statement starts with `node`");
    check_mistake("a = live", "1:5: `live` is a figure of asserts, no variable");
    check_mistake("a = full", "1:5: `full` is no value");
    check_mistake("drop a, full", "1:9: `full` is a word of the language, no variable");
    check_mistake("a = node 1; a.0 = weak a", "1:19: slots hold no weak references: use an ephemeron");
    check_mistake("try a.0 = null", "1:5: `try` is for variables: `try NAME = ...`");
    check_mistake("step 5KiB", "1:6: a step is given a number of objects or a time, such as 100 or 500us");
    check_mistake("}", "1:1: a statement is expected, not `}`");
    check_mistake("repeat 3 { full", "1:16: a statement is expected, not the end of the script");
    check_mistake("a = null; assert a in space", "1:23: there is no space `space`: use new, old or large");
    check_mistake("assert a.0 is b", "1:12: `in`, `age` or `=` is expected, not `is`");
    let nested = "repeat 1 { ".repeat(17);
    check_mistake(&nested, "1:177: blocks nest no deeper than 16");
}

#[test]
fn a_misspelt_figure_or_setting_is_told_with_those_that_there_are() {
    let error = run("assert lives 3").expect_err("there is no such figure").to_string();
    assert!(
        error.starts_with("1:14: `in`, `age` or `=` is expected, not `3`; figures are live, "),
        "{error}"
    );
    let error = run("heap semispace 1MiB").expect_err("there is no such setting").to_string();
    assert!(error.starts_with("1:6: there is no setting `semispace`; there are `semi_space`, "), "{error}");
    check_mistake("heap promote_age off", "1:18: `promote_age` must be a number up to 255");
    check_mistake("heap max_old 5s", "1:14: `max_old` must be a size, such as 256KiB");
    check_mistake("heap promote_age 16", "1:18: `promotion.age` is 16, but must lie between 0 and 15");
    check_mistake("full; heap max_old 1MiB", "1:7: settings of the heap come before all other statements");
    assert!(run("heap to_space_percent off; heap to_space_percent 50").is_ok());
}

#[test]
fn what_cannot_be_done_has_its_place() {
    check_mistake("a = b", "1:5: there is no variable `b`");
    check_mistake("drop b", "1:6: there is no variable `b`");
    check_mistake("a = node 1; a.1 = null", "1:13: `a` has no slot 1: it has 1");
    check_mistake("a = node 1; b = a.0.0", "1:17: `a.0` is null, and has no slots");
    check_mistake("a = null; b = weak a", "1:20: `a` is null");
    check_mistake("a = bytes 8; a.0 = null", "1:14: `a` has no slot 0: it has 0");
}

#[test]
fn blocks_are_repeated() {
    let summary =
        run("repeat 3 { repeat 2 { a = node 0 }; assert live 1 }\nassert used 48; repeat 0 { full }");
    assert_eq!(summary, Ok(Summary { asserts: 4, collections: 0 }));
}

/// What the collections of a script are told as.
fn told(text: &str) -> String {
    let mut told = String::new();
    let mut watch = |collected: &Collected| told += &format!("{collected}\n");
    Script::parse(text).and_then(|script| script.run(&mut watch)).expect("the script is right");
    told
}

#[test]
fn each_collection_is_told_with_the_fate_of_all_objects() {
    let text = "a = node 1; b = node 0\nscavenge\na.0 = node 0; drop b\nscavenge\nfull";
    let expected = "\
line 2: minor (requested)
  copied   a, b
  bytes in use: new 24, old 0, large 0, external 0
line 4: minor (requested)
  copied   a.0
  promoted a
  freed    b
  bytes in use: new 8, old 16, large 0, external 0
line 5: full (requested)
  promoted a.0
  kept     a
  bytes in use: new 0, old 24, large 0, external 0
";
    assert_eq!(told(text), expected);
}

#[test]
fn many_objects_of_one_fate_are_counted_and_large_ones_are_promoted_where_they_are() {
    let many = told("repeat 10 { a = node 0 }; scavenge");
    assert!(many.contains("copied   a#10\n"), "{many}");
    assert!(many.contains("freed    a, a#2, a#3, a#4, a#5, a#6, a#7, a#8 and 1 more\n"), "{many}");
    let large = told("a = bytes 1MiB; scavenge; full");
    assert!(large.contains("promoted a\n") && large.contains("kept     a\n"), "{large}");
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC*") {
        let _ = Script::parse(&text);
    }

    #[test]
    fn no_script_is_too_strange(
        text in "((a|b|a\\.0|b\\.1|w) = (null|a|b|a\\.0|b\\.1|node 2|array 200|bytes 9|buffer 9|weak a|ephemeron a b)(;|\n)|(try b = bytes 99KiB|drop a|drop b|fill 3KiB|scavenge|full|compact|step 10|step 9us|repeat 2 \\{ scavenge \\}|assert a = b|assert w = a|assert live 2)(;|\n)){0,20}",
    ) {
        let done = run(&format!("a = node 2\nb = node 2\n{text}"));
        prop_assert!(!matches!(&done, Err(error) if error.place().line == 0), "{:?}", done);
    }
}
