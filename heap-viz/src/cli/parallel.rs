//! Work on several threads.

use super::failure::Failure;
use super::progress::Progress;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// How many threads this machine runs at once.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What `work` makes of each item, in the order of the items, whatever the number of threads. `done` is told how many are
/// done. After a failure no other item is begun.
pub(crate) fn map<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> Result<R, Failure> + Sync,
    done: impl Fn(usize) + Sync,
) -> Result<Vec<R>, Failure> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        items.get(index).map(|item| (index, item))
    };
    let work = || {
        while let Some((index, item)) = take() {
            let outcome = work(item);
            if outcome.is_err() {
                next.store(items.len(), Ordering::Relaxed);
            }
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.push((index, outcome));
            done(found.len());
        }
    };
    thread::scope(|scope| (0..threads.max(1)).for_each(|_| _ = scope.spawn(work)));
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(_, outcome)| outcome).collect()
}

/// As [`map`], on all cores; the progress is shown under `name`.
pub(crate) fn on_all_cores<T: Sync, R: Send>(
    name: &str,
    items: &[T],
    work: impl Fn(&T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let progress = Progress::new(name, 1, 1);
    map(items, cores().min(items.len()), work, |done| progress.show(done as f64 / items.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::{map, on_all_cores};
    use crate::cli::failure::Failure;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_the_order_of_items_whatever_the_number_of_threads() {
        let items: Vec<_> = (0..100).collect();
        for threads in [0, 1, 7] {
            let counted = AtomicUsize::new(0);
            let doubled =
                map(&items, threads, |item| Ok(2 * item), |count| counted.store(count, Ordering::Relaxed));
            assert_eq!(
                doubled.expect("nothing fails"),
                items.iter().map(|item| 2 * item).collect::<Vec<_>>()
            );
            assert_eq!(counted.into_inner(), 100);
        }
    }

    #[test]
    fn results_are_in_the_order_of_their_items() {
        let squares = on_all_cores("squaring", &[1, 2, 3, 4, 5, 6, 7], |n| Ok(n * n));
        assert_eq!(squares.expect("nothing fails"), [1, 4, 9, 16, 25, 36, 49]);
        assert!(on_all_cores("nothing", &[], |n: &u32| Ok(*n)).expect("nothing fails").is_empty());
    }

    #[test]
    fn after_a_failure_no_other_item_is_begun() {
        let begun = AtomicUsize::new(0);
        let fail = |_: &u32| {
            begun.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(Failure::Exceeded(vec!["it".into()]))
        };
        assert!(map(&[1, 2, 3], 1, fail, |_| ()).is_err());
        assert_eq!(begun.into_inner(), 1);
    }
}
