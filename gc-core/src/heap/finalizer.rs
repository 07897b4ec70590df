//! Finalizers: objects that the program gets back when they have died.

use super::{Heap, Local};

impl Heap {
    /// Asks to be given the object of `local` once more when it has died: [`Heap::next_finalizable`] does that. The
    /// object is not kept alive by this.
    ///
    /// No code of the program runs during a collection. One that finds the object dead only queues it, and resurrects it
    /// together with all that it refers to; other registered objects that it refers to are queued as well, and all are
    /// queued in the order of their registration. The registration is used up by that: the object dies for good the next
    /// time, unless it is registered again. One that is registered twice is queued twice.
    ///
    /// # What happens to the dead
    /// Every collection goes by this order:
    ///
    /// 1. what the roots reach is found, and what the values of [ephemerons](Heap::alloc_ephemeron) with live keys reach;
    /// 2. ephemerons whose keys, and [weak handles](Heap::weak) whose objects have not been reached are cleared;
    /// 3. registered objects that have not been reached are queued, and resurrected with all that they refer to;
    ///    ephemerons among that are treated as in 1 and 2;
    /// 4. what is still dead is freed, and its buffers.
    ///
    /// So once an object has been queued no weak reference made before leads to it. Objects die in old space only when a
    /// marking of it ends.
    ///
    /// ```
    /// use gc_core::{Config, Heap, Layout};
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// let file = heap.register("file", Layout::Fixed { slots: 0, bytes: 8 });
    /// heap.scope(|heap| {
    ///     let file = heap.alloc(file)?;
    ///     heap.store_word(file, 0, 42);
    ///     heap.finalize_when_dead(file);
    ///     Ok::<_, gc_core::HeapFull>(())
    /// })?;
    /// assert!(heap.next_finalizable().is_none(), "it has not been found dead yet");
    /// heap.collect_minor();
    ///
    /// let dead = heap.next_finalizable().expect("the file");
    /// assert_eq!(heap.view(dead).word(0), 42);
    /// assert!(heap.next_finalizable().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finalize_when_dead(&mut self, local: Local) {
        let object = self.resolve(local);
        self.finalize_object(object);
    }

    /// A handle, in the current scope, to the object that has waited longest to be finalized; `None` if none does. It
    /// waits no more: it lives for as long as the program holds it.
    ///
    /// Objects that wait are kept alive. See [`Heap::finalize_when_dead`].
    pub fn next_finalizable(&mut self) -> Option<Local> {
        let object = self.take_finalizable()?;
        Some(self.new_local(object))
    }
}
