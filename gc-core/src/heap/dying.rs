//! What a collection does about the dead, in this order:
//!
//! 1. everything that the roots reach is found, with the values of ephemerons whose keys are among it, and what these
//!    reach;
//! 2. ephemerons with other keys, and weak handles to other objects, are cleared;
//! 3. other objects that are to be finalized are queued, in the order of their registration, and resurrected with all
//!    that they refer to. Ephemerons that are reached only now are treated as in 1 and 2;
//! 4. what is still dead is freed, and what it owned off the heap.
//!
//! So a program that is given an object to finalize finds no weak way to it that is left from before. A scavenge does all
//! this for young objects, taking old ones to be alive; the end of a marking for old ones, or for all.

use super::Heap;
use super::pause::{Ledger, OpenPause};
use crate::collect::{Marker, Roots, Scavenger, clear_weak, forget_dead};
use crate::event::Phase;

/// Steps 2 to 4 of a scavenge.
pub(super) fn bury_young(
    ledger: &mut Ledger,
    pause: &mut OpenPause,
    scavenger: &mut Scavenger<'_>,
    roots: &mut Roots,
) {
    scavenger.clear_dead_keys();
    scavenger.clear_weak(roots);
    let mut phase = Phase::Weak;
    if scavenger.queue_finalizable(&mut roots.finalizers) {
        ledger.end_phase(pause, phase, scavenger.take_work());
        scavenger.resurrect(&mut roots.finalizers);
        phase = Phase::Finalize;
    }
    scavenger.free_owned();
    scavenger.update_identities(roots);
    scavenger.free_large();
    ledger.end_phase(pause, phase, scavenger.take_work());
}

impl Heap {
    /// Steps 2 to 4 after a marking, but for freeing the memory of the dead.
    pub(super) fn bury_unmarked(&mut self, pause: &mut OpenPause, marker: &mut Marker) {
        let (spaces, roots) = (&mut self.spaces, &mut self.roots);
        marker.clear_dead_keys(spaces);
        clear_weak(marker.scope(), spaces, roots);
        let mut phase = Phase::Weak;
        if marker.queue_finalizable(spaces, &mut roots.finalizers) {
            self.ledger.end_phase(pause, phase, marker.take_work());
            marker.resurrect(spaces, &mut roots.finalizers);
            phase = Phase::Finalize;
        }
        forget_dead(marker.scope(), spaces, roots, &mut self.remembered);
        self.ledger.end_phase(pause, phase, marker.take_work());
    }
}
