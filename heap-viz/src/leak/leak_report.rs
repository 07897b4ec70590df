//! What a watch has found.

use super::example::RetainerWay;
use crate::record::mirror::NanosDef;
use crate::type_names::without_paths;
use gc_core::event::Nanos;
use serde::{Deserialize, Serialize};

/// What a watch for leaks has found in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeakReport {
    /// After how many full collections it has counted what was alive.
    pub full_collections: u64,
    /// The leaks, in the order in which they were found; mostly there is one or none.
    pub leaks: Vec<Leak>,
}

/// What was alive has grown, and the types that are suspected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// When it was told, on the heap's clock.
    #[serde(rename = "at_ns", with = "NanosDef")]
    pub at: Nanos,
    /// At how many full collections in a row what was alive had grown.
    pub growths: u32,
    /// By how much in all, in bytes, what lies off the heap included.
    pub grown_bytes: u64,
    /// What was alive in the end, in bytes.
    pub alive_bytes: u64,
    /// The types that have grown at each of the collections, those that have grown most first.
    pub suspects: Vec<Suspect>,
}

/// A type whose objects have become more and more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// Its name, with the path where it is a type of Rust.
    pub name: String,
    /// At how many full collections in a row there were more of them.
    pub growths: u32,
    /// How many more objects there are.
    pub grown_objects: u64,
    /// How many more bytes they take, off the heap included.
    pub grown_bytes: u64,
    /// How many objects there are.
    pub objects: u64,
    /// What keeps one of the new ones alive.
    pub kept_by: Option<RetainerWay>,
}

impl Suspect {
    /// Its name without the paths of modules.
    #[must_use]
    pub fn short_name(&self) -> String {
        without_paths(&self.name)
    }
}
