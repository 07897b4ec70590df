//! How fast things go.

use super::Canvas;
use crate::collector::Figure;
use crate::quantity::{Bytes, Time};
use crate::screen::state::Screen;
use ratatui::layout::Rect;
use ratatui::text::Line;

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let rates = screen.rates();
    let per_second = |bytes: f64| format!("{}/s", Bytes(bytes as u64));
    let mut lines = vec![line("allocation", &per_second(rates.allocated_bytes))];
    if screen.tells(Figure::Promotion) {
        lines.push(line("promotion", &per_second(rates.promoted_bytes)));
        lines.push(line("survival", &rates.survival.to_string()));
    }
    lines.push(line("in pauses", &rates.in_pauses.to_string()));
    if let Some((pause, _)) = screen.last().filter(|_| screen.tells(Figure::Remembered)) {
        lines.push(line("remembered", &pause.remembered_entries.to_string()));
    }
    canvas.panel(area, &format!("Rates over {}", Time(rates.window)), lines);
}

fn line(name: &str, figure: &str) -> Line<'static> {
    Line::from(format!(" {name:<11} {figure:>12}"))
}
