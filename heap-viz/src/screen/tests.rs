//! Whole screens, as text. `BLESS=1` writes what is drawn now, to be looked at and kept.

use super::{MapPage, PageMap, PageState, Palette, Screen, Speed, Told, draw};
use crate::collector::{Collector, Figure};
use crate::pause_cause::PauseCause;
use crate::record::sample;
use crate::run::{RunInfo, Setting, SettingValue};
use gc_core::event::{Cause, Event, Pause};
use gc_core::map::AreaKind;
use proptest::prelude::{any, proptest};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Color;
use std::path::Path;

fn info() -> RunInfo {
    let max_old = SettingValue::Integer(64 << 20);
    RunInfo {
        workload: "trees".into(),
        settings: vec![Setting::new("max_old_bytes", max_old.clone(), &max_old)],
        ..RunInfo::default()
    }
}

fn paused(pause: Pause) -> Told {
    let cause = pause.cause.into();
    Told::Paused(Box::new(pause), cause)
}

fn map() -> PageMap {
    let page = |kind, eighths, state| MapPage { kind, eighths, state };
    let settled = |kind| move |eighths| page(kind, eighths, PageState::Settled);
    let mut pages = vec![page(AreaKind::IdleSemispace, 0, PageState::Emptied); 4];
    pages.extend([8, 3, 0, 0].map(settled(AreaKind::ActiveSemispace)));
    pages.extend((0..90).map(|n| n % 9).map(settled(AreaKind::OldPage)));
    pages.extend([
        page(AreaKind::OldPage, 1, PageState::Chosen),
        page(AreaKind::OldPage, 0, PageState::Emptied),
    ]);
    pages.extend([8, 8, 8, 2].map(settled(AreaKind::OldLarge)));
    PageMap::from_pages(pages)
}

/// A run of Tenure with 200 pauses of all kinds.
fn screen() -> Screen {
    let mut screen = Screen::new(Speed::default());
    screen.take(Told::Started(Box::new(info())));
    sample::events().into_iter().take(2).for_each(|event| screen.take(Told::Event(event)));
    for n in 0..200 {
        let pause = if n % 10 == 5 { sample::step(n, Cause::MarkingDue) } else { sample::pause(n) };
        screen.take(paused(pause));
    }
    screen.take(Told::Map(map()));
    screen.set_share_done(0.25);
    screen
}

/// A run of another runtime, whose log tells little.
fn foreign() -> Screen {
    let untold = vec![Figure::Spaces, Figure::Promotion, Figure::Remembered, Figure::External];
    let collector = Some(Collector { name: "Go".into(), untold });
    let mut screen = Screen::default();
    screen.take(Told::Started(Box::new(RunInfo { collector, ..info() })));
    for n in 0..20 {
        screen.take(Told::Paused(
            Box::new(sample::pause(n)),
            PauseCause::foreign(Cause::Requested, "a word of its own"),
        ));
    }
    screen
}

fn drawn(screen: &Screen, palette: Palette, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("memory takes everything");
    terminal.draw(|frame| draw(screen, palette, frame)).expect("memory takes everything");
    terminal.backend().buffer().clone()
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width.max(1));
    let lines =
        buffer.content.chunks(width).map(|cells| cells.iter().map(|cell| cell.symbol()).collect::<String>());
    lines.map(|line| line.trim_end().to_string() + "\n").collect()
}

/// Compares what is drawn with the file of this name.
#[track_caller]
fn check(name: &str, screen: &Screen, size: (u16, u16)) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/screen/drawn/{name}.txt"));
    let found = text(&drawn(screen, Palette::PLAIN, size));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).expect("the folder can be written to");
    }
    let expected = std::fs::read_to_string(&path).expect("the file is there");
    assert!(found == expected, "{}:\n{found}\nis expected to be\n{expected}", path.display());
}

#[test]
fn screens_of_all_sizes_look_as_they_did() {
    check("wide", &screen(), (120, 40));
    check("usual", &screen(), (80, 30));
    check("low", &screen(), (80, 24));
    check("narrow", &screen(), (50, 36));
    check("small", &screen(), (40, 10));
    check("tiny", &screen(), (20, 5));
}

#[test]
fn what_a_log_does_not_tell_is_left_out() {
    check("foreign", &foreign(), (80, 24));
}

#[test]
fn a_screen_says_how_a_run_has_ended() {
    let mut passed = screen();
    passed.take(Told::Ended(Box::new(sample::run_end())));
    assert!(passed.has_ended());
    check("passed", &passed, (80, 24));
    let mut broken = screen();
    broken.break_off("gc.jsonl: line 9: the line is cut off");
    check("broken", &broken, (80, 24));
}

#[test]
fn keys_are_explained_and_a_held_heap_says_so() {
    let mut screen = screen();
    screen.press('?');
    screen.press(' ');
    check("help", &screen, (80, 24));
}

#[test]
fn a_screen_that_knows_nothing_is_empty() {
    check("empty", &Screen::default(), (80, 24));
}

#[test]
fn the_next_run_of_a_file_begins_anew() {
    let mut screen = screen();
    screen.take(Told::Ended(Box::new(sample::run_end())));
    screen.take(Told::Started(Box::new(info())));
    assert!(!screen.has_ended());
    let text = text(&drawn(&screen, Palette::PLAIN, (80, 24)));
    assert!(text.contains("run 2") && text.contains(" 0  p50"), "{text}");
    assert_eq!(screen.into_reports().len(), 1);
}

#[test]
fn without_colours_there_are_none_and_the_text_is_the_same() {
    let has_colour = |buffer: &Buffer| {
        buffer.content.iter().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
    };
    let [plain, coloured] =
        [Palette::PLAIN, Palette::COLOURED].map(|palette| drawn(&screen(), palette, (120, 40)));
    assert_eq!([&plain, &coloured].map(has_colour), [false, true]);
    assert_eq!(text(&plain), text(&coloured));
}

proptest! {
    #[test]
    fn no_screen_is_too_small(width in 0_u16..140, height in 0_u16..50, helps: bool) {
        let mut screen = screen();
        if helps {
            screen.press('?');
        }
        drawn(&screen, Palette::COLOURED, (width, height));
        drawn(&foreign(), Palette::COLOURED, (width, height));
        drawn(&Screen::default(), Palette::COLOURED, (width, height));
    }

    #[test]
    fn no_figure_is_too_large(start in any::<u64>(), duration in any::<u64>(), bytes in any::<u64>()) {
        let mut pause = Pause { start: gc_core::event::Nanos(start), duration: gc_core::event::Nanos(duration), allocated_bytes_before: bytes, ..sample::pause(1) };
        pause.work.promoted_bytes = bytes;
        pause.before.new_used = bytes;
        let mut screen = screen();
        screen.take(paused(pause.clone()));
        screen.take(Told::Event(Event::OldLimitSet { at: pause.start, limit_bytes: bytes }));
        drawn(&screen, Palette::PLAIN, (120, 40));
    }
}
