//! What keys do.

use super::{Canvas, Paint};
use crate::screen::key::KEYS;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let line = |(key, deed): (&'static str, &'static str)| {
        Line::from(vec![canvas.span(Paint::Title, format!(" {key:<7}")), deed.into()])
    };
    let lines: Vec<_> = KEYS.into_iter().map(line).collect();
    canvas.panel(area, "Keys", lines);
}
