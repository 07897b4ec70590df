//! Hash sets that are objects.

use super::forward;
use crate::arena::collections::{Key, Set};
use crate::arena::{Gc, Mutation};
use crate::heap::HeapFull;

forward! {
    [K: Key<'gc>] Set<'gc, K>:
    /// Whether a key is in the set.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 1);
    /// assert!(set.contains(mc, 1) && !set.contains(mc, 2));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get contains(key: K) -> bool;

    /// The keys, in the order in which they were inserted; as [`Set::iter`].
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 2);
    /// set.insert(mc, 1);
    /// assert!(set.iter(mc).eq([2, 1]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    get iter() -> impl Iterator<Item = K> + use<'gc, K>;

    /// Puts a key into the set; whether it was not there.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// assert!(set.insert(mc, 1));
    /// assert!(!set.insert(mc, 1));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Panics
    /// If the heap is full.
    write insert(key: K) -> bool;

    /// As `insert`, but a full heap is an error instead of a panic; the set is then as it was.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// assert!(set.try_insert(mc, 1).is_ok_and(|is_new| is_new));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the heap is full.
    write try_insert(key: K) -> Result<bool, HeapFull>;

    /// Takes a key out; whether it was there.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 1);
    /// assert!(set.remove(mc, 1) && !set.remove(mc, 1));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write remove(key: K) -> bool;

    /// Takes all keys out.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 1);
    /// set.clear(mc);
    /// assert!(set.is_empty(mc));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write clear();

    /// Takes all keys out but those for which `is_kept` is true.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Root, Set};
    /// # let arena = Arena::<Root![Set<'_, u32>]>::new(Config::default(), |_| Set::new())?;
    /// # arena.mutate(|mc, set| {
    /// set.insert(mc, 1);
    /// set.insert(mc, 2);
    /// set.retain(mc, |key| key > 1);
    /// assert!(set.iter(mc).eq([2]));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    write retain(is_kept: impl FnMut(K) -> bool);
}
