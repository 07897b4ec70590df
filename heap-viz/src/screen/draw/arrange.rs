//! Where everything goes, by how much room there is.

use ratatui::layout::Rect;

/// Rows of the panel of spaces, with its title.
const SPACES: u16 = 6;
/// Least rows of each of the others.
const PAUSES: u16 = 6;
const RATES: u16 = 6;
const MAP: u16 = 6;
const CAUSES: u16 = 4;
const LOG: u16 = 4;
/// From so many columns on there are two columns of panels.
const WIDE: u16 = 110;
/// From so many columns on rates stand beside pauses.
const ROOMY: u16 = 64;
const RATES_WIDTH: u16 = 30;

/// Where everything goes; nowhere, if there is no room for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Panels {
    pub(super) header: Rect,
    /// All below the header.
    pub(super) body: Rect,
    pub(super) spaces: Option<Rect>,
    pub(super) pauses: Option<Rect>,
    pub(super) rates: Option<Rect>,
    pub(super) map: Option<Rect>,
    pub(super) causes: Option<Rect>,
    pub(super) log: Option<Rect>,
}

/// Where everything goes in `area`.
pub(super) fn arrange(area: Rect, has_map: bool) -> Panels {
    let (header, body) = cut(area, 1);
    let panels = if body.width >= WIDE { two_columns(body, has_map) } else { one_column(body, has_map) };
    Panels { header, body, ..panels }
}

fn two_columns(body: Rect, has_map: bool) -> Panels {
    let left_width = body.width * 5 / 8;
    let left = Rect { width: left_width, ..body };
    let right = Rect { x: body.x + left_width + 1, width: body.width - left_width - 1, ..body };
    let [spaces, pauses, log] = stack(left, [SPACES, PAUSES, LOG], [0, 2, 3]);
    let [rates, map, causes] = stack(right, [RATES, if has_map { MAP } else { 0 }, CAUSES], [0, 2, 1]);
    Panels { spaces, pauses, log, rates, map, causes, ..Panels::default() }
}

fn one_column(body: Rect, has_map: bool) -> Panels {
    let is_roomy = body.width >= ROOMY;
    let rates = if is_roomy { 0 } else { RATES };
    let map = if has_map { MAP } else { 0 };
    let least = [SPACES, PAUSES, LOG, map, rates, CAUSES];
    let [spaces, pauses, log, map, mut rates, causes] = stack(body, least, [0, 2, 3, 1, 0, 1]);
    let mut bars = pauses;
    if let Some(both) = pauses.filter(|_| is_roomy) {
        let width = both.width - RATES_WIDTH - 1;
        bars = Some(Rect { width, ..both });
        rates = Some(Rect { x: both.x + width + 1, width: RATES_WIDTH, ..both });
    }
    Panels { spaces, pauses: bars, log, map, rates, causes, ..Panels::default() }
}

/// Panels one below the other, in order of importance: those are left out for which there is no room. What is left is
/// theirs by their weights. The first is there in any case, cut short if need be.
fn stack<const N: usize>(area: Rect, least: [u16; N], weights: [u16; N]) -> [Option<Rect>; N] {
    let mut left = area.height;
    let mut heights = least.map(|_| 0);
    for (height, least) in heights.iter_mut().zip(least) {
        if least <= left || left == area.height {
            *height = least.min(left);
            left -= *height;
        }
    }
    spread(left, &mut heights, &weights);
    let mut rest = area;
    heights.map(|height| {
        let (panel, below) = cut(rest, height);
        rest = below;
        (panel.height > 0 && panel.width > 0).then_some(panel)
    })
}

/// Gives `rows` to panels that are there, by their weights; the odd ones to the last.
fn spread(rows: u16, heights: &mut [u16], weights: &[u16]) {
    let there: Vec<_> = (0..heights.len()).filter(|&one| heights[one] > 0 && weights[one] > 0).collect();
    let sum: u16 = there.iter().map(|&one| weights[one]).sum();
    let mut left = rows;
    for &one in &there {
        let share = rows * weights[one] / sum;
        heights[one] += share;
        left -= share;
    }
    if let Some(&last) = there.last() {
        heights[last] += left;
    }
}

/// The first rows of an area, and the rest of it.
fn cut(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let first = Rect { height: rows, ..area };
    (first, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

#[cfg(test)]
mod tests {
    use super::{Panels, arrange};
    use proptest::prelude::{prop_assert, proptest};
    use ratatui::layout::Rect;

    fn all(panels: &Panels) -> impl Iterator<Item = Rect> {
        let Panels { header, spaces, pauses, rates, map, causes, log, .. } = *panels;
        [Some(header), spaces, pauses, rates, map, causes, log].into_iter().flatten()
    }

    #[track_caller]
    fn check_shown(width: u16, height: u16, expected: [bool; 6]) {
        let Panels { spaces, pauses, rates, map, causes, log, .. } =
            arrange(Rect::new(0, 0, width, height), true);
        assert_eq!([spaces, pauses, rates, map, causes, log].map(|panel| panel.is_some()), expected);
    }

    #[test]
    fn what_matters_least_is_left_out_first() {
        check_shown(120, 40, [true; 6]);
        check_shown(80, 30, [true; 6]);
        check_shown(80, 24, [true, true, true, true, false, true]);
        check_shown(60, 18, [true, true, false, false, false, true]);
        check_shown(40, 10, [true, false, false, false, false, false]);
        check_shown(20, 5, [true, false, false, false, false, false]);
        check_shown(20, 1, [false; 6]);
    }

    proptest! {
        #[test]
        fn panels_lie_within_the_screen_and_apart(width in 0_u16..300, height in 0_u16..120, has_map: bool) {
            let area = Rect::new(0, 0, width, height);
            let panels: Vec<_> = all(&arrange(area, has_map)).collect();
            for (index, panel) in panels.iter().enumerate() {
                prop_assert!(area.intersection(*panel) == *panel, "{panel:?} in {area:?}");
                prop_assert!(panels[..index].iter().all(|other| !other.intersects(*panel)), "{panels:?}");
            }
        }
    }
}
