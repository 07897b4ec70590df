//! A small heap as text: a line for each area, with a box for each object.

use super::super::layout::{Layout, Strip};
use super::super::look::Look;
use super::super::sight::Sight;
use super::mark::Mark;
use super::{Figure, Scene, UseIn};
use crate::quantity::Bytes;
use gc_core::map::{Place, RootArrow};
use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

/// Columns of the name of an area.
const NAME: usize = 19;
/// Columns of a line.
const COLUMNS: usize = 100;
/// References that are listed.
const MOST_REFERENCES: usize = 24;

/// A line of a picture in text. Its `Display` form has no colours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextLine(pub Vec<TextPart>);

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPart {
    /// The text.
    pub text: String,
    /// What it shows, if it is a piece of the heap.
    pub look: Option<Look>,
}

impl Display for TextLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| f.write_str(&part.text))
    }
}

impl TextLine {
    /// A line that begins with a name, or below one.
    fn named(name: &str) -> Self {
        TextLine(vec![TextPart { text: format!("{name:<NAME$}"), look: None }])
    }

    fn columns(&self) -> usize {
        self.0.iter().map(|part| part.text.chars().count()).sum()
    }
}

/// What a scene shows in one of its steps.
pub(in super::super) fn lines(layout: &Layout, scene: Scene<'_>, step: usize) -> Vec<TextLine> {
    let figure = Figure { layout, scene, caption: "", use_in: UseIn::Player };
    let mut marks: Vec<_> = scene.marks().into_iter().filter(|mark| mark.shown.is_at(step)).collect();
    marks.sort_by_key(|mark| mark.place);
    let mut lines: Vec<_> =
        layout.strips().iter().flat_map(|strip| strip_lines(&figure, strip, &marks)).collect();
    lines.extend(reference_lines(scene.sight_at(step)));
    lines
}

fn strip_lines(figure: &Figure<'_>, strip: &Strip, marks: &[Mark]) -> Vec<TextLine> {
    let is_inside = |mark: &&Mark| (strip.start.0..strip.start.0 + strip.size_bytes).contains(&mark.place.0);
    let boxes =
        marks.iter().filter(is_inside).map(|mark| TextPart { text: text(mark), look: Some(mark.look) });
    let (name, _) = figure.title(strip);
    wrapped(&name, boxes.collect())
}

/// An object: its name, what it looks like, and a star if it is remembered.
fn text(mark: &Mark) -> String {
    let star = if mark.is_remembered { "*" } else { "" };
    match mark.look {
        Look::Free => format!("[free {}]", Bytes(mark.size_bytes)),
        Look::Young | Look::Aged => format!("[{}{star} age {}]", mark.label, mark.age),
        look => format!("[{}{star} {}]", mark.label, look.name()),
    }
}

fn reference_lines(sight: &Sight) -> Vec<TextLine> {
    let name = |place: Place| sight.label(place);
    let roots: BTreeSet<_> = sight.map().roots().map(|RootArrow { to, .. }| to).collect();
    let arrows = sight.map().arrows().take(MOST_REFERENCES);
    let arrows = arrows.map(|arrow| format!("{}.{} > {}", name(arrow.from), arrow.word, name(arrow.to)));
    let mut lines = wrapped("roots", listed(roots.into_iter().map(name).collect()));
    let arrows = listed(arrows.collect());
    if !arrows.is_empty() {
        lines.extend(wrapped("references", arrows));
    }
    lines
}

/// Texts with commas between them.
fn listed(mut texts: Vec<String>) -> Vec<TextPart> {
    let behind_last = texts.len().saturating_sub(1);
    texts[..behind_last].iter_mut().for_each(|text| text.push(','));
    texts.into_iter().map(|text| TextPart { text, look: None }).collect()
}

/// Parts with spaces between them, in as many lines as they take.
fn wrapped(name: &str, parts: Vec<TextPart>) -> Vec<TextLine> {
    let mut lines = vec![TextLine::named(name)];
    for part in parts {
        let last = lines.last_mut().expect("there is a first");
        if last.0.len() > 1 && last.columns() + 1 + part.text.chars().count() > COLUMNS {
            lines.push(TextLine::named(""));
        }
        let last = lines.last_mut().expect("there is a first");
        last.0.push(TextPart { text: " ".into(), look: None });
        last.0.push(part);
    }
    lines
}
