//! The object that is asked about.

use super::super::failure::Failure;
use super::super::nearest::nearest;
use heap_viz::graph::{Dominators, TypeSizes};
use std::cmp::Reverse;
use std::path::Path;

/// Types that are named to somebody who has asked for one that there is not.
const NAMED_TYPES: usize = 8;

/// The object of a number, as `@123`, or of a type that object which keeps most alive.
pub(super) fn find(subject: &str, dominators: &Dominators<'_>, file: &Path) -> Result<u32, Failure> {
    let problem = |problem, tip| Failure::NotInSnapshot { path: file.into(), problem, tip };
    let number = subject.strip_prefix('@').unwrap_or(subject);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let found = match is_number {
        true => number.parse().ok().and_then(|id| dominators.graph().find(id)).ok_or_else(|| {
            problem(format!("there is no object @{number}"), Some("numbers are good for one snapshot".into()))
        })?,
        false => largest_of(subject, dominators).ok_or_else(|| {
            problem(format!("there is no object of a type `{subject}`"), Some(types(subject, dominators)))
        })?,
    };
    if dominators.is_reached(found) {
        return Ok(found);
    }
    Err(problem(format!("nothing keeps {subject} alive: weak references at most lead to it"), None))
}

fn largest_of(type_name: &str, dominators: &Dominators<'_>) -> Option<u32> {
    let graph = dominators.graph();
    let of_type = dominators.objects().filter(|object| graph.type_of(*object).name == type_name);
    of_type.min_by_key(|object| (Reverse(dominators.retained_bytes(*object)), *object))
}

/// What types there are, for one who has named none of them.
fn types(wrong: &str, dominators: &Dominators<'_>) -> String {
    let graph = dominators.graph();
    let ranking = TypeSizes::of(dominators, 0).ranking(graph);
    let names: Vec<_> = ranking.iter().map(|of| graph.types()[*of as usize].name.as_str()).collect();
    match nearest(wrong, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => {
            let largest = names.get(..NAMED_TYPES).unwrap_or(&names);
            format!("the types that keep most alive are `{}`", largest.join("`, `"))
        }
    }
}
