//! Figures of small heaps, object by object.

mod arrows;
mod legend;
mod mark;
mod text;

use super::layout::{CELL_HEIGHT, Layout, MARGIN, Rect, Strip, WIDTH};
use super::look::Look;
use super::sight::Sight;
use super::svg::{Drawing, Element, Units};
use crate::quantity::Bytes;
use arrows::draw_arrows;
use gc_core::map::{AreaKind, Move};
use legend::draw_legend;
use mark::{Mark, Shown};
use std::fmt::{self, Display, Formatter};
pub(super) use text::lines as text_lines;
pub use text::{TextLine, TextPart};

const STYLE: &str = include_str!("../../../assets/figure.css");
/// Width of a letter, a little more than it takes on average.
const LETTER_WIDTH: f64 = 6.2;
/// Letters in a line of the caption.
const CAPTION_LETTERS: usize = 122;
const LINE_HEIGHT: f64 = 18.0;

/// A figure: a small heap at one moment, or what a pause makes of it. Its `Display` form is SVG.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// Where things are drawn.
    pub layout: &'a Layout,
    /// What is drawn.
    pub scene: Scene<'a>,
    /// What is written below it.
    pub caption: &'a str,
    /// Where it is shown.
    pub use_in: UseIn,
}

/// What a figure shows.
#[derive(Clone, Copy, Debug)]
pub enum Scene<'a> {
    /// A heap at one moment.
    Still(&'a Sight),
    /// A pause.
    Pause {
        /// The heap before it.
        before: &'a Sight,
        /// The heap after it.
        after: &'a Sight,
        /// What it has moved, in this order.
        moves: &'a [Move],
    },
}

/// Where a figure is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseIn {
    /// In a document: a file of its own, with the style in it, and the end of a pause.
    Document,
    /// In a program that draws it as an [image](super::Image), and knows neither variables in styles nor themes.
    Image,
    /// On a page with a player, which has the style: elements say in which steps of a pause they are there, in
    /// `data-from` and `data-until`, and what they are, in `data-tell`.
    Player,
}

impl<'a> Scene<'a> {
    /// The heap as it is in the end.
    fn end(&self) -> &'a Sight {
        match self {
            Scene::Still(sight) => sight,
            Scene::Pause { after, .. } => after,
        }
    }

    /// What is known of the heap in a step: what refers to what changes with the last.
    fn sight_at(&self, step: usize) -> &'a Sight {
        match self {
            Scene::Pause { before, .. } if step < self.last_step() => before,
            _ => self.end(),
        }
    }

    fn moves(&self) -> &'a [Move] {
        match self {
            Scene::Still(_) => &[],
            Scene::Pause { moves, .. } => moves,
        }
    }

    fn marks(&self) -> Vec<Mark> {
        match self {
            Scene::Still(sight) => mark::still(sight),
            Scene::Pause { before, after, moves } => mark::pause(before, after, moves),
        }
    }

    /// The last step: see [`Shown`].
    pub(super) fn last_step(&self) -> usize {
        match self {
            Scene::Still(_) => 0,
            Scene::Pause { moves, .. } => moves.len() + 1,
        }
    }

    /// When the end is there.
    fn at_end(&self) -> Shown {
        match self {
            Scene::Still(_) => Shown::default(),
            Scene::Pause { .. } => Shown::from(self.last_step()),
        }
    }
}

impl Display for Figure<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (body, height) = self.body();
        let width = Units(WIDTH);
        write!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"heap\" viewBox=\"0 0 {width} {height}\" "
        )?;
        writeln!(f, "width=\"{width}\" height=\"{height}\" role=\"img\">")?;
        match self.use_in {
            UseIn::Document => writeln!(f, "<style>{}</style>", document_style())?,
            UseIn::Image => writeln!(f, "<style>{}</style>", image_style())?,
            UseIn::Player => (),
        }
        writeln!(f, "{DEFINITIONS}{body}</svg>")
    }
}

/// The start of the rule for the dark theme.
const DARK_THEME: &str = ":root[data-theme=\"dark\"] .heap {";

const DEFINITIONS: &str = "<defs>
<marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head\" d=\"M0 0.5L8 4L0 7.5z\"/></marker>
<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<path class=\"hatch\" d=\"M0 0V6\"/></pattern>
</defs>
";

/// A document follows the theme of the system: it has no page around it that has one.
fn document_style() -> String {
    let (before, rule, after) = dark_theme();
    let rule = rule.replace(DARK_THEME, ".heap {");
    format!("{before}@media screen and (prefers-color-scheme: dark) {{ {rule} }}{after}")
}

/// Light, with the values of variables in their places.
fn image_style() -> String {
    let (before, _, after) = dark_theme();
    let screen = after.split("@media").next().unwrap_or_default();
    let variables = before.split("--").skip(1).filter_map(|line| line.split(';').next()?.split_once(": "));
    variables.fold(format!("{before}{screen}"), |style, (name, value)| {
        style.replace(&format!("var(--{name})"), value)
    })
}

/// The style: what comes before the rule for the dark theme, that rule, and what comes behind it.
fn dark_theme() -> (&'static str, &'static str, &'static str) {
    let start = STYLE.find(DARK_THEME).expect("the style has a dark theme");
    let end = start + STYLE[start..].find('}').expect("a rule ends") + 1;
    (&STYLE[..start], &STYLE[start..end], &STYLE[end..])
}

impl Figure<'_> {
    /// What is drawn, and the height that it takes.
    fn body(&self) -> (Drawing, Units) {
        let mut drawing = Drawing::default();
        let marks: Vec<_> = self.scene.marks().into_iter().filter(|mark| self.is_drawn(mark.shown)).collect();
        let bottom = draw_legend(&mut drawing, self, &marks);
        let height = self.draw_caption(&mut drawing, bottom) + MARGIN;
        let mut whole = Drawing::default();
        whole
            .element("rect")
            .with("class", "paper")
            .at("width", WIDTH)
            .at("height", height)
            .with("rx", 8)
            .end();
        self.layout.strips().iter().for_each(|strip| self.draw_strip(&mut whole, strip));
        marks.iter().for_each(|mark| self.draw_mark(&mut whole, mark));
        draw_arrows(&mut whole, self);
        whole.append(&drawing);
        (whole, Units(height))
    }

    /// Whether something is drawn at all: a document shows the end.
    fn is_drawn(&self, shown: Shown) -> bool {
        self.use_in == UseIn::Player || shown.until.is_none()
    }

    /// A player is told when an element is there.
    fn timed<'d>(&self, mut element: Element<'d>, shown: Shown) -> Element<'d> {
        if self.use_in == UseIn::Player {
            if let Some(step) = shown.from {
                element = element.with("data-from", step);
            }
            if let Some(step) = shown.until {
                element = element.with("data-until", step);
            }
        }
        element
    }

    fn draw_strip(&self, drawing: &mut Drawing, strip: &Strip) {
        for rect in self.layout.rects(strip.start, strip.shown_bytes) {
            self.place(drawing.element("rect").with("class", "strip"), rect).end();
        }
        let (name, note) = self.title(strip);
        let text = |drawing: &mut Drawing, class: &str, down: f64, text: &str| {
            let element = drawing.element("text").with("class", class).at("x", MARGIN);
            element.at("y", strip.top + down).text(text);
        };
        text(drawing, "strong", 13.0, &name);
        text(drawing, "quiet", 27.0, &note);
    }

    fn place<'d>(&self, element: Element<'d>, rect: Rect) -> Element<'d> {
        let element = element.at("x", rect.left).at("y", rect.top);
        element.at("width", rect.width).at("height", CELL_HEIGHT)
    }

    /// What an area is called, and how large it is.
    fn title(&self, strip: &Strip) -> (String, String) {
        let area = self.scene.end().map().areas().find(|area| area.start == strip.start);
        let is_scavenge = self.is_scavenge();
        let name = match area.map(|area| area.kind) {
            Some(AreaKind::ActiveSemispace) if is_scavenge => "to-space",
            Some(AreaKind::IdleSemispace) if is_scavenge => "from-space",
            Some(AreaKind::ActiveSemispace) => "new space, in use",
            Some(AreaKind::IdleSemispace) => "new space, idle",
            Some(AreaKind::OldPage) => "old space",
            Some(AreaKind::YoungLarge) => "large, young",
            Some(AreaKind::OldLarge) => "large, old",
            None => "not in use",
        };
        let size = Bytes(strip.size_bytes).to_string();
        let note = match strip.shown_bytes < strip.size_bytes {
            true => format!("{} of {size}", Bytes(strip.shown_bytes)),
            false => size,
        };
        (name.into(), note)
    }

    /// Whether the semispaces have swapped their roles.
    fn is_scavenge(&self) -> bool {
        let Scene::Pause { before, after, .. } = self.scene else { return false };
        let active = |sight: &Sight| {
            sight.map().areas().find(|area| area.kind == AreaKind::ActiveSemispace).map(|area| area.start)
        };
        active(before) != active(after)
    }

    fn draw_mark(&self, drawing: &mut Drawing, mark: &Mark) {
        let rects = self.layout.rects(mark.place, mark.size_bytes);
        let mut group = self.timed(drawing.element("g").with("class", "cell"), mark.shown);
        if self.use_in == UseIn::Player {
            group = group.with("data-tell", tell(mark));
        }
        group.open();
        rects.iter().for_each(|rect| self.draw_cell(drawing, mark.look, *rect));
        let Some(first) = rects.first() else { return drawing.close_group() };
        draw_label(drawing, mark, *first);
        if mark.is_remembered {
            let circle = drawing.element("circle").with("class", "remembered");
            circle.at("cx", first.left + first.width - 5.0).at("cy", first.top + 6.0).with("r", 4).end();
        }
        drawing.close_group();
    }

    fn draw_cell(&self, drawing: &mut Drawing, look: Look, rect: Rect) {
        self.place(drawing.element("rect").with("class", look.name()), rect).end();
        match look {
            Look::Garbage | Look::Dead => {
                self.place(drawing.element("rect").with("style", "fill:url(#hatch);stroke:none"), rect).end();
            }
            Look::Freed => draw_cross(drawing, rect),
            _ => {}
        }
    }

    fn draw_caption(&self, drawing: &mut Drawing, bottom: f64) -> f64 {
        let mut y = bottom;
        for line in lines(self.caption, CAPTION_LETTERS) {
            y += LINE_HEIGHT;
            drawing.element("text").with("class", "caption").at("x", MARGIN).at("y", y).text(&line);
        }
        y
    }
}

fn draw_cross(drawing: &mut Drawing, rect: Rect) {
    let (left, right) = (Units(rect.left + 2.0), Units(rect.left + rect.width - 2.0));
    let (top, bottom) = (Units(rect.top + 2.0), Units(rect.bottom() - 2.0));
    let path = format!("M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}");
    drawing.element("path").with("class", "cross").with("d", path).end();
}

/// The name of an object and its age, as far as there is room.
fn draw_label(drawing: &mut Drawing, mark: &Mark, rect: Rect) {
    let class = format!("on-{}", mark.look.name());
    let mut line = |down: f64, text: String| {
        let element = drawing.element("text").with("class", &class).with("text-anchor", "middle");
        element.at("x", rect.centre()).at("y", rect.top + down).text(&text);
    };
    let Some(label) = fitting(&mark.label, rect.width) else { return };
    let age = format!("age {}", mark.age);
    let age = match mark.look {
        Look::Aged | Look::Garbage | Look::Moved if mark.age > 0 => fitting(&age, rect.width).map(|_| age),
        _ => None,
    };
    match age {
        Some(age) => {
            line(14.0, label);
            line(27.0, age);
        }
        None => line(20.0, label),
    }
}

/// A text cut to what fits a width, if something of it does.
fn fitting(text: &str, width: f64) -> Option<String> {
    let room = ((width - 2.0) / LETTER_WIDTH) as usize;
    let length = text.chars().count();
    match room {
        _ if length == 0 => None,
        room if room >= length => Some(text.into()),
        0..3 => None,
        room => Some(text.chars().take(room - 1).chain(['…']).collect()),
    }
}

/// What a player says of a cell.
fn tell(mark: &Mark) -> String {
    let what = if mark.look == Look::Free { "free" } else { &mark.label };
    let kind = if mark.label == mark.type_name { String::new() } else { format!(" ({})", mark.type_name) };
    let age = if mark.age > 0 { format!(", age {}", mark.age) } else { String::new() };
    let remembered = if mark.is_remembered { ", remembered" } else { "" };
    let (place, size, look) = (mark.place.0, Bytes(mark.size_bytes), mark.look.meaning());
    format!("{what}{kind}\n{look}{age}{remembered}\n{size:#} at {place:#x}")
}

/// A text in lines of so many letters at most, but for words that are longer.
fn lines(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.into()),
        }
    }
    lines
}
