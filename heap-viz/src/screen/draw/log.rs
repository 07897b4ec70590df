//! The last pauses, one a line, the latest first.

use super::{Canvas, Paint, lines_of};
use crate::collector::Figure;
use crate::pause_cause::PauseCause;
use crate::quantity::{Bytes, Time};
use crate::screen::state::Screen;
use gc_core::event::Pause;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let latest = screen.recent.iter().rev().take(lines_of(area));
    let lines = latest.map(|(pause, cause)| line(screen, canvas, pause, cause)).collect();
    canvas.panel(area, "Last pauses: when, what, how long, heap before and after, why", lines);
}

fn line(screen: &Screen, canvas: &Canvas<'_, '_>, pause: &Pause, cause: &PauseCause) -> Line<'static> {
    let [at, duration] = [pause.start, pause.duration].map(|time| Time(time).to_string());
    let [before, after] = [pause.before, pause.after].map(|usage| Bytes(usage.heap_used()).to_string());
    let promoted =
        Some(pause.work.promoted_bytes).filter(|bytes| *bytes > 0 && screen.tells(Figure::Promotion));
    let promoted = promoted.map_or(String::new(), |bytes| format!(", promoted {}", Bytes(bytes)));
    Line::from(vec![
        format!(" {at:>8} ").into(),
        canvas.span(Paint::of_kind(pause.kind), format!("{:<6}", pause.kind.name())),
        format!(" {duration:>8} {before:>8} > {after:<8} {}{promoted}", cause.name()).into(),
    ])
}
