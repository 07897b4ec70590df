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
//!    arena; host values are dropped when it is done. An arena whose collection was cut short by a panic, as the sink's may
//!    be, is not used again.
//! 6. *Every store is told.* What may hold references is changed through [`Write`] only, which the barrier gives out.

mod any;
mod array;
pub mod collections;
mod finalizers;
mod gc;
mod handle;
mod hash;
mod interner;
mod lock;
mod mutation;
mod nan_box;
mod pack;
#[doc(hidden)]
pub mod packing;
mod root;
mod static_value;
mod str;
mod trace;
mod types;
mod weak;
mod weak_map;
mod weak_table;
mod write;

use crate::event::{EventSink, Nanos, Usage};
use crate::heap::{
    self, Budget, Config, ConfigError, Heap, HeapFull, MemoryUsage, NearLimit, Stats, Watcher,
};
pub use crate::object::{Describer, Field, SlotMap, Tracer};
use crate::record::MutationLog;
use crate::snapshot::Snapshot;
use crate::verify::Violation;
pub use any::Any;
pub use array::Array;
pub use collections::{Key, Map, OrderedKey, OrderedMap, Set, Vec};
pub use gc::{Gc, Object};
pub use handle::Handle;
pub use interner::Interner;
pub use lock::{Lock, RefLock};
use mutation::Shared;
pub use mutation::{Fill, Mutation};
pub use nan_box::{NanBox, Unpacked};
pub use pack::{Pack, Packed, Word};
use root::StandsFor;
pub use root::{Branded, Rootable};
pub use static_value::Static;
use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
pub use str::Str;
pub use trace::Trace;
use types::Types;
pub use weak::{Ephemeron, Weak};
pub use weak_map::WeakMap;
pub use write::Write;

#[doc(no_inline)]
pub use gc_core_derive::Pack;
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
/// `R` is the type of the root for every brand: `Arena<Root![Vm<'_>]>`. An arena may be sent to another thread while no closure
/// runs, since values may be, by the contract of [`Trace`]. A process may have many.
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
    of: StandsFor<R>,
}

impl<R: ?Sized> fmt::Debug for Arena<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").finish_non_exhaustive()
    }
}

impl<R: ?Sized> Arena<R> {
    // What is asked of the root is asked here, not above: only then is the programmer told what it lacks.
    /// An arena whose root `make` makes.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(1))?;
    /// assert_eq!(arena.mutate(|mc, root| root.get(mc).get()), 1);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If a setting is out of range, or the system refuses the address space.
    pub fn new(
        config: Config,
        make: impl for<'gc> FnOnce(Mutation<'gc>) -> Branded<'gc, R>,
    ) -> Result<Arena<R>, ConfigError>
    where
        R: for<'gc> Rootable<'gc>,
        for<'gc> Branded<'gc, R>: Trace<'gc>,
    {
        let shared = new_shared(config)?;
        let root = new_root::<R>(&shared, make);
        Ok(Arena { root, shared, is_whole: true, of: PhantomData })
    }

    /// An arena whose root `make` makes, if it can: it may fail with the program's error, or for want of room.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Array, Gc, Lock, Root};
    /// # use std::error::Error;
    /// type Slots = Root![Gc<'_, Array<Lock<u64>>>];
    ///
    /// fn with_slots(text: &str) -> Result<Arena<Slots>, Box<dyn Error>> {
    ///     Arena::try_new(Config::default(), |mc| {
    ///         let count: usize = text.parse()?;
    ///         Ok(mc.try_array_filled(count, Lock::new(0))?)
    ///     })
    /// }
    ///
    /// assert!(with_slots("1000").is_ok());
    /// assert!(with_slots("no number").is_err_and(|error| error.to_string().contains("invalid digit")));
    /// assert!(with_slots("1000000000000").is_err_and(|error| error.to_string().contains("full")));
    /// ```
    ///
    /// # Errors
    /// That of `make`, a [`ConfigError`] as of [`Arena::new`], or a [`HeapFull`] if there is no room for the root.
    pub fn try_new<E>(
        config: Config,
        make: impl for<'gc> FnOnce(Mutation<'gc>) -> Result<Branded<'gc, R>, E>,
    ) -> Result<Arena<R>, E>
    where
        R: for<'gc> Rootable<'gc>,
        for<'gc> Branded<'gc, R>: Trace<'gc>,
        E: From<ConfigError> + From<HeapFull>,
    {
        let shared = new_shared(config)?;
        let root = try_new_root::<R, E>(&shared, make)?;
        Ok(Arena { root, shared, is_whole: true, of: PhantomData })
    }
}

/// What an arena consists of, but for the root.
fn new_shared(config: Config) -> Result<Shared, ConfigError> {
    let mut heap = Heap::new(config)?;
    heap.set_allowance_still();
    Ok(Shared { heap: UnsafeCell::new(heap), types: Types::default() })
}

impl<R> Arena<R>
where
    R: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, R>: Trace<'gc>,
{
    /// Lets `f` read and change the arena. Nothing is collected meanwhile; to be followed by [`Arena::collect_if_due`], unless
    /// another closure of the same arena is still running.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let arena = Arena::<Root![Lock<u32>]>::new(Config::default(), |_| Lock::new(1))?;
    /// arena.mutate(|mc, root| root.set(mc, 2));
    /// assert_eq!(arena.mutate(|mc, root| root.get(mc).get()), 2);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If a panic has cut a collection short, such as one of the event sink.
    pub fn mutate<T>(&self, f: impl for<'gc> FnOnce(Mutation<'gc>, Gc<'gc, Branded<'gc, R>>) -> T) -> T {
        self.check_whole();
        let mc = Mutation::of(&self.shared);
        f(mc, rooted::<R>(mc, &self.root))
    }

    /// One turn of a program: lets `f` read and change the arena, and then does what allocations have made due. That is
    /// [`Arena::mutate`] and [`Arena::collect_if_due`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Lock, Root};
    /// # let mut arena = Arena::<Root![Lock<u64>]>::new(Config::default(), |_| Lock::new(0))?;
    /// for number in 0..100_000 {
    ///     arena.turn(|mc, root| root.set(mc, *mc.new(number).get(mc) + root.get(mc).get()));
    /// }
    /// assert_eq!(arena.mutate(|mc, root| root.get(mc).get()), 4_999_950_000);
    /// assert!(arena.stats().minor_collections > 0);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// As [`Arena::mutate`].
    pub fn turn<T>(&mut self, f: impl for<'gc> FnOnce(Mutation<'gc>, Gc<'gc, Branded<'gc, R>>) -> T) -> T {
        let result = self.mutate(f);
        self.collect_if_due();
        result
    }

    /// An arena with another root, made from this one's.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Root, Str};
    /// # let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7)?;
    /// let arena: Arena<Root![Gc<'_, Str>]> = arena.map_root(|mc, root| mc.str(&root.get(mc).to_string()));
    /// arena.mutate(|mc, root| assert_eq!(root.get(mc).as_str(mc), "7"));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
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
        let root = new_root::<S>(&self.shared, |mc| map(mc, rooted::<R>(mc, &self.root)));
        Arena { root, shared: self.shared, is_whole: true, of: PhantomData }
    }

    /// As [`Arena::map_root`], if `map` can make the root: it may fail with the program's error, or for want of room.
    ///
    /// ```
    /// # use gc_core::arena::{Arena, Gc, Root, Str};
    /// # use gc_core::{Config, HeapFull};
    /// # let arena = Arena::<Root![u32]>::new(Config::default(), |_| 7)?;
    /// type Text = Root![Gc<'_, Str>];
    ///
    /// let mapped = arena.try_map_root::<Text, HeapFull>(|mc, root| mc.try_str(&root.get(mc).to_string()));
    /// let arena = mapped.map_err(|(_, full)| full).expect("room");
    /// arena.mutate(|mc, root| assert_eq!(root.get(mc).as_str(mc), "7"));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// That of `map`, or a [`HeapFull`] if there is no room for the root; beside it the arena, with the root that it had.
    pub fn try_map_root<S, E>(
        self,
        map: impl for<'gc> FnOnce(Mutation<'gc>, Gc<'gc, Branded<'gc, R>>) -> Result<Branded<'gc, S>, E>,
    ) -> Result<Arena<S>, (Box<Arena<R>>, E)>
    where
        S: ?Sized + for<'gc> Rootable<'gc>,
        for<'gc> Branded<'gc, S>: Trace<'gc>,
        E: From<HeapFull>,
    {
        self.check_whole();
        match try_new_root::<S, E>(&self.shared, |mc| map(mc, rooted::<R>(mc, &self.root))) {
            Ok(root) => Ok(Arena { root, shared: self.shared, is_whole: true, of: PhantomData }),
            Err(error) => Err((Box::new(self), error)),
        }
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
        let state = new_root::<S>(&self.shared, |mc| start(mc, rooted::<R>(mc, &self.root)));
        loop {
            self.collect_if_due();
            let mc = Mutation::of(&self.shared);
            let (root, state) = (rooted::<R>(mc, &self.root), rooted::<S>(mc, &state));
            if let ControlFlow::Break(result) = step(mc, root, state) {
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

/// Makes a value and a root for it, if that can be had.
fn try_new_root<S, E>(
    shared: &Shared,
    make: impl for<'gc> FnOnce(Mutation<'gc>) -> Result<Branded<'gc, S>, E>,
) -> Result<heap::Root, E>
where
    S: ?Sized + for<'gc> Rootable<'gc>,
    for<'gc> Branded<'gc, S>: Trace<'gc>,
    E: From<HeapFull>,
{
    let mc = Mutation::of(shared);
    let object = mc.try_new(make(mc)?)?.object();
    Ok(mc.with_heap(|heap| heap.root_object(object)))
}

/// The value of a root that was made for what `S` stands for.
#[inline]
fn rooted<'gc, S>(mc: Mutation<'gc>, root: &heap::Root) -> Gc<'gc, Branded<'gc, S>>
where
    S: ?Sized + Rootable<'gc>,
{
    Gc::of(mc.rooted(root).expect("the root is one of this arena"))
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

    /// Collects, lets the program allocate until something is due again, and then drops the host values that died. Their
    /// drop code may do anything: it cannot reach the arena, which is borrowed, and if it panics the arena is in order, and
    /// the other values are dropped.
    fn collect_by<T>(&mut self, collect: impl FnOnce(&mut Heap) -> T) -> T {
        self.check_whole();
        self.is_whole = false;
        let heap = self.shared.heap.get_mut();
        let result = collect(heap);
        heap.set_allowance_still();
        self.is_whole = true;
        drop(heap.take_dead_host_values());
        result
    }

    /// Does what allocations have made due since the last boundary: nothing at all, or a step of a marking, or a scavenge.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// for _ in 0..100_000 {
    ///     arena.mutate(|mc, _| mc.new([0_u64; 8]).ptr_eq(mc.new(0_u8)));
    ///     arena.collect_if_due();
    /// }
    /// assert!(arena.stats().minor_collections > 0);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[inline]
    pub fn collect_if_due(&mut self) {
        if self.shared.heap.get_mut().is_due() {
            self.collect_by(Heap::collect_if_due);
        }
    }

    /// Scavenges new space now.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.collect_minor();
    /// assert_eq!(arena.stats().minor_collections, 1);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn collect_minor(&mut self) {
        self.collect_by(Heap::collect_minor);
    }

    /// Collects the whole heap now.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.collect_full();
    /// assert_eq!(arena.stats().full_collections, 1);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn collect_full(&mut self) {
        self.collect_by(Heap::collect_full);
    }

    /// Collects the whole heap now and compacts old space.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.compact();
    /// assert_eq!(arena.stats().full_collections, 1);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn compact(&mut self) {
        self.collect_by(Heap::compact);
    }

    /// Uses the program's idle time; whether there is more to do. See [`Heap::step`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// use gc_core::Budget;
    ///
    /// while arena.step(Budget::Work(1_000)) {}
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn step(&mut self, budget: Budget) -> bool {
        self.collect_if_due();
        self.collect_by(|heap| heap.step(budget))
    }

    /// Memory in use.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.mutate(|mc, _| mc.array(&[0_u8; 10_000]).len(mc));
    /// assert!(arena.memory_usage().heap_used > 10_000);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn memory_usage(&self) -> MemoryUsage {
        self.heap().memory_usage()
    }

    /// Memory in use, by space.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// assert_eq!(arena.usage().heap_used(), arena.memory_usage().heap_used);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.heap().usage()
    }

    /// The time on the arena's clock, which starts with the arena.
    ///
    /// ```
    /// # use gc_core::arena::{Arena, Root};
    /// # use gc_core::{ClockSource, Config, clock::CostModel};
    /// let config = Config { clock: ClockSource::Modelled(CostModel::default()), ..Config::default() };
    /// let arena = Arena::<Root![()]>::new(config, |_| ())?;
    /// let before = arena.now();
    /// arena.mutate(|mc, _| mc.array(&[0_u8; 10_000]).len(mc));
    /// assert!(arena.now() > before);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn now(&self) -> Nanos {
        self.heap().now()
    }

    /// What has happened so far.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// assert_eq!(arena.stats().heap_full, 0);
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.heap().stats()
    }

    /// Sends events to `sink` from now on, instead of to any other.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// use gc_core::event::{Event, Recorder};
    ///
    /// let recorder = Recorder::default();
    /// arena.set_sink(Box::new(recorder.clone()));
    /// arena.collect_minor();
    /// assert!(recorder.take().iter().any(|event| matches!(event, Event::PauseEnded(_))));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn set_sink(&mut self, sink: Box<dyn EventSink>) {
        self.shared.heap.get_mut().set_sink(sink);
    }

    /// Has `watcher` look at the heap around each pause from now on, instead of any other.
    pub fn watch(&mut self, watcher: Box<dyn Watcher>) {
        self.shared.heap.get_mut().watch(watcher);
    }

    /// Tells `log` from now on what the program does, first all that there is. See [`record`](crate::record) for how; it is
    /// told until [`Arena::stop_recording`]. A log that was set before is dropped.
    ///
    /// Objects are told as untyped ones of the same size. While it is told, [`Mutation::should_yield`] is true more often.
    pub fn record(&mut self, log: Box<dyn MutationLog>) {
        self.check_whole();
        self.shared.heap.get_mut().record_every(log, heap::ARENA_INTERVAL_BYTES);
    }

    /// Tells the log what it has not been told, and gives it back.
    pub fn stop_recording(&mut self) -> Option<Box<dyn MutationLog>> {
        self.check_whole();
        self.shared.heap.get_mut().stop_recording()
    }

    /// Samples allocations from now on, as [`Heap::sample_allocations`](crate::Heap::sample_allocations) does: `distances` are
    /// the bytes from each sample point to the next. [`Mutation::take_sample`] tells which allocations come upon one.
    pub fn sample_allocations(&mut self, distances: Box<dyn Iterator<Item = u64> + Send>) {
        self.shared.heap.get_mut().sample_allocations(distances);
    }

    /// Ends the sampling, if one is under way.
    pub fn stop_sampling(&mut self) {
        self.shared.heap.get_mut().stop_sampling();
    }

    /// Sets what is asked, at a boundary, when an allocation has been refused and a collection of everything was no help.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// arena.on_near_limit(Box::new(|limit| Some(2 * limit.max_old_bytes)));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn on_near_limit(&mut self, callback: Box<dyn FnMut(NearLimit) -> Option<u64> + Send>) {
        self.shared.heap.get_mut().on_near_limit(callback);
    }

    /// All objects that the root, handles and the queue of finalizers reach, as plain data. See [`Heap::snapshot`].
    ///
    /// It is taken between closures only, not within one: there the program may be changing an object that the snapshot
    /// would have to read.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Root, Trace};
    /// #[derive(Trace)]
    /// struct Fork<'gc> { left: Gc<'gc, u64>, right: Gc<'gc, u64> }
    ///
    /// let mut arena = Arena::<Root![Fork<'_>]>::new(Config::default(), |mc| {
    ///     Fork { left: mc.new(1), right: mc.new(2) }
    /// })?;
    /// let snapshot = arena.snapshot();
    /// let names: Vec<_> = snapshot.references().map(|reference| reference.name().to_string()).collect();
    /// assert_eq!(names, ["left", "right"]);
    /// assert_eq!(snapshot.census()[0].of.name(), "u64");
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// ```compile_fail,E0502
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ()).unwrap();
    /// arena.mutate(|_, _| arena.snapshot());
    /// ```
    #[must_use]
    pub fn snapshot(&mut self) -> Snapshot {
        self.shared.heap.get_mut().snapshot()
    }

    /// Makes the collector err in one way from now on, for tests that show how it is found out.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Gc, Lock, Root};
    /// # type Cell = Root![Lock<Option<Gc<'_, u32>>>];
    /// # let mut arena = Arena::<Cell>::new(Config::default(), |_| Lock::new(None))?;
    /// use gc_core::fault::Fault;
    ///
    /// (0..3).for_each(|_| arena.collect_full());
    /// arena.arm(Fault::TypedBarrierDropped);
    /// arena.mutate(|mc, root| root.set(mc, Some(mc.new(1))));
    /// assert!(arena.verify().is_err(), "an old object has a young one that the collector was not told of");
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[cfg(feature = "faults")]
    pub fn arm(&mut self, fault: crate::fault::Fault) {
        self.shared.heap.get_mut().arm(fault);
    }

    /// Checks every invariant of the heap. Not within a closure, which may have borrowed a [`RefLock`] to change it: the
    /// verifier reads values.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root};
    /// # let mut arena = Arena::<Root![()]>::new(Config::default(), |_| ())?;
    /// assert_eq!(arena.verify(), Ok(()));
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// The first violation found.
    pub fn verify(&mut self) -> Result<(), Violation> {
        self.check_whole();
        self.shared.heap.get_mut().verify()
    }
}
