//! The page on scripts: its lessons run, and its tables are complete.

use crate::configs::heap;
use gc_core::{Config, Stress};
use workloads::teach::{Audience, Collected, FIGURES, SETTINGS, Script, ScriptError, Stage, WORDS};

const PAGE: &str = include_str!("../../../docs/scripts.md");

/// All lessons, each with the number of the line of the page before it.
fn lessons() -> Vec<(usize, String)> {
    let mut lessons: Vec<(usize, String)> = Vec::new();
    let mut is_inside = false;
    for (number, line) in (1..).zip(PAGE.lines()) {
        match line {
            "```tenure" => {
                is_inside = true;
                lessons.push((number, String::new()));
            }
            "```" => is_inside = false,
            _ if is_inside => lessons.last_mut().expect("one has begun").1 += &format!("{line}\n"),
            _ => {}
        }
    }
    lessons
}

fn script(before: usize, text: &str) -> Script {
    Script::parse(text).unwrap_or_else(|error| panic!("docs/scripts.md, {before} + {error}"))
}

#[test]
fn every_lesson_is_so() {
    assert_eq!(lessons().len(), PAGE.matches("\n### ").count(), "a script for each heading");
    assert!(lessons().len() >= 12);
    for (before, text) in lessons() {
        let summary = script(before, &text).run(&mut |_| ());
        let summary = summary.unwrap_or_else(|error| panic!("docs/scripts.md, {before} + {error}"));
        assert!(summary.asserts >= 2 && summary.collections >= 1, "docs/scripts.md:{before}: {summary:?}");
    }
}

#[test]
fn lessons_hold_while_the_heap_is_verified() {
    for (before, text) in lessons() {
        let script = script(before, &text);
        let stress = Stress { verify: true, poison: true, ..Stress::default() };
        let mut heap = heap(Config { stress, ..script.config().clone() });
        let done = script.run_on(&mut heap, &mut |_| ());
        assert!(done.is_ok(), "docs/scripts.md, {before} + {done:?}");
        heap.collect_full();
        assert_eq!(heap.usage().heap_used(), 0, "docs/scripts.md:{before}: variables end with the script");
    }
}

#[test]
fn lessons_are_the_same_each_time() {
    for (before, text) in lessons() {
        let told = || {
            let mut told = Vec::new();
            let done = script(before, &text).run(&mut |collected| told.push(format!("{collected:?}")));
            (done, told)
        };
        assert_eq!(told(), told(), "docs/scripts.md:{before}");
    }
}

/// Keeps what a lesson is answered.
#[derive(Default)]
struct Answers(String);

impl Audience for Answers {
    fn collected(&mut self, _: &Collected) {}

    fn stepped(&mut self, _: &Stage<'_>) {}

    fn answered(&mut self, answer: &str) {
        self.0 += answer;
    }
}

/// The answers that the page gives behind the lesson that begins after a line, if it gives any.
fn answers_told(before: usize) -> String {
    let lines =
        PAGE.lines().skip(before).skip_while(|line| *line != "```").take_while(|line| !line.starts_with('#'));
    let told = lines.skip_while(|line| *line != "```text").skip(1).take_while(|line| *line != "```");
    told.map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_a_lesson_asks_is_answered_as_the_page_tells() {
    let mut count = 0;
    for (before, text) in lessons() {
        let script = script(before, &text);
        let mut heap = heap(script.config().clone());
        let mut answers = Answers::default();
        script.run_before(&mut heap, &mut answers).expect("it is so");
        assert_eq!(answers.0, answers_told(before), "docs/scripts.md:{before}");
        count += u32::from(!answers.0.is_empty());
    }
    assert!(count >= 1);
}

/// Each assert of a figure of this text, as another text in which that figure is one more, and the line that it is in.
fn falsified(text: &str) -> Vec<(u32, String)> {
    let lines: Vec<_> = text.lines().collect();
    let mut falsified = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let code = line.split('#').next().unwrap_or_default();
        for assert in code.split(';').map(str::trim).filter(|statement| statement.starts_with("assert ")) {
            let Some((start, last)) = assert.rsplit_once(' ') else { continue };
            let Ok(number) = last.replace('_', "").parse::<u64>() else { continue };
            if start.ends_with('=') {
                continue;
            }
            let mut changed: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            changed[index] = line.replacen(assert, &format!("{start} {}", number + 1), 1);
            falsified.push((index as u32 + 1, changed.join("\n")));
        }
    }
    falsified
}

#[test]
fn what_a_lesson_asserts_would_be_noticed_if_it_were_not_so() {
    let mut count = 0;
    for (before, text) in lessons() {
        for (line, changed) in falsified(&text) {
            let done = script(before, &changed).run(&mut |_| ());
            let is_noticed = matches!(&done, Err(ScriptError::Failed { place, .. }) if place.line == line);
            assert!(is_noticed, "docs/scripts.md, {before} + {line}: {done:?}");
            count += 1;
        }
    }
    assert!(count >= 40, "{count}");
}

/// The first two columns of the table whose first heading is `heading`.
fn table(heading: &str) -> Vec<(String, String)> {
    let start = PAGE.find(&format!("\n| {heading} | ")).expect("the table is there");
    let rows = PAGE[start + 1..].lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.trim_matches('|').split_once(" | ").expect("two columns"));
    cells.map(|(name, about)| (name.trim_matches([' ', '`']).into(), about.trim().into())).collect()
}

#[test]
fn the_page_tells_all_figures_settings_and_words() {
    let own = |name: &str, about: &str| (name.to_owned(), about.to_owned());
    assert_eq!(table("figure"), FIGURES.map(|figure| own(figure.name, figure.about)));
    assert_eq!(table("setting"), SETTINGS.map(|setting| own(setting.name, setting.about)));
    let language = &PAGE[PAGE.find("## The language").expect("the chapter is there")..];
    let told: Vec<_> = language.split(|c: char| !c.is_alphanumeric()).collect();
    WORDS.iter().for_each(|word| assert!(told.contains(word), "`{word}` is missing"));
}
