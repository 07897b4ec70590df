//! What the looks of a figure mean: those that occur in it.

use super::super::layout::{MARGIN, WIDTH};
use super::super::look::Look;
use super::super::svg::Drawing;
use super::mark::Mark;
use super::{Figure, LETTER_WIDTH, LINE_HEIGHT};

/// Side of a swatch.
const SWATCH: f64 = 12.0;

/// Draws the legend below the strips, and tells where it ends.
pub(super) fn draw_legend(drawing: &mut Drawing, figure: &Figure<'_>, marks: &[Mark]) -> f64 {
    let mut pen = Pen { x: MARGIN, y: figure.layout.bottom() + 8.0 };
    for look in Look::ALL {
        if marks.iter().any(|mark| mark.look == look) {
            pen.look(drawing, look);
        }
    }
    let end = figure.scene.end();
    let entries = [
        ("root", "root", end.map().roots().next().is_some()),
        ("reference", "reference", end.map().arrows().next().is_some()),
        ("forward", "has moved to", !figure.scene.moves().is_empty()),
    ];
    entries.iter().filter(|(.., occurs)| *occurs).for_each(|(class, text, _)| pen.line(drawing, class, text));
    if marks.iter().any(|mark| mark.is_remembered) {
        pen.dot(drawing);
    }
    pen.y + SWATCH
}

/// Where the next entry comes.
struct Pen {
    x: f64,
    y: f64,
}

impl Pen {
    fn look(&mut self, drawing: &mut Drawing, look: Look) {
        self.make_room(look.meaning());
        let class = format!("strip {}", look.name());
        let square = |drawing: &mut Drawing, class: &str, fill: Option<&str>| {
            let mut element = drawing.element("rect").with("class", class).at("x", self.x).at("y", self.y);
            if let Some(fill) = fill {
                element = element.with("style", fill);
            }
            element.at("width", SWATCH).at("height", SWATCH).end();
        };
        square(drawing, &class, None);
        match look {
            Look::Garbage | Look::Dead => square(drawing, "", Some("fill:url(#hatch)")),
            Look::Freed => {
                let (x, y) = (self.x, self.y);
                let path = format!("M{x} {y}l12 12M{x} {}l12 -12", y + SWATCH);
                drawing.element("path").with("class", "cross").with("d", path).end();
            }
            _ => {}
        }
        self.text(drawing, look.meaning());
    }

    fn line(&mut self, drawing: &mut Drawing, class: &str, text: &str) {
        self.make_room(text);
        let path = format!("M{} {}h18", self.x - 6.0, self.y + SWATCH / 2.0);
        let arrow = drawing.element("path").with("class", class).with("marker-end", "url(#head)");
        arrow.with("d", path).end();
        self.text(drawing, text);
    }

    fn dot(&mut self, drawing: &mut Drawing) {
        self.make_room("remembered");
        let circle = drawing.element("circle").with("class", "remembered").with("r", 4);
        circle.at("cx", self.x + SWATCH / 2.0).at("cy", self.y + SWATCH / 2.0).end();
        self.text(drawing, "remembered");
    }

    fn make_room(&mut self, text: &str) {
        if self.x + entry_width(text) > WIDTH - MARGIN {
            self.x = MARGIN;
            self.y += LINE_HEIGHT;
        }
    }

    fn text(&mut self, drawing: &mut Drawing, text: &str) {
        let element = drawing.element("text").at("x", self.x + SWATCH + 5.0).at("y", self.y + 10.0);
        element.text(text);
        self.x += entry_width(text);
    }
}

fn entry_width(text: &str) -> f64 {
    SWATCH + 24.0 + text.chars().count() as f64 * LETTER_WIDTH
}
