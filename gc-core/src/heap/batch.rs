//! Several objects at once: room is made for all of them first, so that none needs a handle.
//!
//! While a batch is being made nothing collects and nothing moves. Its objects are held by [`Part`]s, which are plain
//! references; the type system keeps them from outliving the batch.

use super::{Heap, HeapFull, Local};
use crate::event::Cause;
use crate::memory::Granules;
use crate::object::{ObjectRef, ShapeWithSlots};
use crate::space::Bump;
use std::convert::Infallible;
use std::marker::PhantomData;

/// Objects being made in room that is there already.
#[derive(Debug)]
pub struct Batch<'b> {
    heap: &'b mut Heap,
    room: Bump,
}

/// An object of a batch, or one that it refers to; valid until the batch ends.
#[derive(Clone, Copy, Debug)]
pub struct Part<'b> {
    object: ObjectRef,
    /// Invariant: parts of two batches never mix.
    batch: PhantomData<fn(&'b ()) -> &'b ()>,
}

impl Heap {
    /// Makes several small objects, `bytes` of them in all ([`Shape::size_bytes`](crate::Shape::size_bytes) tells of each), and gives a handle to
    /// the one that `make` returns.
    ///
    /// The way to build what has many parts, such as trees or literals: the parts cost no handles and no checks
    /// whether to collect.
    ///
    /// ```
    /// use gc_core::{Batch, Config, FixedShape, Heap, Part};
    ///
    /// fn tree<'b>(batch: &mut Batch<'b>, node: FixedShape<2, 0>, depth: u32) -> Part<'b> {
    ///     match depth {
    ///         0 => batch.alloc_with(node, [None, None]),
    ///         _ => {
    ///             let children = [Some(tree(batch, node, depth - 1)), Some(tree(batch, node, depth - 1))];
    ///             batch.alloc_with(node, children)
    ///         }
    ///     }
    /// }
    ///
    /// let mut heap = Heap::new(Config::default())?;
    /// let node = heap.register_fixed("node");
    /// let root = heap.batch(7 * node.size_bytes(), |batch| tree(batch, node, 2))?;
    /// assert!(heap.view(root).slot(1).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If new space has no room for `bytes` bytes at once: it never has for more than the largest capacity of a semispace.
    ///
    /// # Panics
    /// If `make` allocates more than `bytes`.
    #[inline]
    pub fn batch(
        &mut self,
        bytes: u64,
        make: impl for<'b> FnOnce(&mut Batch<'b>) -> Part<'b>,
    ) -> Result<Local, HeapFull> {
        let room = self.room_for(bytes)?;
        let object = {
            let mut batch = Batch { heap: self, room };
            make(&mut batch).object
        };
        Ok(self.new_local(object))
    }

    /// A free run of new space of at least `bytes` bytes.
    #[inline]
    fn room_for(&mut self, bytes: u64) -> Result<Bump, HeapFull> {
        if bytes > self.max_semispace_bytes {
            return Err(self.refuse(bytes));
        }
        let size = Granules::holding(bytes);
        match self.spaces.new.run(size) {
            Some(room) => Ok(room),
            None => self.room_for_slow(size),
        }
    }

    #[cold]
    #[inline(never)]
    fn room_for_slow(&mut self, size: Granules) -> Result<Bump, HeapFull> {
        if self.goes_on_after_point(size)
            && let Some(room) = self.spaces.new.run(size)
        {
            return Ok(room);
        }
        self.collect_under_stress();
        self.step_for_small(size);
        if self.spaces.new.free() < size {
            self.collect_for_allocation(Cause::NewSpaceFull);
        }
        self.grow_new_space_for(size);
        if self.spaces.new.free() < size {
            self.collect_minor_for(Cause::NewSpaceCrowded);
        }
        if self.spaces.new.free() < size {
            self.collect_as_last_resort();
            self.grow_new_space_for(size);
        }
        self.spaces.new.allow(size);
        let room = self.spaces.new.run(size);
        self.set_allowance();
        room.ok_or_else(|| self.refuse(size.bytes()))
    }
}

impl<'b> Batch<'b> {
    /// A fixed object with these slots, as many as its shape has, and zero bytes.
    ///
    /// # Panics
    /// If the batch has no room left, or `shape` is not that of fixed objects with `N` slots. In debug builds, if it is
    /// registered with another heap.
    #[inline(always)]
    pub fn alloc_with<const N: usize>(
        &mut self,
        shape: impl ShapeWithSlots<N>,
        slots: [Option<Part<'b>>; N],
    ) -> Part<'b> {
        let room = &mut self.room;
        let allocate = |_: &mut Heap, _, size| match room.allocate(size) {
            Some(object) => Ok::<_, Infallible>(object),
            None => no_room(),
        };
        let Ok(object) =
            self.heap.make_fixed(shape, allocate, |_| slots.map(|slot| slot.map(|part| part.object)));
        Part { object, batch: PhantomData }
    }

    /// The object of a handle, to refer to it.
    #[inline]
    #[must_use]
    pub fn part(&self, local: Local) -> Part<'b> {
        Part { object: self.heap.resolve(local), batch: PhantomData }
    }
}

impl Drop for Batch<'_> {
    /// Gives back the room that was not used, also if a panic ends the batch.
    #[inline(always)]
    fn drop(&mut self) {
        self.heap.spaces.new.set_top(self.room.top());
    }
}

#[cold]
#[inline(never)]
fn no_room() -> ! {
    panic!("a batch was given more objects than there was room asked for")
}
