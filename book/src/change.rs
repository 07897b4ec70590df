//! A change of a file, as a walk-through shows it.

/// The line between two places that are changed.
const BETWEEN: &str = "@@";

/// The file after the change: in each place the lines that stay (` `) and go (`-`), found once in the file, become those
/// that stay and come (`+`). Lines need no numbers, so that a page remains right as long as the places themselves do.
///
/// # Errors
/// What cannot be done, in words.
pub(crate) fn changed(file: &str, diff: &str) -> Result<String, String> {
    let lines: Vec<_> = diff.lines().collect();
    lines.split(|line| *line == BETWEEN).try_fold(file.to_owned(), |file, place| change(&file, place))
}

fn change(file: &str, place: &[&str]) -> Result<String, String> {
    let (old, new) = (side(place, '-')?, side(place, '+')?);
    match file.matches(&old).count() {
        1 => Ok(file.replacen(&old, &new, 1)),
        count => Err(format!("these lines are there {count} times, not once:\n{old}")),
    }
}

/// The lines that stay, and those that begin with `sign`.
fn side(place: &[&str], sign: char) -> Result<String, String> {
    let mut side = String::new();
    for line in place {
        let (first, rest) = line.split_at_checked(1).unwrap_or((" ", ""));
        match first {
            " " => side += &format!("{rest}\n"),
            "-" | "+" if first.starts_with(sign) => side += &format!("{rest}\n"),
            "-" | "+" => {}
            _ => return Err(format!("a line of a change starts with a blank, `-` or `+`, not as `{line}`")),
        }
    }
    Ok(side)
}

#[cfg(test)]
mod tests {
    use super::changed;

    const FILE: &str = "one\ntwo\n\nthree\ntwo\nfour\n";

    #[track_caller]
    fn check(diff: &str, expected: Result<&str, &str>) {
        let found = changed(FILE, diff);
        match expected {
            Ok(expected) => assert_eq!(found.as_deref(), Ok(expected)),
            Err(part) => assert!(found.clone().is_err_and(|text| text.contains(part)), "{found:?}"),
        }
    }

    #[test]
    fn places_are_found_by_their_lines() {
        check(" one\n+new\n two\n", Ok("one\nnew\ntwo\n\nthree\ntwo\nfour\n"));
        check("-two\n+2\n four\n@@\n-one\n", Ok("two\n\nthree\n2\nfour\n"));
        check("\n-three\n", Ok("one\ntwo\n\ntwo\nfour\n"));
    }

    #[test]
    fn a_place_that_is_not_there_once_is_a_mistake() {
        check("-two\n", Err("2 times"));
        check(" five\n+six\n", Err("0 times"));
        check("five\n", Err("starts with"));
    }
}
