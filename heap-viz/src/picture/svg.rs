//! A small writer of SVG: elements with attributes, one a line, the same bytes on every machine.

use crate::markup::Escaped;
use std::fmt::{Display, Formatter, Result, Write};

/// A drawing that grows by elements.
#[derive(Debug, Default)]
pub(super) struct Drawing(String);

/// An element whose attributes are being written.
#[derive(Debug)]
#[must_use = "an element must be ended"]
pub(super) struct Element<'d> {
    drawing: &'d mut Drawing,
    name: &'static str,
}

/// A coordinate or a length, in user units with at most one decimal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Units(pub(super) f64);

impl Display for Units {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let tenths = (self.0 * 10.0).round() as i64;
        match tenths % 10 {
            0 => write!(f, "{}", tenths / 10),
            _ => write!(f, "{:.1}", tenths as f64 / 10.0),
        }
    }
}

impl Drawing {
    /// Starts an element.
    pub(super) fn element(&mut self, name: &'static str) -> Element<'_> {
        self.push(format_args!("<{name}"));
        Element { drawing: self, name }
    }

    /// Ends the group opened last.
    pub(super) fn close_group(&mut self) {
        self.push(format_args!("</g>\n"));
    }

    /// Adds everything of another drawing.
    pub(super) fn append(&mut self, other: &Drawing) {
        self.0.push_str(&other.0);
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a string can always be written to");
    }
}

impl Display for Drawing {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.0)
    }
}

impl Element<'_> {
    /// Adds an attribute.
    pub(super) fn with(self, name: &str, value: impl Display) -> Self {
        self.drawing.push(format_args!(" {name}=\"{}\"", Escaped(&value.to_string())));
        self
    }

    /// Adds a number of user units.
    pub(super) fn at(self, name: &str, value: f64) -> Self {
        self.with(name, Units(value))
    }

    /// Ends the element with text in it.
    pub(super) fn text(self, text: &str) {
        let name = self.name;
        self.drawing.push(format_args!(">{}</{name}>\n", Escaped(text)));
    }

    /// Lets the elements to come be within this one, up to [`Drawing::close_group`].
    pub(super) fn open(self) {
        self.drawing.push(format_args!(">\n"));
    }

    /// Ends the element with nothing in it.
    pub(super) fn end(self) {
        self.drawing.push(format_args!("/>\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawing, Units};

    #[test]
    fn elements_stand_one_a_line_and_text_is_no_markup() {
        let mut drawing = Drawing::default();
        drawing.element("g").with("class", "a").open();
        drawing.element("rect").at("x", 1.25).with("class", "b\"<").end();
        drawing.element("text").text("x < y");
        drawing.close_group();
        let expected =
            "<g class=\"a\">\n<rect x=\"1.3\" class=\"b&quot;&lt;\"/>\n<text>x &lt; y</text>\n</g>\n";
        assert_eq!(drawing.to_string(), expected);
    }

    #[test]
    fn units_have_a_decimal_at_most() {
        let written = [3.0, 2.55, -0.04, 0.1 + 0.2, 1e6].map(|number| Units(number).to_string());
        assert_eq!(written, ["3", "2.6", "0", "0.3", "1000000"]);
    }
}
