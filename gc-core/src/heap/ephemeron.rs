//! Ephemerons: objects with a weak key and a value that lives as long as the key.

use super::{Heap, HeapFull, Local};
use crate::object::{Ephemeron, Kind, Shape};

impl Heap {
    /// Allocates an ephemeron: an object with a key in slot 0 and a value in slot 1, both read and written like any slot.
    ///
    /// It does not keep its key alive, and keeps its value alive only while the key is alive, however the value refers to
    /// the key. When a collection finds the key dead, both slots become null. An ephemeron without a key keeps its
    /// value; one without a value is a weak reference on the heap.
    ///
    /// Tables of ephemerons are what weak maps are made of. [`Heap::finalize_when_dead`] tells in which order weak
    /// references are cleared and objects finalized.
    ///
    /// ```
    /// use gc_core::{Config, Heap, Layout};
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// let node = heap.register("node", Layout::Fixed { slots: 1, bytes: 0 });
    /// let entry = heap.register("entry", Layout::Ephemeron);
    ///
    /// let key = heap.alloc(node)?;
    /// let live = heap.escape(|heap| {
    ///     let value = heap.alloc(node)?;
    ///     heap.alloc_ephemeron(entry, Some(key), Some(value))
    /// })?;
    /// let dead = heap.escape(|heap| {
    ///     let key = heap.alloc(node)?;
    ///     let value = heap.alloc_with(node, [Some(key)])?; // That it refers to its key does not keep either.
    ///     heap.alloc_ephemeron(entry, Some(key), Some(value))
    /// })?;
    /// heap.collect_full();
    /// assert!(heap.view(live).slot(1).is_some());
    /// assert!(heap.view(dead).slot(0).is_none() && heap.view(dead).slot(1).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    ///
    /// # Panics
    /// If `shape` is not that of ephemerons. In debug builds, if it is registered with another heap.
    pub fn alloc_ephemeron(
        &mut self,
        shape: Shape,
        key: Option<Local>,
        value: Option<Local>,
    ) -> Result<Local, HeapFull> {
        shape.check_heap(self.id);
        let header = shape.header();
        assert_eq!(header.kind(), Kind::Ephemeron, "objects of this shape are not ephemerons");
        let object = self.allocate(header, header.size())?;
        // Handles are followed once there is room: making it may move what they refer to.
        let [key, value] = [key, value].map(|local| local.map(|local| self.resolve(local)));
        object.set_header(&mut self.spaces.memory, header);
        Ephemeron::at(object).write(&mut self.spaces.memory, key, value);
        Ok(self.new_local(object))
    }
}
