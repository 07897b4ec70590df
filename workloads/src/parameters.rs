//! The parameters of a workload.

use std::fmt;

/// One thing about a workload that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// How it is written in `name=value`.
    pub name: &'static str,
    /// What one of it is: "nodes", "bytes", "percent".
    pub unit: &'static str,
    /// What it decides, in one line.
    pub about: &'static str,
    /// Its value if nothing else is said.
    pub default: u64,
    /// The least value.
    pub min: u64,
    /// The greatest value.
    pub max: u64,
}

/// The parameter that every workload has. Workloads that make no random choice ignore it.
pub const SEED: Parameter = Parameter {
    name: "seed",
    unit: "number",
    about: "the stream that random choices are drawn from",
    default: 1,
    min: 0,
    max: u64::MAX,
};

/// A value for each parameter of a workload, and for [`SEED`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters {
    values: Vec<(Parameter, u64)>,
}

impl Parameters {
    /// The defaults of `declared` and of [`SEED`], changed by `overrides` of the form `name=value`.
    ///
    /// Values are decimal; underscores may separate digits. Of two overrides of one parameter the later counts.
    ///
    /// # Errors
    /// The first override that is malformed, names no declared parameter or gives a value outside its range.
    pub fn parse<I>(declared: &[Parameter], overrides: I) -> Result<Self, ParameterError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut parameters = Parameters::defaults(declared);
        for text in overrides {
            parameters.set(text.as_ref())?;
        }
        Ok(parameters)
    }

    /// The defaults of `declared` and of [`SEED`].
    #[must_use]
    pub fn defaults(declared: &[Parameter]) -> Self {
        let values =
            declared.iter().chain([&SEED]).map(|parameter| (*parameter, parameter.default)).collect();
        Parameters { values }
    }

    /// The value of the parameter called `name`.
    ///
    /// # Panics
    /// If no such parameter is declared.
    #[must_use]
    pub fn get(&self, name: &str) -> u64 {
        let found = self.values.iter().find(|(parameter, _)| parameter.name == name);
        found.map(|(_, value)| *value).unwrap_or_else(|| panic!("no parameter `{name}` is declared"))
    }

    /// The value of the parameter called `name`, whose range lies within `u32`.
    ///
    /// # Panics
    /// If no such parameter is declared, or if its range is wider than that.
    #[must_use]
    pub fn get_u32(&self, name: &str) -> u32 {
        u32::try_from(self.get(name)).unwrap_or_else(|_| panic!("`{name}` must be declared to fit 32 bits"))
    }

    /// The value of [`SEED`].
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.get(SEED.name)
    }

    /// Every parameter with its value, in order of declaration, the seed last.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Parameter, u64)> + '_ {
        self.values.iter().map(|(parameter, value)| (parameter, *value))
    }

    fn set(&mut self, text: &str) -> Result<(), ParameterError> {
        let Some((name, value)) = text.split_once('=') else {
            return Err(ParameterError::NotAnAssignment { text: text.to_owned() });
        };
        let known = self.values.iter().map(|(parameter, _)| parameter.name).collect();
        let Some((parameter, slot)) =
            self.values.iter_mut().find(|(parameter, _)| parameter.name == name.trim())
        else {
            return Err(ParameterError::Unknown { name: name.trim().to_owned(), known });
        };
        *slot = parameter.read(value.trim())?;
        Ok(())
    }
}

impl Parameter {
    fn read(&self, text: &str) -> Result<u64, ParameterError> {
        let digits = text.replace('_', "");
        let Ok(value) = digits.parse() else {
            return Err(ParameterError::NotANumber { name: self.name, text: text.to_owned() });
        };
        if (self.min..=self.max).contains(&value) {
            Ok(value)
        } else {
            Err(ParameterError::OutOfRange { parameter: *self, value })
        }
    }
}

/// As overrides: `depth=16 seed=1`.
impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (parameter, value)) in self.values.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            write!(f, "{separator}{}={value}", parameter.name)?;
        }
        Ok(())
    }
}

/// An override that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterError {
    /// It has no `=`.
    NotAnAssignment {
        /// The override as written.
        text: String,
    },
    /// The workload has no parameter of this name.
    Unknown {
        /// The name as written.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The value is not a whole number that fits 64 bits.
    NotANumber {
        /// The parameter.
        name: &'static str,
        /// The value as written.
        text: String,
    },
    /// The value lies outside the parameter's range.
    OutOfRange {
        /// The parameter.
        parameter: Parameter,
        /// The value as written.
        value: u64,
    },
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterError::NotAnAssignment { text } => write!(f, "`{text}` is not of the form `name=value`"),
            ParameterError::Unknown { name, known } if known.is_empty() => {
                write!(f, "there is no parameter `{name}`, nor any other")
            }
            ParameterError::Unknown { name, known } => {
                write!(f, "there is no parameter `{name}`; there are `{}`", known.join("`, `"))
            }
            ParameterError::NotANumber { name, text } => {
                write!(f, "`{name}` must be a whole number, not `{text}`")
            }
            ParameterError::OutOfRange { parameter: Parameter { name, unit, min, max, .. }, value } => {
                write!(f, "`{name}` is {value}, but must lie between {min} and {max} ({unit})")
            }
        }
    }
}

impl std::error::Error for ParameterError {}

#[cfg(test)]
mod tests {
    use super::{Parameter, Parameters};

    const DEPTH: Parameter =
        Parameter { name: "depth", unit: "levels", about: "of the tree", default: 16, min: 1, max: 30 };

    #[track_caller]
    fn check(overrides: &[&str], expected: Result<&str, &str>) {
        let parsed = Parameters::parse(&[DEPTH], overrides);
        let text = parsed.map(|parameters| parameters.to_string()).map_err(|error| error.to_string());
        assert_eq!(text.as_deref().map_err(String::as_str), expected, "of {overrides:?}");
    }

    #[test]
    fn what_is_not_overridden_has_its_default() {
        check(&[], Ok("depth=16 seed=1"));
        check(&["seed=9"], Ok("depth=16 seed=9"));
    }

    #[test]
    fn of_two_overrides_the_later_counts() {
        check(&["depth=3", "depth=4"], Ok("depth=4 seed=1"));
    }

    #[test]
    fn space_and_underscores_do_not_matter() {
        check(&["seed = 1_000_000"], Ok("depth=16 seed=1000000"));
    }

    #[test]
    fn the_whole_range_is_allowed() {
        check(&["depth=1"], Ok("depth=1 seed=1"));
        check(&["depth=30", "seed=18446744073709551615"], Ok("depth=30 seed=18446744073709551615"));
    }

    #[test]
    fn a_wrong_override_says_what_is_wrong() {
        check(&["depth"], Err("`depth` is not of the form `name=value`"));
        check(&["width=3"], Err("there is no parameter `width`; there are `depth`, `seed`"));
        check(&["depth=deep"], Err("`depth` must be a whole number, not `deep`"));
        check(&["depth=-1"], Err("`depth` must be a whole number, not `-1`"));
        check(&["depth="], Err("`depth` must be a whole number, not ``"));
        check(&["depth=31"], Err("`depth` is 31, but must lie between 1 and 30 (levels)"));
        check(
            &["seed=18446744073709551616"],
            Err("`seed` must be a whole number, not `18446744073709551616`"),
        );
    }

    #[test]
    #[should_panic(expected = "no parameter `width` is declared")]
    fn reading_an_undeclared_parameter_is_a_bug() {
        let _ = Parameters::defaults(&[DEPTH]).get("width");
    }
}
