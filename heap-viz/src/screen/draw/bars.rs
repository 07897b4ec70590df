//! Pauses as they happen, one bar each.

use super::{Canvas, Paint, lines_of};
use crate::quantity::{Count, Time};
use crate::screen::state::Screen;
use gc_core::event::{Nanos, PauseKind};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Columns left of the bars: the lengths of time that the highest and the lowest stand for.
const SCALE: usize = 8;
/// Eighths of a row.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let rows = lines_of(area).saturating_sub(1);
    let columns = usize::from(area.width).saturating_sub(SCALE + 1);
    let skip = screen.recent.len().saturating_sub(columns);
    let pauses: Vec<_> =
        screen.recent.iter().skip(skip).map(|(pause, _)| (pause.kind, pause.duration)).collect();
    let mut lines = vec![figures(screen)];
    lines.extend(bars(&pauses, rows, canvas));
    canvas.panel(area, "Pauses: scavenges, S steps, F full", lines);
}

fn figures(screen: &Screen) -> Line<'static> {
    let all = screen.timeline.pauses.percentiles();
    let figures = [("p50", all.p50), ("p99", all.p99), ("worst", all.max)];
    let figures = figures.map(|(name, time)| format!("{name} {}", Time(time))).join("  ");
    Line::from(format!(" {}  {figures}", Count(all.count as f64)))
}

/// The bars in rows, from the top. They are logarithmic: each row of a decade stands for the same factor. In the
/// lowest row, letters tell what was not just a scavenge.
fn bars(pauses: &[(PauseKind, Nanos)], rows: usize, canvas: &Canvas<'_, '_>) -> Vec<Line<'static>> {
    let durations = || pauses.iter().map(|(_, duration)| *duration);
    let (Some(least), Some(most)) = (durations().min(), durations().max()) else { return Vec::new() };
    let Some(bar_rows) = rows.checked_sub(1).filter(|rows| *rows > 0) else { return Vec::new() };
    let scale = Scale::holding(least, most);
    let row = |row: usize| {
        let label = match row {
            0 => Time(scale.most()).to_string(),
            _ if row + 1 == bar_rows => Time(scale.least()).to_string(),
            _ => String::new(),
        };
        let label = format!("{label:>SCALE$} ");
        let bars = pauses.iter().map(|(kind, duration)| {
            let eighths = scale.eighths(*duration, bar_rows);
            let above = 8 * (bar_rows - 1 - row);
            Span::styled(
                EIGHTHS[eighths.saturating_sub(above).min(8)].to_string(),
                canvas.palette.style(Paint::of_kind(*kind)),
            )
        });
        Line::from_iter(std::iter::once(canvas.span(Paint::Faint, label)).chain(bars))
    };
    let letters: String = pauses.iter().map(|(kind, _)| letter(*kind)).collect();
    let letters = Line::from(format!("{:SCALE$} {letters}", ""));
    (0..bar_rows).map(row).chain([letters]).collect()
}

fn letter(kind: PauseKind) -> char {
    match kind {
        PauseKind::Minor => '·',
        PauseKind::Step => 'S',
        PauseKind::Full | PauseKind::Finish => 'F',
    }
}

/// The largest power of ten that 64 bits hold.
const MOST_POWER: u32 = 19;

/// Powers of ten of nanoseconds between which bars stand.
struct Scale {
    from: u32,
    to: u32,
}

impl Scale {
    fn holding(least: Nanos, most: Nanos) -> Scale {
        let from = least.0.max(1).ilog10().min(MOST_POWER - 1);
        Scale {
            from,
            to: (most.0.max(1) - 1).checked_ilog10().map_or(0, |log| log + 1).clamp(from + 1, MOST_POWER),
        }
    }

    fn least(&self) -> Nanos {
        Nanos(10_u64.pow(self.from))
    }

    fn most(&self) -> Nanos {
        Nanos(10_u64.pow(self.to))
    }

    /// The height of a bar: whatever there is has an eighth.
    fn eighths(&self, duration: Nanos, rows: usize) -> usize {
        let decades = (duration.0.max(1) as f64).log10() - f64::from(self.from);
        let eighths = decades / f64::from(self.to - self.from) * (8 * rows) as f64;
        (eighths.round() as usize).clamp(1, 8 * rows)
    }
}

#[cfg(test)]
mod tests {
    use super::{Nanos, Scale};

    #[track_caller]
    fn check(least: u64, most: u64, expected: (u32, u32)) {
        let scale = Scale::holding(Nanos(least), Nanos(most));
        assert_eq!((scale.from, scale.to), expected);
        for duration in [least, most] {
            assert!((1..=32).contains(&scale.eighths(Nanos(duration), 4)));
        }
    }

    #[test]
    fn bars_stand_between_powers_of_ten() {
        check(0, 0, (0, 1));
        check(1_000, 1_000, (3, 4));
        check(999, 1_001, (2, 4));
        check(15_000, 9_999_999, (4, 7));
        check(u64::MAX, u64::MAX, (18, 19));
    }
}
