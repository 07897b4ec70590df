//! Profiles of V8's sampling heap profiler: `.heapprofile`.
//!
//! A profile is one JSON object. `head` is a tree of functions, which is passed over; `samples` lists allocations that
//! were sampled and, unless the profiler was asked for others too, were still alive at the end. Of each it has the
//! bytes that it stands for, which are those of several objects if these are small, and its place in the order of
//! allocations (`HeapProfiler.SamplingHeapProfile` in the DevTools protocol). When objects died is not recorded.

use super::lifetimes::{BirthPlace, Coverage};
use super::{ImportError, Lifetimes, json};
use serde::Deserialize;
use std::io::Read;

/// A profile of V8's sampling heap profiler.
#[derive(Debug)]
pub struct HeapProfile {
    /// One object for each sample, in the order of their allocation; none dies.
    pub lifetimes: Lifetimes,
}

/// The file. Fields that are not named are passed over, whatever they hold and however deep.
#[derive(Deserialize)]
struct Profile {
    /// Absent in profiles of Chrome before 74.
    samples: Option<Vec<Sample>>,
}

#[derive(Deserialize)]
struct Sample {
    size: f64,
    ordinal: f64,
}

impl HeapProfile {
    /// Reads a profile. `file` should be buffered.
    ///
    /// # Errors
    /// The first thing in the file that is not as V8 writes it, with its line and column.
    pub fn read(file: impl Read) -> Result<Self, ImportError> {
        let profile: Profile = json::read(file, std::marker::PhantomData)?;
        let samples = profile.samples.ok_or("it has no `samples`: make it again with a newer version of V8");
        let lifetimes = samples.map_err(String::from).and_then(lifetimes);
        Ok(HeapProfile { lifetimes: lifetimes.map_err(ImportError::Content)? })
    }
}

fn lifetimes(mut samples: Vec<Sample>) -> Result<Lifetimes, String> {
    samples.sort_by(|one, other| one.ordinal.total_cmp(&other.ordinal));
    let mut lifetimes = Lifetimes::new(Coverage::Survivors);
    for Sample { size, ordinal } in samples {
        if !(0.0..9e15).contains(&size) {
            return Err(format!("sample {ordinal} has {size} bytes, which cannot be"));
        }
        lifetimes.birth(size.round() as u64, BirthPlace::Heap)?;
    }
    Ok(lifetimes)
}

#[cfg(test)]
mod tests {
    use super::HeapProfile;

    fn sizes(samples: &str) -> Result<Vec<u32>, String> {
        let file = format!(r#"{{"head":{{"selfSize":0,"children":[]}},{samples}}}"#);
        let profile = HeapProfile::read(file.as_bytes()).map_err(|error| error.to_string())?;
        Ok(profile.lifetimes.births().iter().map(|birth| birth.bytes).collect())
    }

    #[test]
    fn samples_are_objects_in_the_order_of_their_allocation() {
        let samples = r#""samples":[{"size":264,"nodeId":4,"ordinal":9},{"size":32,"nodeId":4,"ordinal":7}]"#;
        assert_eq!(sizes(samples), Ok(vec![32, 264]));
    }

    #[test]
    fn what_is_no_profile_is_told() {
        let no_samples = "it has no `samples`: make it again with a newer version of V8".into();
        assert_eq!(sizes(r#""end":1"#), Err(no_samples));
        let negative = r#""samples":[{"size":-1,"ordinal":7}]"#;
        assert_eq!(sizes(negative), Err("sample 7 has -1 bytes, which cannot be".into()));
        let cut_off = "line 1, column 12: the file ends here, in the middle: it is cut off";
        let error = HeapProfile::read(&br#"{"samples":["#[..]).expect_err("it is cut off");
        assert_eq!(error.to_string(), cut_off);
    }

    #[test]
    fn a_deep_tree_of_functions_is_passed_over() {
        let (open, close) = (r#"{"children":["#.repeat(100_000), "]}".repeat(100_000));
        let file = format!(r#"{{"head":{open}{close},"samples":[]}}"#);
        assert!(HeapProfile::read(file.as_bytes()).is_ok());
    }
}
