//! L5: the typed face. Objects are Rust values behind [`Gc`] references; no `unsafe` in the program.
//!
//! A program works on an [`Arena`] in closures ([`Arena::mutate`]). References live no longer than a closure, so that
//! between two of them everything may be moved: that is when the arena collects. Within a closure an allocation never
//! collects; one that finds the heap crowded makes [`Mutation::should_yield`] true.
//!
//! # Why this is sound
//! 1. *Nothing escapes.* A closure is good for any brand `'gc`, and everything branded is invariant in it: no type outside
//!    can name it, and the brands of two arenas are never the same.
//! 2. *Exclusion.* Collecting takes `&mut Arena`; a closure that runs has `&Arena`.
//! 3. *Enumerability.* What refers to objects is the root, handles, other objects and the arena's own tables. Objects tell
//!    their references by [`Trace`], which the derive writes.
//! 4. *A move is a copy of bytes.* No reference into the heap is alive meanwhile, and nothing in it is pinned or has drop code.
//! 5. *No foreign code in between.* The collector calls nothing but `trace` and the event sink, which has no way into the
//!    arena. An arena whose collection was cut short by a panic, as the sink's may be, is not used again.
//! 6. *Every store is told.* What may hold references is changed through [`Write`] only, which the barrier gives out.

mod any;
mod array;
mod finalizers;
mod gc;
mod handle;
mod hash;
mod lock;
mod mutation;
mod root;
mod str;
mod trace;
mod types;
mod weak;
mod write;

use crate::event::EventSink;
use crate::heap::{self, Budget, Config, ConfigError, Heap, MemoryUsage, NearLimit, Stats};
pub use crate::object::{SlotMap, Tracer};
use crate::verify::Violation;
pub use any::Any;
pub use array::Array;
pub use gc::{Gc, Object};
pub use handle::Handle;
pub use lock::{Lock, RefLock};
pub use mutation::Mutation;
use mutation::Shared;
pub use root::{Branded, Rootable};
use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
pub use str::Str;
pub use trace::{Field, Trace};
use types::Types;
pub use weak::{Ephemeron, Weak};
pub use write::Write;

#[doc(no_inline)]
pub use gc_core_derive::Root;
#[doc(no_inline)]
pub use gc_core_derive::Trace;

/// What a type that has been derived for must not do: the derive makes every type this, and so does `Drop`.
#[doc(hidden)]
pub trait MustNotImplementDrop {}

#[expect(drop_bounds, reason = "types that implement `Drop` are meant, not those with fields to drop")]
impl<T: Drop> MustNotImplementDrop for T {}

/// A managed heap of typed objects, with one root value.
///
/// `R` is the type of the root for every brand: `Arena<Root![Vm<'_>]>`.
///
/// ```
/// use gc_core::Config;
/// use gc_core::arena::{Arena, Gc, Lock, Root, Trace};
///
/// #[derive(Trace)]
/// struct Node<'gc> { value: u32, next: Option<Gc<'gc, Node<'gc>>> }
///
/// #[derive(Trace)]
/// struct List<'gc> { head: Lock<Option<Gc<'gc, Node<'gc>>>> }
///
/// let mut arena = Arena::<Root![List<'_>]>::new(Config::default(), |_| List { head: Lock::new(None) })?;
/// for value in 0..100_000 {
///     arena.mutate(|mc, list| {
///         let node = mc.new(Node { value, next: list.get(mc).head.get() });
///         list.write(mc).field(|list| &list.head).set(Some(node));
///     });
///     arena.collect_if_due();
/// }
/// let newest = arena.mutate(|mc, list| list.get(mc).head.get().map(|node| node.get(mc).value));
/// assert_eq!(newest, Some(99_999));
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
pub struct Arena<R: ?Sized> {
    root: heap::Root,
    shared: Shared,
    /// Whether no collection has been cut short.
    is_whole: bool,
    of: PhantomData<fn() -> Box<R>>,
}

// SAFETY: everything in it may be sent: the heap is `Send`, and so is what lies in it, by the contract of `Trace`. No
// reference into it exists outside of closures, which borrow it.
unsafe impl<R: ?Sized> Send for Arena<R> {}

impl<R: ?Sized> fmt::Debug for Arena<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").finish_non_exhaustive()
    }
}

impl<R> Arena<R>
where
    R: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, R>: Trace<'gc>,
{
    /// An arena whose root `make` makes.
    ///
    /// # Errors
    /// If a setting is out of range, or the system refuses the address space.
    pub fn new(
        config: Config,
        make: impl for<'gc> FnOnce(Mutation<'gc>) -> Branded<'gc, R>,
    ) -> Result<Arena<R>, ConfigError> {
        let mut heap = Heap::new(config)?;
        heap.set_allowance_still();
        let shared = Shared { heap: UnsafeCell::new(heap), types: Types::default() };
        let root = new_root::<R>(&shared, make);
        Ok(Arena { root, shared, is_whole: true, of: PhantomData })
    }

    /// Lets `f` read and change the arena. Nothing is collected meanwhile; to be followed by [`Arena::collect_if_due`], unless
    /// another closure of the same arena is still running.
    ///
    /// # Panics
    /// If a panic has cut a collection short, such as one of the event sink.
    pub fn mutate<T>(&self, f: impl for<'gc> FnOnce(Mutation<'gc>, Gc<'gc, Branded<'gc, R>>) -> T) -> T {
        self.check_whole();
        let mc = Mutation::of(&self.shared);
        f(mc, Gc::of(mc.with_heap(|heap| heap.root_target(&self.root))))
    }

    /// An arena with another root, made from this one's.
    #[must_use]
    pub fn map_root<S>(
        self,
        map: impl for<'gc> FnOnce(Mutation<'gc>, Gc<'gc, Branded<'gc, R>>) -> Branded<'gc, S>,
    ) -> Arena<S>
    where
        S: ?Sized + for<'gc> Rootable<'gc>,
        for<'gc> Branded<'gc, S>: Trace<'gc>,
    {
        self.check_whole();
        let root = new_root::<S>(&self.shared, |mc| {
            map(mc, Gc::of(mc.with_heap(|heap| heap.root_target(&self.root))))
        });
        Arena { root, shared: self.shared, is_whole: true, of: PhantomData }
    }

    /// Runs a long piece of work step by step, with a boundary after each step, where the arena may collect. What the work
    /// needs from one step to the next is its state: a value that lies in the arena meanwhile.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Lock, Root, Trace};
    /// # use std::ops::ControlFlow;
    /// #[derive(Trace)]
    /// struct Sum<'gc> { total: Lock<Gc<'gc, u64>>, next: Lock<u64> }
    ///
    /// let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// let total = arena.run::<Root![Sum<'_>], u64>(
    ///     |mc, _| Sum { total: Lock::new(mc.new(0)), next: Lock::new(1) },
    ///     |mc, _, sum| {
    ///         let (total, next) = (*sum.get(mc).total.get().get(mc), sum.get(mc).next.get());
    ///         if next > 1_000 {
    ///             return ControlFlow::Break(total);
    ///         }
    ///         let sum = sum.write(mc);
    ///         sum.field(|sum| &sum.total).set(mc.new(total + next));
    ///         sum.field(|sum| &sum.next).set(next + 1);
    ///         ControlFlow::Continue(())
    ///     },
    /// );
    /// assert_eq!(total, 500_500);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn run<S, T>(
        &mut self,
        start: impl for<'gc> FnOnce(Mutation<'gc>, Gc<'gc, Branded<'gc, R>>) -> Branded<'gc, S>,
        mut step: impl for<'gc> FnMut(
            Mutation<'gc>,
            Gc<'gc, Branded<'gc, R>>,
            Gc<'gc, Branded<'gc, S>>,
        ) -> ControlFlow<T>,
    ) -> T
    where
        S: ?Sized + for<'gc> Rootable<'gc>,
        for<'gc> Branded<'gc, S>: Trace<'gc>,
    {
        self.check_whole();
        let state = new_root::<S>(&self.shared, |mc| {
            start(mc, Gc::of(mc.with_heap(|heap| heap.root_target(&self.root))))
        });
        loop {
            self.collect_if_due();
            let mc = Mutation::of(&self.shared);
            let [root, state] = [&self.root, &state].map(|root| mc.with_heap(|heap| heap.root_target(root)));
            if let ControlFlow::Break(result) = step(mc, Gc::of(root), Gc::of(state)) {
                return result;
            }
        }
    }
}

/// Makes a value and a root for it.
fn new_root<S>(shared: &Shared, make: impl for<'gc> FnOnce(Mutation<'gc>) -> Branded<'gc, S>) -> heap::Root
where
    S: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, S>: Trace<'gc>,
{
    let mc = Mutation::of(shared);
    let object = mc.new(make(mc)).object();
    mc.with_heap(|heap| heap.root_object(object))
}

impl<R: ?Sized> Arena<R> {
    fn heap(&self) -> &Heap {
        // SAFETY: mutations have only references to the heap that end before the program goes on, and what collects takes
        // `&mut self`.
        unsafe { &*self.shared.heap.get() }
    }

    /// Stops a program that would go on with objects half of which have been moved.
    #[inline]
    fn check_whole(&self) {
        assert!(self.is_whole, "a collection of this arena was cut short by a panic");
    }

    /// Lets `collect` move objects, and the program allocate until something is due again.
    fn collect<T>(&mut self, collect: impl FnOnce(&mut Heap) -> T) -> T {
        self.check_whole();
        self.is_whole = false;
        let heap = self.shared.heap.get_mut();
        let result = collect(heap);
        heap.set_allowance_still();
        self.is_whole = true;
        result
    }

    /// Does what allocations have made due since the last boundary: nothing at all, or a step of a marking, or a scavenge.
    #[inline]
    pub fn collect_if_due(&mut self) {
        if self.shared.heap.get_mut().is_due() {
            self.collect(Heap::collect_if_due);
        }
    }

    /// Scavenges new space now.
    pub fn collect_minor(&mut self) {
        self.collect(Heap::collect_minor);
    }

    /// Collects the whole heap now.
    pub fn collect_full(&mut self) {
        self.collect(Heap::collect_full);
    }

    /// Collects the whole heap now and compacts old space.
    pub fn compact(&mut self) {
        self.collect(Heap::compact);
    }

    /// Uses the program's idle time; whether there is more to do. See [`Heap::step`].
    pub fn step(&mut self, budget: Budget) -> bool {
        self.collect_if_due();
        self.collect(|heap| heap.step(budget))
    }

    /// Memory in use.
    #[must_use]
    pub fn memory_usage(&self) -> MemoryUsage {
        self.heap().memory_usage()
    }

    /// What has happened so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.heap().stats()
    }

    /// Sends events to `sink` from now on, instead of to any other.
    pub fn set_sink(&mut self, sink: Box<dyn EventSink>) {
        self.shared.heap.get_mut().set_sink(sink);
    }

    /// Sets what is asked, at a boundary, when an allocation has been refused and a collection of everything was no help.
    pub fn on_near_limit(&mut self, callback: Box<dyn FnMut(NearLimit) -> Option<u64> + Send>) {
        self.shared.heap.get_mut().on_near_limit(callback);
    }

    /// Makes the collector err in one way from now on.
    #[cfg(feature = "faults")]
    pub fn arm(&mut self, fault: crate::fault::Fault) {
        self.shared.heap.get_mut().arm(fault);
    }

    /// Checks every invariant of the heap.
    ///
    /// # Errors
    /// The first violation found.
    pub fn verify(&mut self) -> Result<(), Violation> {
        self.check_whole();
        // `&mut`: it looks into every object, and a closure may have borrowed a part of one to change it.
        self.heap().verify()
    }
}
