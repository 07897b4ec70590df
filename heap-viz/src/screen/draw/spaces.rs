//! How full each space is.

use super::{Canvas, Paint};
use crate::collector::Figure;
use crate::quantity::Bytes;
use crate::screen::state::Screen;
use gc_core::event::Usage;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Columns of the name of a space.
const NAME: usize = 14;
/// The same where there is little room.
const SHORT_NAME: usize = 6;
/// What is little room.
const NARROW: usize = 40;
/// Columns of its figures.
const FIGURES: usize = 24;
/// A shorter bar says nothing.
const LEAST_BAR: usize = 8;

/// How full one is.
struct Fill {
    name: &'static str,
    short_name: &'static str,
    paint: Paint,
    /// Before the last pause.
    before: u64,
    /// After it.
    now: u64,
    /// When it is full; none if that is not known.
    limit: Option<u64>,
    /// What is told in figures.
    figure: u64,
}

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let lines = fills(screen).iter().map(|fill| fill.line(canvas, area.width.into())).collect();
    canvas.panel(area, &title(screen), lines);
}

fn title(screen: &Screen) -> String {
    let full =
        screen.timeline.old_limit_bytes.map(|limit| format!("next full collection at {:#}", Bytes(limit)));
    let most = screen.max_old_bytes().map(|most| format!("most {:#}", Bytes(most)));
    let limits: Vec<_> = full.into_iter().chain(most).collect();
    if limits.is_empty() { "Spaces".into() } else { format!("Spaces: old, {}", limits.join(", ")) }
}

fn fills(screen: &Screen) -> Vec<Fill> {
    let before = screen.last().map_or(screen.usage, |(pause, _)| pause.before);
    if screen.tells(Figure::Spaces) { by_space(screen, &before) } else { vec![whole(screen, &before)] }
}

/// A heap of which only the whole is told.
fn whole(screen: &Screen, before: &Usage) -> Fill {
    let limit = screen.tells(Figure::Capacity).then(|| screen.usage.heap_total());
    let (before, now) = (before.heap_used(), screen.usage.heap_used());
    Fill::new(["heap", "heap"], Paint::Old, before, now).within(limit)
}

fn by_space(screen: &Screen, before: &Usage) -> Vec<Fill> {
    let now = &screen.usage;
    // Between two scavenges from-space is empty: it is shown as the last one found it.
    let from = screen.scavenge.map_or(Usage::default(), |[before, _]| before);
    let semispace = |usage: &Usage| Some(usage.new_total / 2).filter(|bytes| *bytes > 0);
    let all_pages = Some(now.old_total + now.large_total).filter(|_| screen.tells(Figure::Capacity));
    let old_limit = screen.timeline.old_limit_bytes.or(screen.max_old_bytes()).or(all_pages);
    let emptied = Fill::new(["from-space", "from"], Paint::Young, from.new_used, 0);
    let mut fills = vec![
        Fill { figure: from.new_used, ..emptied.within(semispace(&from)) },
        Fill::new(["to-space", "to"], Paint::Young, now.new_used, now.new_used).within(semispace(now)),
        Fill::new(["old space", "old"], Paint::Old, before.old_used, now.old_used).within(old_limit),
        Fill::new(["large objects", "large"], Paint::Large, before.large_used, now.large_used)
            .within(old_limit),
    ];
    if screen.tells(Figure::External) {
        fills.push(Fill::new(["external", "ext"], Paint::Large, before.external, now.external));
    }
    fills
}

impl Fill {
    fn new([name, short_name]: [&'static str; 2], paint: Paint, before: u64, now: u64) -> Fill {
        Fill { name, short_name, paint, before, now, limit: None, figure: now }
    }

    fn within(self, limit: Option<u64>) -> Fill {
        Fill { limit, ..self }
    }

    /// Name, bar and figures; where there is little room, without the bar.
    fn line(&self, canvas: &Canvas<'_, '_>, width: usize) -> Line<'static> {
        let name = match width {
            ..NARROW => format!(" {:<SHORT_NAME$}", self.short_name),
            _ => format!(" {:<NAME$}", self.name),
        };
        let figure = Bytes(self.figure).to_string();
        let figures = match self.limit {
            Some(limit) => format!("{figure:>9} of {:#}", Bytes(limit)),
            None => format!("{figure:>9}"),
        };
        let bar_width = width.saturating_sub(name.len() + 1 + FIGURES);
        match self.limit {
            Some(limit) if bar_width >= LEAST_BAR => {
                let [full, was, free] = self.bar(limit, bar_width);
                let bar = canvas.span(self.paint, full + &was);
                Line::from(vec![
                    name.into(),
                    bar,
                    canvas.span(Paint::Faint, free),
                    format!(" {figures}").into(),
                ])
            }
            _ => {
                let room = if bar_width >= LEAST_BAR { bar_width + 1 } else { 0 };
                Line::from(format!("{name}{:room$}{figures}", ""))
            }
        }
    }

    /// The parts of the bar: what is there, what the pause has taken away, what is free.
    fn bar(&self, limit: u64, width: usize) -> [String; 3] {
        let columns = |bytes: u64| (share(bytes, limit) * width as f64).ceil() as usize;
        let now = columns(self.now);
        let before = columns(self.before).max(now);
        ["█".repeat(now), "▒".repeat(before - now), "·".repeat(width - before)]
    }
}

fn share(bytes: u64, limit: u64) -> f64 {
    (bytes as f64 / limit.max(1) as f64).min(1.0)
}
