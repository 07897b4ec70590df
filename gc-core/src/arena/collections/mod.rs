//! Collections whose values lie in the arena: [`Vec`], [`Map`], [`Set`] and [`OrderedMap`].
//!
//! A collection is a value of a few words, [`Trace`](super::Trace) like any other: it can be an object of its own, or a field in one.
//! What it holds lies in objects that it refers to, and that the collector moves. Anybody may read a collection; only a
//! [`Write`](super::Write) may change it, which [`Gc::write`](super::Gc::write) and [`Write::field`](super::Write::field) give out. For collections that are objects
//! of their own, [`Gc`](super::Gc) has the same methods: those that change the collection go through the write barrier by themselves.
//!
//! ```
//! # use gc_core::Config;
//! use gc_core::arena::{Arena, Gc, Map, Root, Str, Trace, Vec};
//!
//! #[derive(Trace)]
//! struct Machine<'gc> {
//!     stack: Vec<'gc, u64>,
//!     globals: Gc<'gc, Map<'gc, Gc<'gc, Str>, u64>>,
//! }
//!
//! let arena = Arena::<Root![Machine<'_>]>::new(Config::default(), |mc| {
//!     Machine { stack: Vec::new(), globals: mc.new(Map::new()) }
//! })?;
//! arena.mutate(|mc, machine| {
//!     machine.write(mc).field(|machine| &machine.stack).push(mc, 1);
//!     machine.get(mc).globals.insert(mc, mc.str("answer"), 42);
//!
//!     assert_eq!(machine.get(mc).stack.at(mc, 0), 1);
//!     assert_eq!(machine.get(mc).globals.lookup(mc, mc.str("answer")), Some(42));
//! });
//! # Ok::<(), gc_core::ConfigError>(())
//! ```
//!
//! # When the heap is full
//! Methods that may need room panic if there is none. Each has a twin with `try_` before its name, which returns that as an
//! error and leaves what is in the collection as it was.
//!
//! ```
//! # use gc_core::Config;
//! # use gc_core::arena::{Arena, Root, Vec};
//! let config = Config { max_old_bytes: 1 << 20, ..Config::default() };
//! let arena = Arena::<Root![Vec<'_, u64>]>::new(config, |_| Vec::new())?;
//! arena.mutate(|mc, numbers| {
//!     numbers.extend(mc, 0..10);
//!     assert!(numbers.try_extend(mc, 0..).is_err());
//!     assert_eq!(numbers.len(mc), 10);
//! });
//! # Ok::<(), gc_core::ConfigError>(())
//! ```
//!
//! # Iteration
//! Collections may be changed while they are iterated over, by whoever iterates or by others. What is seen then is defined:
//! by [`Vec::iter`], [`Cursor`] and [`OrderedMap::range`].

mod cursor;
mod forward;
mod key;
mod map;
mod node;
mod ordered_map;
mod range;
mod set;
mod storage;
mod table;
mod vec;

pub use cursor::Cursor;
pub use key::{ById, Key, OrderedKey};
pub use map::Map;
pub use ordered_map::OrderedMap;
pub use range::Range;
pub use set::Set;
pub use vec::{Iter, Vec};
