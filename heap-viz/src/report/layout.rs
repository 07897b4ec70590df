//! Lines of 80 columns.

use std::fmt::{self, Formatter};

/// Columns of a report.
pub(super) const WIDTH: usize = 80;
/// Columns of a heading, before the first figure.
pub(super) const HEADING: usize = 16;
/// Columns of the name of a row.
pub(super) const NAME: usize = HEADING - 4;

/// Starts a line.
pub(super) fn heading(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    write!(f, "  {name:<0$}", HEADING - 2)
}

/// Starts a block of rows.
pub(super) fn columns(f: &mut Formatter<'_>, name: &str, names: &[&str]) -> fmt::Result {
    writeln!(f)?;
    line(f, &format!("  {name}"), names.iter().map(ToString::to_string))
}

pub(super) fn row(
    f: &mut Formatter<'_>,
    name: &str,
    figures: impl IntoIterator<Item = String>,
) -> fmt::Result {
    line(f, &format!("    {name}"), figures)
}

/// A name and figures that line up under each other.
fn line(f: &mut Formatter<'_>, name: &str, figures: impl IntoIterator<Item = String>) -> fmt::Result {
    let mut line = format!("{name:<HEADING$}");
    figures.into_iter().for_each(|figure| line += &format!("{figure:>9}"));
    writeln!(f, "{}", line.trim_end())
}

/// A heading and words, as many to a line as fit.
pub(super) fn list(
    f: &mut Formatter<'_>,
    name: &str,
    words: impl IntoIterator<Item = String>,
) -> fmt::Result {
    let mut lines = vec![String::new()];
    for word in words {
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            *last = word;
        } else if HEADING + last.chars().count() + 2 + word.chars().count() < WIDTH {
            *last += &format!(", {word}");
        } else {
            *last += ",";
            lines.push(word);
        }
    }
    heading(f, name)?;
    writeln!(f, "{}", lines.join(&format!("\n{:HEADING$}", "")))
}

/// A number and what it is a number of.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
