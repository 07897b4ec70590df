//! What scripts do, and what is wrong with them.

use super::{Audience, Collected, Script, ScriptError, Stage, Summary};
use gc_core::Heap;
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

/// Keeps what `why` answers.
#[derive(Default)]
struct Answers(String);

impl Audience for Answers {
    fn collected(&mut self, _: &Collected) {}

    fn stepped(&mut self, _: &Stage<'_>) {}

    fn answered(&mut self, answer: &str) {
        self.0 += answer;
    }
}

/// Checks what a script answers. The first line of each answer is left out.
#[track_caller]
fn check_answers(text: &str, expected: &[&str]) {
    let script = Script::parse(text).expect("the script can be read");
    let mut heap = Heap::new(script.config().clone()).expect("a heap");
    let mut answers = Answers::default();
    script.run_before(&mut heap, &mut answers).expect("the script is right");
    let found: Vec<_> = answers.0.lines().filter(|line| line.starts_with(' ')).map(str::trim).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn why_a_young_object_was_copied_and_promoted() {
    check_answers(
        "a = node 1; b = node 0; a.0 = b; drop b\nscavenge\nscavenge\nwhy a.0",
        &[
            "line 2, minor (requested): alive: a root > a > b. Copied from from-space to to-space: its age is 1 now.",
            "line 3, minor (requested): alive: a root > a > b. Promoted to old space: it had survived a scavenge.",
        ],
    );
    check_answers(
        "heap to_space_percent 0\na = node 0\nscavenge\nwhy a",
        &[
            "line 3, minor (requested): alive: a root refers to it. Promoted to old space, at an age of 0: survivors have filled their part of to-space.",
        ],
    );
    check_answers(
        "a = bytes 1MiB\nscavenge\nwhy a",
        &[
            "line 2, minor (requested): alive: a root refers to it. Promoted where it is: large objects are not copied.",
        ],
    );
}

#[test]
fn why_an_object_died() {
    check_answers(
        "a = node 0; drop a\nscavenge\nwhy a",
        &["line 2, minor (requested): died: no root and no remembered object reaches it."],
    );
    check_answers(
        "heap promote_age 0\na = node 0\nscavenge\ndrop a\nscavenge\nfull\nwhy a",
        &[
            "line 3, minor (requested): alive: a root refers to it. Promoted to old space: survivors are promoted at once.",
            "line 6, full (requested): died: no root reaches it.",
        ],
    );
}

#[test]
fn why_the_dead_keep_the_dead() {
    check_answers(
        "heap promote_age 0\nholder = node 1\nscavenge\nholder.0 = node 0\ndrop holder\nscavenge\nwhy holder.0",
        &[
            "line 6, minor (requested): alive: holder refers to it, and is old and remembered; nobody knows yet that this is dead. Promoted to old space: survivors are promoted at once.",
        ],
    );
}

#[test]
fn why_an_object_slid() {
    check_answers(
        "heap promote_age 0\na = bytes 40; b = bytes 8\nscavenge\ndrop a\ncompact\nwhy b",
        &[
            "line 3, minor (requested): alive: a root refers to it. Promoted to old space: survivors are promoted at once.",
            "line 5, full (fragmentation): alive: a root refers to it. Moved 48 bytes down, to the low end of old space: it is compacted.",
        ],
    );
}

#[test]
fn why_a_value_of_an_ephemeron_lives() {
    check_answers(
        "k = node 0; v = node 0; e = ephemeron k v; drop v\nscavenge\ndrop k\nscavenge\nwhy v; why k",
        &[
            "line 2, minor (requested): alive: a root > e > v. Copied from from-space to to-space: its age is 1 now.",
            "line 4, minor (requested): died: no root and no remembered object reaches it.",
            "line 2, minor (requested): alive: a root refers to it. Copied from from-space to to-space: its age is 1 now.",
            "line 4, minor (requested): died: no root and no remembered object reaches it.",
        ],
    );
}

#[test]
fn why_is_asked_of_objects_that_were_made() {
    check_mistake("a = null; why b", "1:11: no object was made as `b`");
    check_answers("a = node 0\nwhy a", &["no collection has met it"]);
    let mut script = Script::parse("a = node 0; a = node 0; scavenge").expect("the script can be read");
    script.ask_why("a#2");
    assert!(script.run(&mut |_| ()).is_ok());
    script.ask_why("c");
    assert!(script.run(&mut |_| ()).is_err());
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC*") {
        let _ = Script::parse(&text);
    }

    #[test]
    fn no_script_is_too_strange(
        text in "((a|b|a\\.0|b\\.1|w) = (null|a|b|a\\.0|b\\.1|node 2|array 200|bytes 9|buffer 9|weak a|ephemeron a b)(;|\n)|(try b = bytes 99KiB|drop a|drop b|fill 3KiB|scavenge|full|compact|step 10|step 9us|repeat 2 \\{ scavenge \\}|assert a = b|assert w = a|assert live 2|why a|why b\\.1)(;|\n)){0,20}",
    ) {
        let done = run(&format!("a = node 2\nb = node 2\n{text}"));
        prop_assert!(!matches!(&done, Err(error) if error.place().line == 0), "{:?}", done);
    }
}
