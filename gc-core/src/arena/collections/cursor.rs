//! Positions in maps.

use super::table::Table;
use crate::arena::{Gc, Mutation, Trace};

/// A position in a [`Map`](super::Map), which goes from one entry to the next, from [`Map::cursor`](super::Map::cursor).
///
/// It can lie in the arena, and thereby outlive a closure: programs' own iterators are made of it. Each entry that is in the map
/// when the cursor comes by is seen, once, in the order of insertion, whatever happens to the map meanwhile: entries inserted
/// meanwhile it will come to, entries removed before it has come to them it does not see, and a key that is removed and inserted
/// again is a new entry. A cursor in a map that has never had an entry yet is at its end at once. One that does not go on keeps
/// alive what the map has let go of since.
///
/// ```
/// # use gc_core::Config;
/// # use gc_core::arena::{Arena, Gc, Lock, Map, Root, Trace};
/// use gc_core::arena::collections::Cursor;
///
/// #[derive(Trace)]
/// struct Loop<'gc> { map: Gc<'gc, Map<'gc, u32, u32>>, cursor: Lock<Cursor<'gc, u32, u32>> }
///
/// let mut arena = Arena::<Root![Loop<'_>]>::new(Config::default(), |mc| {
///     let map = mc.new(Map::new());
///     (0..100).for_each(|key| drop(map.insert(mc, key, key * key)));
///     Loop { map, cursor: Lock::new(map.cursor(mc)) }
/// })?;
/// for key in 0..100 {
///     arena.mutate(|mc, root| {
///         let mut cursor = root.get(mc).cursor.get();
///         assert_eq!(cursor.next(mc), Some((key, key * key)));
///         root.write(mc).field(|root| &root.cursor).set(cursor);
///         root.get(mc).map.remove(mc, key);
///     });
///     arena.collect_minor();
/// }
/// # Ok::<(), gc_core::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Trace)]
pub struct Cursor<'gc, K, V> {
    table: Option<Gc<'gc, Table<'gc, K, V>>>,
    position: u32,
}

impl<'gc, K: Trace<'gc> + Copy, V: Trace<'gc> + Copy> Cursor<'gc, K, V> {
    pub(super) fn new(table: Option<Gc<'gc, Table<'gc, K, V>>>) -> Self {
        Cursor { table, position: 0 }
    }

    /// The next entry, if there is one. O(1) on average.
    ///
    /// ```
    /// # use gc_core::Config;
    /// # use gc_core::arena::{Arena, Map, Root};
    /// # let arena = Arena::<Root![Map<'_, u32, char>]>::new(Config::default(), |_| Map::new())?;
    /// # arena.mutate(|mc, map| {
    /// map.insert(mc, 1, 'a');
    /// let mut cursor = map.cursor(mc);
    /// assert_eq!(cursor.next(mc), Some((1, 'a')));
    /// assert_eq!(cursor.next(mc), None);
    /// map.insert(mc, 2, 'b');
    /// assert_eq!(cursor.next(mc), Some((2, 'b')));
    /// # });
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    pub fn next(&mut self, mc: Mutation<'gc>) -> Option<(K, V)> {
        let table = self.current_table(mc)?;
        let (entry, behind) = table.entry_from(mc, self.position as usize)?;
        self.position = behind as u32;
        Some((entry.key, entry.value))
    }

    /// The table that the map has now.
    fn current_table(&mut self, mc: Mutation<'gc>) -> Option<&'gc Table<'gc, K, V>> {
        let mut table = self.table?.get(mc);
        while let Some(next) = table.next() {
            self.position = table.translated(mc, self.position as usize) as u32;
            self.table = Some(next);
            table = next.get(mc);
        }
        Some(table)
    }
}
