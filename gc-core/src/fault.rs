//! Seeded faults: mistakes that a collector could make, made on purpose.
//!
//! The tests arm one, run a program and expect the verifier to name the invariant that broke. Without the feature
//! `faults` nothing can be armed and every test for one is compiled away.

/// A mistake in the collector.
#[cfg_attr(
    not(feature = "faults"),
    expect(unreachable_pub, dead_code, reason = "public where it can be armed")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A store into an old object is not told to the remembered set.
    BarrierDropped,
    /// A bulk copy of slots is not told to the remembered set.
    BulkBarrierDropped,
    /// A fill of slots is not told to the remembered set.
    FillBarrierDropped,
    /// A store of a value is not told to the remembered set.
    ValueBarrierDropped,
    /// A promoted object is given the number of a shape that does not exist.
    ShapeLost,
    /// A card is scanned and forgotten although it still refers to young objects.
    CardForgotten,
    /// A scavenge leaves out the handles.
    HandleSkipped,
    /// A scavenge leaves out the persistent roots.
    RootSkipped,
    /// A scavenge leaves out the remembered objects.
    RememberedSkipped,
    /// A scavenge leaves out the first slot of each object.
    SlotSkipped,
    /// A scavenge takes an object that has moved to be where it was.
    StaleForwarding,
    /// A copy is given a size of one granule too many.
    WrongSize,
    /// A copy is taken to be old.
    YoungUnlogged,
    /// A promoted object is not remembered although it refers to young ones.
    PromotedForgotten,
    /// A remembered object that no longer refers to young ones is not armed for the next store.
    NotRearmed,
    /// An incremental marking starts without what roots refer to.
    SnapshotRootsSkipped,
    /// An incremental marking starts without what young objects refer to.
    SnapshotYoungSkipped,
    /// An incremental marking starts without what remembered objects refer to.
    SnapshotRememberedSkipped,
    /// An incremental marking starts without what remembered cards refer to.
    SnapshotCardSkipped,
    /// A marking starts with the marks of the last one in pages that were not swept.
    StaleMarksKept,
    /// A store during a marking is not told to it.
    MarkingBarrierDropped,
    /// An object that becomes old during a marking is born white.
    BornWhite,
    /// A large object that becomes old during a marking stays white.
    LargeBornWhite,
    /// A marking ends although objects are grey.
    FinishedEarly,
    /// An object that is reached through a weak handle during a marking stays white.
    WeakReadUnshaded,
    /// A marking forgets the mark of an object as soon as it has scanned it.
    MarkLost,
    /// A marking leaves out the slots of each object.
    ChildUnmarked,
    /// An object that refers to an evacuated page is not told.
    HolderForgotten,
    /// A slide leaves objects where they were.
    SlideSkipped,
    /// A sweep takes a page with live objects to be empty.
    LivePageFreed,
    /// The rest of a hole is left without a header.
    HoleUnmarked,
    /// The bytes of promoted objects are not counted.
    Miscounted,
    /// A young large object is freed although it survived.
    LargeFreed,
    /// A large object that is marked is condemned.
    LiveLargeCondemned,
    /// A weak handle to a dead object is left as it was.
    WeakKept,
    /// A marking leaves out the value of an ephemeron whose key is alive.
    EphemeronValueUnmarked,
    /// A scavenge leaves out the value of an ephemeron whose key is alive.
    EphemeronValueLost,
    /// An ephemeron whose key has died is left as it was.
    EphemeronKept,
    /// An old ephemeron that waits for its key in a scavenge is not remembered.
    EphemeronForgotten,
    /// What is queued to be finalized is not kept alive.
    FinalizableLost,
    /// An object stays registered to be finalized when it is queued.
    FinalizedTwice,
    /// What a dead object owns is not freed.
    BufferKept,
    /// A store into a value of the typed face is not told to the remembered set.
    TypedBarrierDropped,
    /// A store into an element of an array of the typed face is not told to the remembered set.
    ElementBarrierDropped,
    /// An object that is born in old space is not remembered.
    BornOldForgotten,
    /// An object that is born in old space during a marking is born white.
    BornOldWhite,
    /// A new array keeps what lay in the place of its cards.
    CardsNotCleared,
    /// The identity of a dead object is not forgotten.
    IdentityKept,
    /// An allocation moves the top of new space by a granule too few.
    TopTooLow,
}

/// Which fault is armed.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    #[cfg(feature = "faults")]
    armed: Option<Fault>,
}

impl Faults {
    /// Whether to make this mistake.
    #[inline(always)]
    pub(crate) fn make(&self, fault: Fault) -> bool {
        #[cfg(feature = "faults")]
        return self.armed == Some(fault);
        #[cfg(not(feature = "faults"))]
        {
            let _ = fault;
            false
        }
    }

    /// Arms a fault.
    #[cfg(feature = "faults")]
    pub(crate) fn arm(&mut self, fault: Fault) {
        self.armed = Some(fault);
    }
}
