//! Lines of a text report.

use super::style::{Paint, Style};
use crate::wrapped::wrapped;
use std::fmt::{self, Formatter, Write};

/// Where a report is written, and how it looks.
pub(super) struct Sheet<'a, 'b> {
    pub(super) out: &'a mut Formatter<'b>,
    pub(super) style: Style,
}

impl Write for Sheet<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.out.write_str(text)
    }
}

impl Sheet<'_, '_> {
    /// Columns between the headings and the end of the line.
    pub(super) fn body_width(&self) -> usize {
        self.style.width - HEADING
    }
}

/// Columns of a heading, before the first figure.
pub(super) const HEADING: usize = 16;
/// Columns of the name of a row.
pub(super) const NAME: usize = HEADING - 4;

/// Starts a line.
pub(super) fn heading(f: &mut Sheet<'_, '_>, name: &str) -> fmt::Result {
    painted_heading(f, Paint::Heading, name)
}

fn painted_heading(f: &mut Sheet<'_, '_>, paint: Paint, name: &str) -> fmt::Result {
    let heading = f.style.paint(paint, name);
    let blanks = (HEADING - 2).saturating_sub(name.chars().count());
    write!(f, "  {heading}{:blanks$}", "")
}

/// A heading of some colour and sentences beside it, each beginning a line.
pub(super) fn paragraph(
    f: &mut Sheet<'_, '_>,
    paint: Paint,
    name: &str,
    sentences: &[String],
) -> fmt::Result {
    painted_heading(f, paint, name)?;
    let lines: Vec<_> = sentences.iter().flat_map(|sentence| wrapped(sentence, f.body_width())).collect();
    writeln!(f, "{}", lines.join(&format!("\n{:HEADING$}", "")))
}

/// Starts a block of rows.
pub(super) fn columns(f: &mut Sheet<'_, '_>, name: &str, names: &[&str]) -> fmt::Result {
    writeln!(f)?;
    heading(f, name)?;
    let names: String = names.iter().map(|name| format!("{name:>9}")).collect();
    writeln!(f, "{}", names.trim_end())
}

pub(super) fn row(
    f: &mut Sheet<'_, '_>,
    name: &str,
    figures: impl IntoIterator<Item = String>,
) -> fmt::Result {
    let mut line = format!("{:<HEADING$}", format!("    {name}"));
    figures.into_iter().for_each(|figure| line += &format!("{figure:>9}"));
    writeln!(f, "{}", line.trim_end())
}

/// A heading and words, as many to a line as fit.
pub(super) fn list(
    f: &mut Sheet<'_, '_>,
    name: &str,
    words: impl IntoIterator<Item = String>,
) -> fmt::Result {
    let mut lines = vec![String::new()];
    for word in words {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            *last = word;
        } else if last.chars().count() + 2 + word.chars().count() < f.body_width() {
            *last += &format!(", {word}");
        } else {
            *last += ",";
            lines.push(word);
        }
    }
    heading(f, name)?;
    writeln!(f, "{}", lines.join(&format!("\n{:HEADING$}", "")))
}
