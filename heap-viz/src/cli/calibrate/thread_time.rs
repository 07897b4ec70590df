//! How long a thread has had a processor.

use gc_core::event::Nanos;

/// The time for which this thread has had a processor; none where the system does not tell.
#[cfg(unix)]
pub(crate) fn thread_time() -> Option<Nanos> {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).ok()?.checked_mul(1_000_000_000)?;
    seconds.checked_add(u64::try_from(time.tv_nsec).ok()?).map(Nanos)
}

#[cfg(not(unix))]
pub(crate) fn thread_time() -> Option<Nanos> {
    None
}
