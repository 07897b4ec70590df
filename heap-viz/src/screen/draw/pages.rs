//! What each page holds, a character each.

use super::{Canvas, Paint, lines_of};
use crate::screen::page_map::{MapPage, PageState};
use crate::screen::state::Screen;
use gc_core::map::AreaKind;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Columns of the name of a space.
const NAME: usize = 7;
/// How full a page is, in eighths.
const FILL: [&str; 9] = ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Spaces, each with the name that it has on a map.
const SPACES: [(&str, &[AreaKind]); 4] = [
    ("from", &[AreaKind::IdleSemispace]),
    ("to", &[AreaKind::ActiveSemispace]),
    ("old", &[AreaKind::OldPage]),
    ("large", &[AreaKind::YoungLarge, AreaKind::OldLarge]),
];

pub(super) fn draw(screen: &Screen, canvas: &mut Canvas<'_, '_>, area: Rect) {
    let Some(map) = &screen.map else { return };
    let columns = usize::from(area.width).saturating_sub(NAME + 1);
    if columns == 0 {
        return;
    }
    let spaces: Vec<_> =
        SPACES.iter().map(|(name, kinds)| (*name, map.pages(kinds).collect::<Vec<_>>())).collect();
    let per_cell = pages_per_cell(
        &spaces.iter().map(|(_, pages)| pages.len()).collect::<Vec<_>>(),
        columns,
        lines_of(area),
    );
    let lines = spaces.iter().flat_map(|(name, pages)| lines(name, &cells(pages, per_cell), columns, canvas));
    let lines = lines.collect();
    canvas.panel(area, &title(per_cell), lines);
}

fn title(per_cell: usize) -> String {
    let unit = if per_cell == 1 { "pages".into() } else { format!("{per_cell} pages each") };
    format!("Map: {unit}, e chosen, » emptied")
}

/// How many pages a character has to stand for, so that spaces of so many pages get by with so many rows, each
/// beginning a row of its own.
fn pages_per_cell(pages: &[usize], columns: usize, rows: usize) -> usize {
    let rows_for = |per_cell: usize| -> usize {
        pages.iter().map(|count| count.div_ceil(per_cell).div_ceil(columns)).sum()
    };
    let is_enough = |per_cell: &usize| rows_for(*per_cell) <= rows;
    let powers = |power| 1_usize << power;
    let most = usize::BITS - 2;
    (0..most).map(powers).find(is_enough).unwrap_or(powers(most))
}

/// Pages that stand for several in a row: as full as these are, and what happens to one happens to all.
fn cells(pages: &[MapPage], per_cell: usize) -> Vec<MapPage> {
    let cell = |pages: &[MapPage]| {
        let eighths = pages.iter().map(|page| usize::from(page.eighths)).sum::<usize>();
        let state = pages.iter().map(|page| page.state).max().unwrap_or(PageState::Settled);
        MapPage { eighths: eighths.div_ceil(pages.len()) as u8, state, ..pages[0] }
    };
    pages.chunks(per_cell).map(cell).collect()
}

fn lines(name: &str, cells: &[MapPage], columns: usize, canvas: &Canvas<'_, '_>) -> Vec<Line<'static>> {
    let line = |(row, cells): (usize, &[MapPage])| {
        let name = if row == 0 { name } else { "" };
        let head = Span::from(format!(" {name:<NAME$}"));
        Line::from_iter(std::iter::once(head).chain(cells.iter().map(|cell| glyph(*cell, canvas))))
    };
    cells.chunks(columns).enumerate().map(line).collect()
}

fn glyph(cell: MapPage, canvas: &Canvas<'_, '_>) -> Span<'static> {
    let (paint, glyph) = match cell.state {
        PageState::Chosen => (Paint::Chosen, "e"),
        PageState::Emptied => (Paint::Chosen, "»"),
        PageState::Settled => (Paint::of_area(cell.kind), FILL[usize::from(cell.eighths.min(8))]),
    };
    canvas.span(paint, glyph)
}

#[cfg(test)]
mod tests {
    use super::pages_per_cell;

    #[test]
    fn a_character_stands_for_as_few_pages_as_there_is_room_for() {
        assert_eq!(pages_per_cell(&[4, 4, 20, 0], 20, 3), 1);
        assert_eq!(pages_per_cell(&[4, 4, 21, 0], 20, 3), 2);
        assert_eq!(pages_per_cell(&[64, 64, 4_000, 10], 40, 5), 64);
        assert!(pages_per_cell(&[64, 64, 4_000, 10], 40, 1) > 4_000);
    }
}
