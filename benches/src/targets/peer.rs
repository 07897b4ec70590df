//! Peers in a process of their own.

use crate::trees::{Run, arena, boxed};
use std::process::{Command, Stdio};
use std::{env, io};

/// A program on `malloc`.
///
/// What earlier programs freed stays in `malloc`'s lists, in an order that makes the next one up to five times slower.
/// So that no peer pays for others, each run has a process to itself: this program once more, with `--peer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// gc-arena.
    GcArena,
    /// `Box`.
    Boxed,
}

impl Peer {
    const ALL: [Peer; 2] = [Peer::GcArena, Peer::Boxed];

    fn name(self) -> &'static str {
        match self {
            Peer::GcArena => "gc-arena",
            Peer::Boxed => "box",
        }
    }

    /// The peer called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Peer> {
        Peer::ALL.into_iter().find(|peer| peer.name() == name)
    }

    /// Runs binary trees in this process.
    #[must_use]
    pub fn run_here(self, depth: u32) -> Run {
        match self {
            Peer::GcArena => Run::of(|| arena::run(depth, arena::BEST_PACING)),
            Peer::Boxed => Run::of(|| boxed::run(depth)),
        }
    }

    /// Runs binary trees in a process of its own.
    pub(super) fn run_apart(self, depth: u32) -> io::Result<Run> {
        let child = Command::new(env::current_exe()?)
            .args(["--peer", self.name(), &depth.to_string()])
            .stderr(Stdio::inherit())
            .output()?;
        String::from_utf8_lossy(&child.stdout).parse().map_err(io::Error::other)
    }
}
