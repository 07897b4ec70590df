//! One root of a snapshot.

use super::object::ObjectId;

/// What keeps an object alive from outside the heap.
///
/// ```
/// # use gc_core::snapshot::RootKind;
/// # use gc_core::{Config, Heap, Layout};
/// # let mut heap = Heap::new(Config::default())?;
/// # let leaf = heap.register("leaf", Layout::Fixed { slots: 0, bytes: 8 });
/// let local = heap.alloc(leaf)?;
/// let root = heap.root(local);
/// let kinds: Vec<_> = heap.snapshot().roots().map(|root| root.kind).collect();
/// assert_eq!(kinds, [RootKind::Handle, RootKind::Persistent]);
/// # drop(root);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    /// What it is.
    pub kind: RootKind,
    /// What it keeps alive.
    pub object: ObjectId,
}

/// What a root is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RootKind {
    /// A [`Local`](crate::Local), of whatever scope.
    Handle,
    /// A [`Root`](crate::Root); of an arena its root value and its [`Handle`](crate::arena::Handle)s.
    Persistent,
    /// A place in the queue of objects to be finalized.
    Finalizer,
}
