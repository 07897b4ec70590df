//! Memory that a process has resident, as the system tells it.

use std::fs;

/// Memory of this process that is resident now, in bytes, counted page by page; 0 where the system does not tell.
///
/// The sum in `/proc/self/statm` lags behind, by up to 64 pages a thread.
pub(crate) fn now_bytes() -> u64 {
    let sums = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let line = sums.lines().find_map(|line| line.strip_prefix("Rss:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0) * 1024
}

/// Most memory that a process has had resident since its program started, in KiB; `process` is its number or `self`. 0 where the
/// system does not tell, or the process has ended.
pub(crate) fn peak_kib(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
