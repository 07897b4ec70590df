//! Scripts: what a program does to a heap, in plain text, for tests and for teaching.
//!
//! A script makes objects, stores references, drops variables, asks for collections, and says what must be so. It runs
//! on a heap of its own, whose settings it gives, under the modelled clock: what it finds is the same on every machine.
//! `docs/scripts.md` teaches the language and the collector.
//!
//! A script is read by [`Script::parse`]: `token` cuts the text into tokens, `parser` makes a tree of them, `syntax`.
//! `machine` runs it, `chronicle` follows what becomes of its objects, and `biography` asks why. [`crate::script`] is something else:
//! programs of random operations that are compared with a model.
//!
//! ```
//! use workloads::teach::Script;
//!
//! let script = Script::parse(
//!     "a = node 2; b = node 0
//!      a.0 = b
//!      drop b
//!      scavenge
//!      assert live 2
//!      drop a
//!      scavenge
//!      assert used 0",
//! )?;
//! let summary = script.run(&mut |_| ())?;
//! assert_eq!((summary.asserts, summary.collections), (2, 2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod amount;
mod audience;
mod biography;
mod chronicle;
mod error;
mod figure;
mod machine;
mod parser;
mod settings;
mod syntax;
#[cfg(test)]
mod tests;
mod token;

pub use audience::{Audience, Stage};
pub use chronicle::{Collected, Fate};
pub use error::{Place, ScriptError};
pub use figure::FIGURES;
pub use parser::WORDS;
pub use settings::SETTINGS;

use audience::Only;
use gc_core::{Config, Heap};
use machine::Machine;
use parser::Parser;
use syntax::{Action, Statement};

/// A script that has been read.
#[derive(Debug)]
pub struct Script {
    config: Config,
    statements: Vec<Statement>,
}

/// What a script did whose asserts all held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Asserts that held, each as often as it was met.
    pub asserts: u64,
    /// Pauses, steps among them.
    pub collections: u64,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// The first mistake, with its place.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        Parser::new(text)?.script()
    }

    /// The settings of the heap that it is to run on.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Runs it on a heap of its own. `watch` is told of each statement that led to a collection.
    ///
    /// # Errors
    /// The first statement that could not be carried out, or assert that did not hold.
    ///
    /// # Panics
    /// If the system refuses the address space for a heap.
    pub fn run(&self, watch: &mut dyn FnMut(&Collected)) -> Result<Summary, ScriptError> {
        let mut heap = Heap::new(self.config.clone()).expect("the settings were checked");
        self.run_on(&mut heap, watch)
    }

    /// Runs it on `heap`, which is empty, and whose events it takes. Its asserts may depend on the settings.
    ///
    /// # Errors
    /// As [`Script::run`].
    pub fn run_on(&self, heap: &mut Heap, watch: &mut dyn FnMut(&Collected)) -> Result<Summary, ScriptError> {
        self.run_before(heap, &mut Only(watch))
    }

    /// Runs it on `heap`, which is empty, and whose events it takes, before an audience.
    ///
    /// # Errors
    /// As [`Script::run`].
    pub fn run_before(&self, heap: &mut Heap, audience: &mut dyn Audience) -> Result<Summary, ScriptError> {
        Machine::new(heap, audience, &self.statements).run(heap, &self.statements)
    }

    /// Asks, when all else is done, what has become of the last object that was made under this name, and why.
    pub fn ask_why(&mut self, name: &str) {
        let place = self.statements.last().map_or(Place { line: 1, column: 1 }, |last| last.place);
        self.statements.push(Statement { place, action: Action::Why { path: None, name: name.into() } });
    }
}
