//! What the benchmarks share: programs for Tenure and its peers, and a way to compare them on a noisy machine.
//!
//! - [`contest`] repeats several programs in turn and keeps the best and the median of each.
//! - [`trees`], [`young`], [`survivors`], [`stores`] and [`graph`] hold the programs: each stresses one part of a
//!   collector, and each has a floor (bumpalo, which never frees an object) and a ceiling (`Box`, which frees each
//!   one by itself) beside it.
//! - [`typed`] holds two programs on the typed face and on other collector libraries.
//! - [`start`] makes heaps, and asks what they have resident.
//! - [`old_model`] models two ways to allocate in old space, without a collector around them.
//! - [`instructions`] counts the instructions of single operations, and knows how many they may take.
//! - [`targets`] measures the figures that Tenure promises; the program `targets` prints them.

pub mod contest;
pub mod graph;
pub mod instructions;
pub mod lists;
pub mod old_model;
pub mod phases;
mod resident;
pub mod settings;
pub mod start;
pub mod stores;
pub mod survivors;
pub mod targets;
pub mod trees;
pub mod typed;
pub mod young;
