//! Drawing a screen. Where there is little room, what matters least is left out.

mod arrange;
mod bars;
mod causes;
mod header;
mod help;
mod log;
mod pages;
mod palette;
mod rates;
mod spaces;
mod step;

use super::state::Screen;
use arrange::{Panels, arrange};
use palette::Paint;
pub use palette::Palette;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};
pub use step::draw_step;

/// Draws a screen on all of a frame, however small that is.
pub fn draw(screen: &Screen, palette: Palette, frame: &mut Frame<'_>) {
    let canvas = &mut Canvas { palette, frame };
    let panels = arrange(canvas.frame.area(), screen.map.is_some());
    header::draw(screen, canvas, panels.header);
    if screen.shows_help {
        return help::draw(canvas, panels.body);
    }
    let Panels { spaces, pauses, rates, map, causes, log, .. } = panels;
    if let Some(area) = spaces {
        spaces::draw(screen, canvas, area);
    }
    if let Some(area) = pauses {
        bars::draw(screen, canvas, area);
    }
    if let Some(area) = rates {
        rates::draw(screen, canvas, area);
    }
    if let Some(area) = map {
        pages::draw(screen, canvas, area);
    }
    if let Some(area) = causes {
        causes::draw(screen, canvas, area);
    }
    if let Some(area) = log {
        log::draw(screen, canvas, area);
    }
}

/// What is drawn on.
struct Canvas<'c, 'f> {
    palette: Palette,
    frame: &'c mut Frame<'f>,
}

impl Canvas<'_, '_> {
    /// A panel: a title, and lines below it. What does not fit is cut off.
    fn panel(&mut self, area: Rect, title: &str, lines: Vec<Line<'_>>) {
        let title = self.span(Paint::Title, format!(" {title} "));
        let block =
            Block::new().borders(Borders::TOP).title(title).border_style(self.palette.style(Paint::Faint));
        self.frame.render_widget(Paragraph::new(lines).block(block), area);
    }

    fn span<'t>(&self, paint: Paint, text: impl Into<std::borrow::Cow<'t, str>>) -> Span<'t> {
        Span::styled(text, self.palette.style(paint))
    }
}

/// The lines that a panel of this area has below its title.
fn lines_of(area: Rect) -> usize {
    area.height.saturating_sub(1).into()
}
