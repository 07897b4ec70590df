//! Leaks: what is alive grows from one full collection to the next, and goes on growing.
//!
//! A [`LeakWatch`] counts what is alive, by type, after every full collection. If it has grown at several of them in a row, and by
//! enough to matter, the types that have grown at each are suspects, and a snapshot shows what keeps an object of
//! theirs alive. This is the rule of `node-memwatch`, whose `leak` event comes after growth over five consecutive
//! collections, but for one thing: a program that starts up grows as well. A watch therefore tells of a leak at once only if
//! what is alive has stopped growing before; else it waits for the program's end, and tells of what still grows then.

mod example;
mod growth;
mod leak_report;
mod watch;

pub use example::{RetainerStep, RetainerWay};
pub use leak_report::{Leak, LeakReport, Suspect};
pub use watch::{LeakEvent, LeakPolicy, LeakWatch, Stats};

#[cfg(test)]
mod tests;
