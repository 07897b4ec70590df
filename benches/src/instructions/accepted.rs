//! What has been accepted: a file that is checked in.

use std::fmt;
use std::str::FromStr;

/// The instructions that each case took when somebody said that this was right, and the compiler of that time.
///
/// In text a line says `compiler` and its version, and one for each case its name and its count; `#` starts a remark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accepted {
    /// What the compiler called itself.
    pub compiler: String,
    counts: Vec<(String, f64)>,
}

/// A line that does not say what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(String);

impl Accepted {
    /// These counts, by a compiler.
    #[must_use]
    pub fn new<'c>(compiler: String, counts: impl IntoIterator<Item = (&'c str, f64)>) -> Self {
        Accepted { compiler, counts: counts.into_iter().map(|(name, count)| (name.into(), count)).collect() }
    }

    /// The count of the case called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.counts.iter().find(|(case, _)| case == name).map(|(_, count)| *count)
    }
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# Instructions of an operation, checked by `.ci/instructions`. Written by `.ci/instructions --accept`."
        )?;
        writeln!(f, "compiler {}", self.compiler)?;
        self.counts.iter().try_for_each(|(name, count)| writeln!(f, "{name} {count:.2}"))
    }
}

impl FromStr for Accepted {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        let mut accepted = Accepted::default();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let error = || ReadError(line.into());
            let (name, value) = line.split_once(' ').ok_or_else(error)?;
            match name {
                "compiler" => accepted.compiler = value.into(),
                name => accepted.counts.push((name.into(), value.parse().map_err(|_| error())?)),
            }
        }
        Ok(accepted)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "neither a remark nor a name and a count: {:?}", self.0)
    }
}

impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::Accepted;

    #[test]
    fn what_was_accepted_is_read_as_it_was_written() {
        let accepted = Accepted::new("rustc 1.0 (x 1)".into(), [("one", 1.5), ("other", 12.0)]);
        assert_eq!(accepted.to_string().parse(), Ok(accepted.clone()));
        assert_eq!((accepted.get("other"), accepted.get("third")), (Some(12.0), None));
    }

    #[test]
    fn a_line_without_a_count_is_refused() {
        for line in ["one", "one x"] {
            let error = line.parse::<Accepted>().expect_err("it has no count");
            assert!(error.to_string().ends_with(&format!("{line:?}")), "{error}");
        }
    }
}
