//! Counts of instructions, which repeat where times do not.
//!
//! A [`Case`] is a loop of some thousand equal operations. Valgrind counts the instructions of a process that makes them so
//! many times, and of one that makes them twice as often: the difference is that of the operations alone, without the
//! start of the process and what the case prepares. It is the same on every run and whatever else the machine does.
//!
//! To add a case, write its loop, give it a line in [`CASES`], and accept its count with `instructions --accept`.

mod accepted;
mod cases;
mod count;

pub use accepted::{Accepted, ReadError};
pub use cases::CASES;
pub use count::{CountError, compiler, count};

use std::fmt;

/// Operations in a round.
pub const OPERATIONS: u32 = 1_000;

/// A loop whose instructions are counted.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// What one operation of it is.
    pub operation: &'static str,
    /// What it may take.
    pub limit: Limit,
    /// Makes so many rounds of [`OPERATIONS`], and gives what they found.
    pub run: fn(u32) -> u64,
}

/// How many instructions an operation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// As many as have been accepted, and 3 % more.
    Accepted,
    /// As many as one of the case of this name, and 1 % more. Holds whatever the compiler.
    As(&'static str),
}

impl Case {
    /// The case of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Case> {
        CASES.iter().find(|case| case.name == name)
    }
}

/// A case, counted.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// The case.
    pub case: &'static Case,
    /// Instructions of an operation.
    pub instructions: f64,
    /// The most that it may take; `None` if nothing has been accepted.
    pub allowed: Option<f64>,
}

impl Counted {
    /// All counts of a run, judged by each other and by what has been accepted.
    #[must_use]
    pub fn judge(counts: &[(&'static Case, f64)], accepted: &Accepted) -> Vec<Counted> {
        let of = |name: &str| counts.iter().find(|(case, _)| case.name == name).map(|(_, count)| *count);
        let allowed = |case: &Case| match case.limit {
            Limit::Accepted => accepted.get(case.name).map(|count| count * 1.03),
            Limit::As(other) => of(other).map(|count| count * 1.01),
        };
        let judged =
            counts.iter().map(|&(case, instructions)| Counted { case, instructions, allowed: allowed(case) });
        judged.collect()
    }

    /// Whether it takes more than it may, or nobody has said what it may take.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.allowed.is_none_or(|allowed| self.instructions > allowed)
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case { name, operation, limit, .. } = self.case;
        write!(f, "{name:<14}{:>8.2}   ", self.instructions)?;
        match self.allowed {
            Some(allowed) => write!(f, "<= {allowed:<8.2}")?,
            None => write!(f, "{:<11}", "-")?,
        }
        let verdict = match (self.allowed, self.is_missed()) {
            (None, _) => "NEW",
            (_, true) => "MISSED",
            (_, false) => "met",
        };
        write!(f, "{verdict:<9}{operation}")?;
        match limit {
            Limit::As(other) => write!(f, ", against `{other}`"),
            Limit::Accepted => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Accepted, CASES, Case, Counted, Limit};
    use std::collections::HashSet;

    #[test]
    fn names_are_words_that_occur_once() {
        let names: HashSet<_> = CASES.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), CASES.len());
        assert!(names.iter().all(|name| !name.contains(char::is_whitespace)));
    }

    #[test]
    fn cases_are_compared_with_cases_that_there_are() {
        for case in CASES {
            let Limit::As(other) = case.limit else { continue };
            assert!(Case::named(other).is_some_and(|other| other.limit == Limit::Accepted), "{other}");
        }
    }

    #[test]
    fn every_case_runs_and_finds_the_same_again() {
        for case in CASES {
            assert_eq!((case.run)(3), (case.run)(3), "{}", case.name);
        }
        let (gc, index) = (Case::named("read_gc"), Case::named("read_index"));
        assert_eq!(gc.map(|case| (case.run)(3)), index.map(|case| (case.run)(3)), "both read the same");
    }

    #[test]
    fn counts_are_judged_by_what_was_accepted_and_by_each_other() {
        let accepted: Accepted = "compiler x\nread_index 10\nnew_16 10\n".parse().expect("it is well formed");
        let named = |name, count| (Case::named(name).expect("there is the case"), count);
        let missed = |counts: &[(&'static Case, f64)]| -> Vec<_> {
            let judged = Counted::judge(counts, &accepted);
            judged.iter().filter(|counted| counted.is_missed()).map(|counted| counted.case.name).collect()
        };
        assert!(
            missed(&[named("read_index", 10.3), named("read_gc", 10.4), named("new_16", 5.0)]).is_empty()
        );
        assert_eq!(missed(&[named("read_index", 10.31), named("read_gc", 10.5)]), ["read_index", "read_gc"]);
        assert_eq!(missed(&[named("write_young", 1.0)]), ["write_young"], "nothing was accepted");
    }
}
