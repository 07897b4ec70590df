//! "Did you mean".

/// The candidate that differs least from `word`, if a third of it at most is wrong.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distances =
        candidates.into_iter().map(|candidate| (strsim::osa_distance(word, candidate), candidate));
    let (distance, candidate) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance * 3 <= candidate.chars().count().max(3)).then_some(candidate)
}

/// A tip that names the nearest of `candidates`, or else all of them.
pub(crate) fn did_you_mean(word: &str, candidates: &[&str], what: &str) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => format!("{what} are `{}`", candidates.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, ["initial", "max", "to_space_percent"]), expected, "for {word}");
    }

    #[test]
    fn slips_are_recognised() {
        check("inital", Some("initial"));
        check("intiial", Some("initial"));
        check("mx", Some("max"));
        check("to_space_percentage", Some("to_space_percent"));
    }

    #[test]
    fn other_words_are_not() {
        check("colour", None);
        check("", None);
    }

    #[test]
    fn of_no_candidates_none_is_near() {
        assert_eq!(nearest("max", []), None);
    }
}
