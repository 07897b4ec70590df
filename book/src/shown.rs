//! Output as a page shows it, against output as it was printed.

/// A line that stands for any number of lines.
const LEFT_OUT: &str = "...";

/// Units that a measured quantity may have one time, and another the next.
const UNITS: [&str; 13] = ["ns", "µs", "ms", "s", "B", "KiB", "MiB", "GiB", "k", "M", "G", "KiB/s", "MiB/s"];

/// How alike two lines must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// To the letter, but for blanks at their ends.
    Exact,
    /// In their words: numbers, units and bars may differ.
    Words,
}

/// Whether a page shows what was printed.
pub(crate) fn is_what_was_printed(shown: &[&str], printed: &[&str], likeness: Likeness) -> bool {
    match (shown.split_first(), printed.split_first()) {
        (None, _) => printed.is_empty(),
        (Some((line, rest)), _) if line.trim() == LEFT_OUT => {
            (0..=printed.len()).any(|left| is_what_was_printed(rest, &printed[left..], likeness))
        }
        (Some(_), None) => false,
        (Some((line, rest)), Some((first, others))) => {
            likeness.holds(line, first) && is_what_was_printed(rest, others, likeness)
        }
    }
}

impl Likeness {
    fn holds(self, shown: &str, printed: &str) -> bool {
        match self {
            Likeness::Exact => shown.trim_end() == printed.trim_end(),
            Likeness::Words => words(shown) == words(printed),
        }
    }
}

/// The words of a line, numbers as `#` and without units.
fn words(line: &str) -> Vec<String> {
    let words = line.split_whitespace().map(without_numbers);
    words.filter(|word| !word.is_empty() && !UNITS.contains(&word.as_str())).collect()
}

/// Digits of a checksum that leave no doubt that it is one.
const CHECKSUM_DIGITS: usize = 16;

/// Digits, with points and commas between them, as one `#`, and so checksums; no signs, no bars.
fn without_numbers(word: &str) -> String {
    if word.len() == CHECKSUM_DIGITS && word.chars().all(|c| c.is_ascii_hexdigit()) {
        return "#".into();
    }
    let mut kept = String::new();
    for c in word.chars() {
        match c {
            '0'..='9' if !kept.ends_with('#') => kept.push('#'),
            '0'..='9' | '+' | '-' | '~' | '\u{2580}'..='\u{259f}' => {}
            '.' | ',' | '_' if kept.ends_with('#') => {}
            _ => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Likeness, is_what_was_printed};

    #[track_caller]
    fn check(shown: &str, printed: &str, exactly: bool, in_words: bool) {
        let [shown, printed] = [shown, printed].map(|text| text.lines().collect::<Vec<_>>());
        let is = |likeness| is_what_was_printed(&shown, &printed, likeness);
        assert_eq!((is(Likeness::Exact), is(Likeness::Words)), (exactly, in_words), "{shown:?} {printed:?}");
    }

    #[test]
    fn exact_output_is_the_same_to_the_letter() {
        check("a  1 ms\nb", "a  1 ms \nb", true, true);
        check("a 1 ms", "a 2 ms", false, true);
        check("a", "a\nb", false, false);
        check("a\nb", "a", false, false);
    }

    #[test]
    fn measured_output_is_the_same_in_its_words() {
        check("minor   5  15.1 µs  ▁▂▃", "minor  11  1.2 ms  █▁", false, true);
        check("minor   5  15.1 µs", "full  11  1.2 ms", false, false);
        check("large (+3.9 %)", "large (-10 %)", false, true);
        check("1,234 of 5", "9 of 17_000.5", false, true);
        check("checksum f9920f3d6be34bd8", "checksum 692881713ea92176", false, true);
        check("a 1", "a", false, false);
    }

    #[test]
    fn dots_stand_for_lines_left_out() {
        check("a\n...\nd", "a\nb\nc\nd", true, true);
        check("a\n  ...\nd", "a\nd", true, true);
        check("...\nb\n...", "a\nb\nc", true, true);
        check("a\n...\nx\nd", "a\nb\nc\nd", false, false);
    }
}
