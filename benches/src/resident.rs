//! Memory that a process has resident, as the system tells it.

use std::fs;

/// Most memory that a process has had resident since its program started, in KiB; `process` is its number or `self`. 0 where the
/// system does not tell, or the process has ended.
pub(crate) fn peak_kib(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
