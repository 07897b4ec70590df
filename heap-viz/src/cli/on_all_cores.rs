//! Work that is spread over all cores.

use super::progress::Progress;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What `work` makes of each of the `items`, in their order. It does not depend on how many threads there are, unless `work`
/// does.
pub(crate) fn on_all_cores<T: Sync, R: Send>(
    name: &str,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let done = Mutex::new(Vec::new());
    let (next, progress) = (AtomicUsize::new(0), Progress::new(name, 1, 1));
    let worker = || {
        while let Some((index, item)) = take(items, &next) {
            let result = work(item);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((index, result));
            progress.show(done.len() as f64 / items.len() as f64);
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(worker)));
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'i, T>(items: &'i [T], next: &AtomicUsize) -> Option<(usize, &'i T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    items.get(index).map(|item| (index, item))
}

#[cfg(test)]
mod tests {
    use super::on_all_cores;

    #[test]
    fn results_are_in_the_order_of_their_items() {
        let squares = on_all_cores("squaring", &[1, 2, 3, 4, 5, 6, 7], |n| n * n);
        assert_eq!(squares, [1, 4, 9, 16, 25, 36, 49]);
        assert!(on_all_cores("nothing", &[], |n: &u32| *n).is_empty());
    }
}
