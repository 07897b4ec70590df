//! Text that does nothing to a terminal but to appear on it.

use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Colours, or another character that is for terminals to obey.
static OBEYED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\x1b\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\u{9f}]").expect("it is well-formed")
});

/// `text` with a sign in place of each character that terminals obey: names in foreign files may hold any.
pub(crate) fn printable(text: &str) -> String {
    let is_harmless = |char: char| !char.is_control() || matches!(char, '\n' | '\t');
    text.chars().map(|char| if is_harmless(char) { char } else { '\u{fffd}' }).collect()
}

/// The same, but for colours, as reports have them.
pub(crate) fn printable_in_colours(text: &str) -> Cow<'_, str> {
    OBEYED.replace_all(text, |found: &Captures<'_>| {
        found.get(1).map_or("\u{fffd}", |colour| colour.as_str()).to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{printable, printable_in_colours};

    #[test]
    fn what_terminals_obey_is_replaced_and_colours_stay() {
        assert_eq!(printable("a\tb\nc"), "a\tb\nc");
        assert_eq!(printable_in_colours("\x1b[1;31mred\x1b[0m"), "\x1b[1;31mred\x1b[0m");
        assert_eq!(printable("\x1b[1;31mred\x1b[0m"), "\u{fffd}[1;31mred\u{fffd}[0m");
        assert_eq!(
            printable("\x07 \x1b]0;title\x07 \x1b[2J \u{9b}2J \r"),
            "\u{fffd} \u{fffd}]0;title\u{fffd} \u{fffd}[2J \u{fffd}2J \u{fffd}"
        );
    }
}
