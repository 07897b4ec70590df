//! Why there were pauses.

use super::{Canvas, Paint, lines_of};
use crate::quantity::{Count, Time};
use crate::screen::state::Screen;
use ratatui::layout::Rect;
use ratatui::text::Line;
use std::cmp::Reverse;

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let mut causes: Vec<_> = screen.timeline.collections.iter().collect();
    causes.sort_by_key(|(_, tally)| Reverse(tally.total));
    let line = |((kind, cause), tally): &(&(_, crate::PauseCause), &crate::timeline::Tally)| {
        let (count, total) = (Count(tally.count as f64).to_string(), Time(tally.total).to_string());
        Line::from(vec![
            canvas.span(Paint::of_kind(*kind), format!(" {:<6}", kind.name())),
            format!(" {count:>6} {total:>8}  {}", cause.name()).into(),
        ])
    };
    let lines = causes.iter().take(lines_of(area)).map(line).collect();
    canvas.panel(area, "Causes, by time", lines);
}
