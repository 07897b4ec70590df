//! Host values: values of the program with drop code, owned by objects.

use super::gc::Gc;
use super::mutation::{Mutation, full_heap};
use super::trace::Trace;
use crate::heap::HeapFull;
use crate::memory::StableBox;
use crate::object::{SlotMap, Tracer};
use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;

/// An object that owns a value of any type without references into an arena, drop code or not: a file, a `String`, a map
/// of std's. Only ever met behind a [`Gc`]; [`Mutation::host`] makes one, and it is read as the value itself.
///
/// It costs an object of 16 bytes, a box with the value, and an entry in a table of the arena's. What can do without drop
/// code is better off in the arena itself.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Static};
/// let names = vec!["a".to_owned(), "b".to_owned()];
/// let arena = Arena::<Root![Gc<'_, Static<Vec<String>>>]>::new(Config::default(), |mc| mc.host(names))?;
/// arena.mutate(|mc, root| assert_eq!(root.get(mc).get(mc).join(" "), "a b"));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
///
/// # When it is dropped
/// After the collection that finds the object dead, before the arena's method returns, on the thread that called it; or
/// with the arena. Never while a reference to it is alive, and never twice. In which order values are dropped that die
/// together is not said. The drop code may do anything, such as drop another arena; but its own arena is being used: a
/// thread-local `RefCell` that the arena is kept in is borrowed. If it panics, the other values are dropped all the
/// same, then the panic goes on, and the arena can still be used; if a second one panics meanwhile, the process is
/// aborted, as by any panic while another one unwinds.
///
/// A [`Handle`](super::Handle) in a value, to an object that leads back to it, keeps both for as long as the arena.
///
/// # Closing early
/// When an object will be found dead, nobody can say. A resource that is to be given up at a certain time is taken out:
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Root, Static};
/// use std::cell::RefCell;
/// use std::fs::File;
/// use std::io;
///
/// type Stream = Static<RefCell<Option<File>>>;
///
/// fn close(stream: &Stream) -> io::Result<()> {
///     let file = stream.take().ok_or(io::Error::other("closed already"))?;
///     file.sync_all() // It is closed when it goes out of scope.
/// }
///
/// # let path = std::env::temp_dir().join(format!("gc_core_static_{}", std::process::id()));
/// let file = File::create(&path)?;
/// let arena = Arena::<Root![Gc<'_, Stream>]>::new(Config::default(), |mc| mc.host(RefCell::new(Some(file))))?;
/// arena.mutate(|mc, root| {
///     let stream = root.get(mc).get(mc);
///     assert!(close(stream).is_ok());
///     assert!(close(stream).is_err());
/// });
/// # std::fs::remove_file(path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Static<T> {
    value: NonNull<T>,
}

impl<T> Deref for Static<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the value is dropped once the object is dead, and while there is a reference to the object, which is
        // the only place that a `Static` is ever in, it is alive.
        unsafe { self.value.as_ref() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Static<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Static").field(&**self).finish()
    }
}

// SAFETY: the value outlives everything, so it has no references into an arena, whose lifetime is never `'static`. It may
// be sent. That it is dropped is seen to by the table of host values: this is a pointer.
unsafe impl<'gc, T: Send + 'static> Trace<'gc> for Static<T> {
    type Id = Static<T>;
    const SLOTS: SlotMap = SlotMap::NONE;

    fn trace(&self, _tracer: &mut Tracer) {}
}

impl<'gc> Mutation<'gc> {
    /// Makes an object that owns a host value. It counts as external memory of the size of a `T`.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let name = mc.host(String::from("a"));
    /// assert_eq!(name.get(mc).len(), 1);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn host<T: Send + 'static>(self, value: T) -> Gc<'gc, Static<T>> {
        self.try_host(value).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Mutation::host`], but a full heap is an error instead of a panic.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let name = mc.try_host(String::from("a")).expect("room");
    /// assert_eq!(name.get(mc).as_str(), "a");
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full; the value is dropped.
    pub fn try_host<T: Send + 'static>(self, value: T) -> Result<Gc<'gc, Static<T>>, HeapFull> {
        self.try_host_sized(value, size_of::<T>())
    }

    /// As [`Mutation::host`], for a value that stands for `bytes` bytes of memory in all. The arena counts them as
    /// external memory, and collects the sooner for them.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// for _ in 0..100 {
    ///     arena.mutate(|mc, _| mc.host_sized(vec![0_u8; 1 << 20], 1 << 20).get(mc).len());
    ///     arena.collect_if_due();
    /// }
    /// assert!(arena.memory_usage().external < 20 << 20);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    #[must_use]
    #[track_caller]
    pub fn host_sized<T: Send + 'static>(self, value: T, bytes: usize) -> Gc<'gc, Static<T>> {
        self.try_host_sized(value, bytes).unwrap_or_else(|full| full_heap(full))
    }

    /// As [`Mutation::host_sized`], but a full heap is an error instead of a panic.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// # arena.mutate(|mc, _| {
    /// let buffer = mc.try_host_sized(vec![0_u8; 1 << 20], 1 << 20).expect("room");
    /// assert_eq!(buffer.get(mc).len(), 1 << 20);
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full; the value is dropped.
    pub fn try_host_sized<T: Send + 'static>(
        self,
        value: T,
        bytes: usize,
    ) -> Result<Gc<'gc, Static<T>>, HeapFull> {
        let (owned, value) = StableBox::new(value);
        let gc = self.try_new(Static { value })?;
        self.with_heap(|heap| heap.own_still(gc.object(), owned, bytes as u64));
        Ok(gc)
    }
}
