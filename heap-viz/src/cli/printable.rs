//! Text that does nothing to a terminal but to appear on it.

use regex::Regex;
use std::sync::LazyLock;

/// Colours, as reports have them.
static COLOURS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\x1b\[[0-9;]*m").expect("it is well-formed"));

/// `text` with a sign in place of each character that terminals obey: names in foreign files may hold any.
pub(crate) fn printable(text: &str) -> String {
    let is_harmless = |char: char| !char.is_control() || matches!(char, '\n' | '\t');
    text.chars().map(|char| if is_harmless(char) { char } else { '\u{fffd}' }).collect()
}

/// The same, but for colours.
pub(crate) fn printable_in_colours(text: &str) -> String {
    let (mut printed, mut end) = (String::with_capacity(text.len()), 0);
    for colour in COLOURS.find_iter(text) {
        printed += &printable(&text[end..colour.start()]);
        printed += colour.as_str();
        end = colour.end();
    }
    printed + &printable(&text[end..])
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
