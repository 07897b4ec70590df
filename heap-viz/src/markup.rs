//! Text that stands in pages and pictures, and what all pages have.

use serde::Serialize;
use std::fmt::{self, Display, Formatter, Write};

/// The style of all pages.
pub(crate) const STYLE: &str = include_str!("../assets/report.css");
/// What the scripts of all pages use.
const ELEMENTS: &str = include_str!("../assets/elements.js");

/// Writes a page up to its body, which a script will fill.
pub(crate) fn begin_page(f: &mut Formatter<'_>, title: &str, styles: &[&str]) -> fmt::Result {
    f.write_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")?;
    f.write_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
    writeln!(f, "<title>{}</title>", Escaped(title))?;
    writeln!(f, "<style>{}</style>\n</head>\n<body>", styles.join("\n"))?;
    f.write_str("<main id=\"page\"></main>\n")
}

/// Writes the rest of a page: the figures, as JSON, and the scripts that show them.
pub(crate) fn end_page(f: &mut Formatter<'_>, figures: &impl Serialize, scripts: &[&str]) -> fmt::Result {
    let figures = serde_json::to_string(figures).map_err(|_| fmt::Error)?;
    writeln!(f, "<script type=\"application/json\" id=\"figures\">{}</script>", InScript(&figures))?;
    for script in [ELEMENTS].iter().chain(scripts) {
        writeln!(f, "<script>{script}</script>")?;
    }
    f.write_str("</body>\n</html>\n")
}

/// Text that cannot be taken for markup, in an element or an attribute.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '&' => f.write_str("&amp;"),
            '"' => f.write_str("&quot;"),
            char => f.write_char(char),
        })
    }
}

/// JSON that cannot end the script which it stands in: a `<` occurs within strings only.
struct InScript<'a>(&'a str);

impl Display for InScript<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace('<', "\\u003c"))
    }
}
