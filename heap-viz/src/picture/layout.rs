//! Where the pieces of a small heap are drawn: the same address always at the same place.

use super::sight::Sight;
use gc_core::map::{Area, AreaKind, Place};
use std::collections::BTreeMap;

/// Width of a row of memory, in user units.
pub(super) const ROW_WIDTH: f64 = 736.0;
/// Height of a cell.
pub(super) const CELL_HEIGHT: f64 = 32.0;
/// From row to row: above a cell there is room for the arrows of roots, below it for those of references.
const ROW_PITCH: f64 = CELL_HEIGHT + 30.0;
/// Room above the first row of a strip.
const ROOM_ABOVE: f64 = 18.0;
/// Where rows start: titles stand to their left.
pub(super) const ROW_LEFT: f64 = 136.0;
/// Room around everything.
pub(super) const MARGIN: f64 = 12.0;
/// Width of a figure.
pub(super) const WIDTH: f64 = ROW_LEFT + ROW_WIDTH + MARGIN;

/// Rows may stand for so many bytes: from a few small objects to a page.
const ROW_BYTES: [u64; 10] =
    [1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18];
/// The narrowest object is to be so wide at least, if there is room: a short name fits.
const LEGIBLE_WIDTH: f64 = 40.0;
/// More rows are no figure any more.
const MAX_ROWS: u64 = 14;
/// More objects are none either.
const MAX_OBJECTS: usize = 400;

/// Where everything is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    row_bytes: u64,
    strips: Vec<Strip>,
}

/// The rows of one area.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strip {
    pub(super) start: Place,
    /// What is shown of it: some whole rows, or all.
    pub(super) shown_bytes: u64,
    pub(super) size_bytes: u64,
    /// Where its first row is.
    pub(super) top: f64,
    pub(super) rows: u64,
}

/// A rectangle, in user units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
}

impl Rect {
    pub(super) fn centre(self) -> f64 {
        self.left + self.width / 2.0
    }

    pub(super) fn bottom(self) -> f64 {
        self.top + CELL_HEIGHT
    }
}

/// What an area needs at most, over all sights.
#[derive(Clone, Copy, Debug)]
struct Extent {
    size_bytes: u64,
    used_bytes: u64,
    is_large: bool,
    is_new: bool,
}

impl Layout {
    /// A layout for all of `sights`, if they are small enough to be drawn object by object.
    #[must_use]
    pub fn of<'s>(sights: impl Iterator<Item = &'s Sight>) -> Option<Layout> {
        let (mut extents, mut least_bytes) = (BTreeMap::new(), u64::MAX);
        for sight in sights {
            if sight.objects().count() > MAX_OBJECTS {
                return None;
            }
            sight.map().areas().for_each(|area| widen(&mut extents, area));
            least_bytes = sight.objects().map(|(_, cell)| cell.size_bytes).fold(least_bytes, u64::min);
        }
        level_semispaces(&mut extents);
        let rows = |row_bytes| extents.values().map(|extent| extent.rows(row_bytes)).sum::<u64>();
        let possible: Vec<_> =
            ROW_BYTES.into_iter().filter(|row_bytes| rows(*row_bytes) <= MAX_ROWS).collect();
        let is_legible =
            |row_bytes: &&u64| least_bytes as f64 * ROW_WIDTH >= **row_bytes as f64 * LEGIBLE_WIDTH;
        let row_bytes = *possible.iter().rfind(is_legible).or(possible.first())?;
        Some(Layout { row_bytes, strips: strips(&extents, row_bytes) })
    }

    /// The strips, from top to bottom.
    pub(super) fn strips(&self) -> &[Strip] {
        &self.strips
    }

    /// Where the last row ends.
    pub(super) fn bottom(&self) -> f64 {
        self.strips.last().map_or(MARGIN, Strip::bottom)
    }

    /// Where a piece of memory is drawn: a rectangle in each row that it touches. What is beyond the rows shown is not.
    pub(super) fn rects(&self, place: Place, size_bytes: u64) -> Vec<Rect> {
        let Some(strip) = self.strip(place) else { return Vec::new() };
        let start = place.0 - strip.start.0;
        let end = (start + size_bytes).min(strip.shown_bytes);
        let rows = start / self.row_bytes..end.div_ceil(self.row_bytes);
        rows.map(|row| self.rect(strip, row, start, end)).collect()
    }

    fn strip(&self, place: Place) -> Option<&Strip> {
        let behind = self.strips.partition_point(|strip| strip.start <= place);
        let strip = &self.strips[behind.checked_sub(1)?];
        (place.0 < strip.start.0 + strip.size_bytes).then_some(strip)
    }

    fn rect(&self, strip: &Strip, row: u64, start: u64, end: u64) -> Rect {
        let first = row * self.row_bytes;
        let units = |bytes: u64| (bytes - first) as f64 * ROW_WIDTH / self.row_bytes as f64;
        let (left, right) = (units(start.max(first)), units(end.min(first + self.row_bytes)));
        Rect { left: ROW_LEFT + left, top: strip.top + row as f64 * ROW_PITCH, width: right - left }
    }
}

impl Strip {
    fn bottom(&self) -> f64 {
        self.top + (self.rows - 1) as f64 * ROW_PITCH + CELL_HEIGHT + ROOM_ABOVE
    }
}

impl Extent {
    /// Large objects are cut short: there is nothing to be seen in them.
    fn rows(&self, row_bytes: u64) -> u64 {
        if self.is_large { 1 } else { self.used_bytes.div_ceil(row_bytes).max(1) }
    }
}

fn widen(extents: &mut BTreeMap<Place, Extent>, area: &Area) {
    let used_bytes = area.cells.iter().map(|cell| cell.size_bytes).sum();
    // A page whose rest is one free run is used up to there.
    let used_bytes = match area.cells.last() {
        Some(last) if last.content == gc_core::map::Content::Free => last.start.0 - area.start.0,
        _ => used_bytes,
    };
    let is_large = matches!(area.kind, AreaKind::YoungLarge | AreaKind::OldLarge);
    let is_new = matches!(area.kind, AreaKind::ActiveSemispace | AreaKind::IdleSemispace);
    let own = Extent { size_bytes: area.size_bytes, used_bytes, is_large, is_new };
    let extent = extents.entry(area.start).or_insert(own);
    extent.size_bytes = extent.size_bytes.max(area.size_bytes);
    extent.used_bytes = extent.used_bytes.max(used_bytes);
    extent.is_large &= is_large;
}

/// Both semispaces are shown to the same length: they swap their roles.
fn level_semispaces(extents: &mut BTreeMap<Place, Extent>) {
    let semispaces = || |extent: &&mut Extent| extent.is_new;
    let used_bytes = extents.values().filter(|extent| extent.is_new).map(|extent| extent.used_bytes).max();
    for extent in extents.values_mut().filter(semispaces()) {
        extent.used_bytes = used_bytes.unwrap_or(0).min(extent.size_bytes);
    }
}

fn strips(extents: &BTreeMap<Place, Extent>, row_bytes: u64) -> Vec<Strip> {
    let mut top = MARGIN + ROOM_ABOVE;
    let mut strips = Vec::new();
    for (start, extent) in extents {
        let rows = extent.rows(row_bytes);
        let shown_bytes = extent.size_bytes.min(rows * row_bytes);
        let strip = Strip { start: *start, shown_bytes, size_bytes: extent.size_bytes, top, rows };
        top = strip.bottom() + ROOM_ABOVE;
        strips.push(strip);
    }
    strips
}
