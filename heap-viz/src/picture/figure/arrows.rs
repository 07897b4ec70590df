//! Arrows: roots from above, references from below, and where objects have gone.

use super::super::layout::{CELL_HEIGHT, Rect};
use super::super::sight::Sight;
use super::super::svg::{Drawing, Units};
use super::mark::Shown;
use super::{Figure, Scene, UseIn};
use gc_core::map::{Arrow, Move, Place};
use gc_core::snapshot::RootKind;
use std::collections::{BTreeMap, BTreeSet};

/// Length of the arrow of a root.
const PIN: f64 = 15.0;

/// Draws all arrows.
pub(super) fn draw_arrows(drawing: &mut Drawing, figure: &Figure<'_>) {
    let arrows = Arrows::of(figure);
    if let Scene::Pause { before, .. } = figure.scene {
        let shown = Shown { from: None, until: Some(figure.scene.last_step()) };
        if figure.use_in == UseIn::Player {
            arrows.draw_map(drawing, before, shown);
        }
    }
    arrows.draw_map(drawing, figure.scene.end(), figure.scene.at_end());
    figure.scene.moves().iter().zip(1..).for_each(|(one, step)| arrows.draw_move(drawing, one, step));
}

struct Arrows<'f> {
    figure: &'f Figure<'f>,
    /// The sizes of what arrows lead to and from.
    sizes: BTreeMap<Place, u64>,
}

impl<'f> Arrows<'f> {
    fn of(figure: &'f Figure<'f>) -> Self {
        let sights = match figure.scene {
            Scene::Still(sight) => vec![sight],
            Scene::Pause { before, after, .. } => vec![before, after],
        };
        let cells = sights.iter().flat_map(|sight| sight.objects());
        Arrows { figure, sizes: cells.map(|(_, cell)| (cell.start, cell.size_bytes)).collect() }
    }

    fn rect(&self, place: Place) -> Option<Rect> {
        let size_bytes = self.sizes.get(&place)?;
        self.figure.layout.rects(place, *size_bytes).first().copied()
    }

    fn draw_map(&self, drawing: &mut Drawing, sight: &Sight, shown: Shown) {
        let roots: BTreeSet<_> = sight.map().roots().map(|root| (root.to, root.kind)).collect();
        for arrow in sight.map().arrows().filter(|arrow| arrow.from != arrow.to) {
            self.draw_reference(drawing, arrow, shown);
        }
        roots.iter().for_each(|(place, kind)| self.draw_root(drawing, *place, *kind, shown));
    }

    /// A root is an arrow out of nothing.
    fn draw_root(&self, drawing: &mut Drawing, place: Place, kind: RootKind, shown: Shown) {
        let Some(rect) = self.rect(place) else { return };
        let across = match kind {
            RootKind::Handle => 0.15,
            RootKind::Persistent => 0.22,
            RootKind::Finalizer => 0.29,
        };
        let (x, y) = (Units(rect.left + (rect.width * across).min(PIN)), Units(rect.top - PIN));
        self.draw(drawing, "root", &format!("M{x} {y}v{}", Units(PIN - 1.0)), shown);
    }

    fn draw_reference(&self, drawing: &mut Drawing, arrow: Arrow, shown: Shown) {
        let (Some(from), Some(to)) = (self.rect(arrow.from), self.rect(arrow.to)) else { return };
        let (start, end) = (from.left + from.width * 0.6, to.left + to.width * 0.4);
        let path =
            if from.top == to.top { below(start, end, from.bottom()) } else { across(start, from, end, to) };
        self.draw(drawing, "reference", &path, shown);
    }

    fn draw_move(&self, drawing: &mut Drawing, one: &Move, step: usize) {
        let (Some(from), Some(to)) = (self.rect(one.from), self.rect(one.to)) else { return };
        let path = if from.top == to.top {
            above(from.centre(), to.centre(), from.top)
        } else {
            across(from.centre(), from, to.centre(), to)
        };
        self.draw(drawing, "forward", &path, Shown::from(step));
    }

    fn draw(&self, drawing: &mut Drawing, class: &str, path: &str, shown: Shown) {
        let element = drawing.element("path").with("class", class).with("d", path);
        self.figure.timed(element.with("marker-end", "url(#head)"), shown).end();
    }
}

/// From one cell of a row to another, below the row.
fn below(start: f64, end: f64, bottom: f64) -> String {
    let depth = bottom + depth(start, end);
    curve((start, bottom), (start, depth), (end, depth), (end, bottom))
}

/// The same above it.
fn above(start: f64, end: f64, top: f64) -> String {
    let height = top - depth(start, end);
    curve((start, top), (start, height), (end, height), (end, top))
}

/// Longer arrows reach further, so that they can be told apart.
fn depth(start: f64, end: f64) -> f64 {
    (8.0 + (start - end).abs() / 24.0).min(24.0)
}

/// From a cell of one row to a cell of another.
fn across(start: f64, from: Rect, end: f64, to: Rect) -> String {
    let is_down = from.top < to.top;
    let (leave, enter) =
        if is_down { (from.top + CELL_HEIGHT, to.top) } else { (from.top, to.top + CELL_HEIGHT) };
    let bend = (enter - leave) / 2.0;
    curve((start, leave), (start, leave + bend), (end, enter - bend), (end, enter))
}

fn curve(start: (f64, f64), first: (f64, f64), second: (f64, f64), end: (f64, f64)) -> String {
    let point = |(x, y)| format!("{} {}", Units(x), Units(y));
    format!("M{}C{} {} {}", point(start), point(first), point(second), point(end))
}
