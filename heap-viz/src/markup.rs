//! Text that stands in pages and pictures.

use std::fmt::{self, Display, Formatter, Write};

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
pub(crate) struct InScript<'a>(pub(crate) &'a str);

impl Display for InScript<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace('<', "\\u003c"))
    }
}
