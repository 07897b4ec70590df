//! How a program holds objects that may move.
//!
//! A [`Local`] is an index into the heap's handle stack, valid until its scope ends; a [`Root`] is a slot that lives
//! until it is dropped; a [`Weak`] is one that does not keep its object alive. The collector updates the slots, so
//! none of the three ever names a place in memory. The worst that a handle used wrongly can do is to name another
//! object, or none; debug builds tell a stale or foreign handle by its stamp.

use super::Heap;
use crate::collect::DropList;
use crate::object::ObjectRef;
use std::num::NonZeroU32;
use std::sync::PoisonError;

/// A rooted reference, valid until the scope in which it was made ends.
///
/// 4 bytes, and so is an `Option` of it (12 in debug builds, which can tell a stale handle and one of another heap).
#[derive(Clone, Copy, Debug)]
pub struct Local {
    /// Index in the handle stack, plus one.
    number: NonZeroU32,
    #[cfg(debug_assertions)]
    stamp: u32,
    #[cfg(debug_assertions)]
    heap: u32,
}

/// A reference that keeps its object alive until it is dropped, beyond all scopes. May be dropped on any thread.
#[derive(Debug)]
pub struct Root(TableSlot);

/// A reference that does not keep its object alive: [`Heap::upgrade`] gives `None` once that has been collected.
#[derive(Debug)]
pub struct Weak(TableSlot);

/// A slot in a table of roots, given back when dropped.
#[derive(Debug)]
struct TableSlot {
    index: u32,
    /// Shared with the table, which it thereby identifies.
    dropped: DropList,
}

impl Drop for TableSlot {
    fn drop(&mut self) {
        // A panic elsewhere cannot leave a list of numbers half-changed.
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(self.index);
    }
}

/// An open scope: when it goes, also by a panic, the handles made in it end.
pub(super) struct Scope<'h> {
    pub(super) heap: &'h mut Heap,
    /// How many handles there were before.
    outer: usize,
}

impl<'h> Scope<'h> {
    #[inline(always)]
    pub(super) fn open(heap: &'h mut Heap) -> Scope<'h> {
        let outer = heap.roots.handles.len();
        Scope { heap, outer }
    }

    /// Ends the handles made in the scope and makes one for `object` in their place.
    #[inline(always)]
    pub(super) fn close_with(self, object: ObjectRef) -> Local {
        let index = self.heap.roots.handles.truncate_to(self.outer, object);
        let local = self.heap.local(index);
        // It has ended: nothing is left for `drop` to do.
        std::mem::forget(self);
        local
    }
}

impl Drop for Scope<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.heap.roots.handles.truncate(self.outer);
    }
}

impl Heap {
    /// Runs `f`; handles made inside end with it.
    ///
    /// Loops that make handles want a scope in each round, or the handle stack grows.
    #[inline(always)]
    pub fn scope<R>(&mut self, f: impl FnOnce(&mut Heap) -> R) -> R {
        let scope = Scope::open(self);
        f(scope.heap)
    }

    /// Runs `f`; handles made inside end with it, but the one that it returns lives on in the scope around it.
    ///
    /// # Errors
    /// Those of `f`.
    #[inline(always)]
    pub fn escape<E>(&mut self, f: impl FnOnce(&mut Heap) -> Result<Local, E>) -> Result<Local, E> {
        let scope = Scope::open(self);
        let local = f(scope.heap)?;
        let object = scope.heap.resolve(local);
        Ok(scope.close_with(object))
    }

    /// A second handle to the same object, in the current scope.
    pub fn duplicate(&mut self, local: Local) -> Local {
        let object = self.resolve(local);
        self.new_local(object)
    }

    /// Makes `target` refer to what `source` refers to.
    #[inline]
    pub fn assign(&mut self, target: Local, source: Local) {
        let object = self.resolve(source);
        self.set_local(target, object);
    }

    /// A root for the object of `local`.
    pub fn root(&mut self, local: Local) -> Root {
        self.root_object(self.resolve(local))
    }

    /// A root for an object.
    pub(crate) fn root_object(&mut self, object: ObjectRef) -> Root {
        let is_young = self.spaces.is_young(object);
        let (index, dropped) = self.roots.persistent.add(object, is_young);
        Root(TableSlot { index, dropped })
    }

    /// A handle to the object of `root`, in the current scope.
    ///
    /// # Panics
    /// If `root` belongs to another heap.
    pub fn get(&mut self, root: &Root) -> Local {
        let object = self.rooted(root);
        self.new_local(object)
    }

    /// Makes `root` refer to the object of `local`.
    ///
    /// # Panics
    /// If `root` belongs to another heap.
    pub fn set_root(&mut self, root: &Root, local: Local) {
        check_table(self.owns(root));
        let object = self.resolve(local);
        let is_young = self.spaces.is_young(object);
        self.roots.persistent.set(root.0.index, object, is_young);
    }

    /// A weak reference to the object of `local`.
    pub fn weak(&mut self, local: Local) -> Weak {
        let object = self.resolve(local);
        let is_young = self.spaces.is_young(object);
        let (index, dropped) = self.roots.weak.add(object, is_young);
        Weak(TableSlot { index, dropped })
    }

    /// Makes `weak` refer to the object of `local`.
    ///
    /// # Panics
    /// If `weak` belongs to another heap.
    pub fn set_weak(&mut self, weak: &Weak, local: Local) {
        check_table(self.roots.weak.owns(&weak.0.dropped));
        let object = self.resolve(local);
        let is_young = self.spaces.is_young(object);
        self.roots.weak.set(weak.0.index, object, is_young);
    }

    /// A handle to the object of `weak`, in the current scope; `None` if it has been collected.
    ///
    /// # Panics
    /// If `weak` belongs to another heap.
    pub fn upgrade(&mut self, weak: &Weak) -> Option<Local> {
        let object = self.weakly_held(weak)?;
        self.shade_weakly_reached(object);
        Some(self.new_local(object))
    }

    /// Whether `root` is one of this heap.
    pub(super) fn owns(&self, root: &Root) -> bool {
        self.roots.persistent.owns(&root.0.dropped)
    }

    /// What `root` refers to.
    pub(super) fn rooted(&self, root: &Root) -> ObjectRef {
        check_table(self.owns(root));
        self.roots.persistent.get(root.0.index).expect("a root keeps its object alive")
    }

    /// What `weak` refers to, unless that has been collected.
    pub(super) fn weakly_held(&self, weak: &Weak) -> Option<ObjectRef> {
        check_table(self.roots.weak.owns(&weak.0.dropped));
        self.roots.weak.get(weak.0.index)
    }

    /// A new handle, in the current scope.
    #[inline(always)]
    pub(super) fn new_local(&mut self, object: ObjectRef) -> Local {
        let index = self.roots.handles.push(object);
        self.local(index)
    }

    /// The handle with this index, which exists.
    #[inline(always)]
    fn local(&self, index: u32) -> Local {
        Local {
            number: NonZeroU32::new(index + 1).expect("fewer than 2^32 handles"),
            #[cfg(debug_assertions)]
            stamp: self.roots.handles.stamp(index).expect("just made"),
            #[cfg(debug_assertions)]
            heap: self.id,
        }
    }

    /// What `local` refers to.
    #[inline(always)]
    pub(crate) fn resolve(&self, local: Local) -> ObjectRef {
        self.check_local(local);
        self.roots.handles.get(local.number.get() - 1)
    }

    #[inline(always)]
    pub(super) fn set_local(&mut self, local: Local, object: ObjectRef) {
        self.check_local(local);
        self.roots.handles.set(local.number.get() - 1, object);
    }

    /// Debug builds: panics if the handle is stale or of another heap.
    #[inline(always)]
    #[track_caller]
    fn check_local(&self, local: Local) {
        #[cfg(debug_assertions)]
        {
            assert_eq!(local.heap, self.id, "wrong heap: the handle is one of another heap");
            if self.roots.handles.stamp(local.number.get() - 1) != Some(local.stamp) {
                crate::collect::stale();
            }
        }
        #[cfg(not(debug_assertions))]
        let _ = local;
    }
}

/// Panics if a root or weak handle is used with a heap that does not own its table.
#[track_caller]
fn check_table(owned: bool) {
    assert!(owned, "wrong heap: the root or weak handle is one of another heap");
}
