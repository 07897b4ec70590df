//! Memory of this process and this machine.

use heap_viz::MachineMemory;
use sysinfo::{MemoryRefreshKind, ProcessRefreshKind, ProcessesToUpdate, System};

/// The memory now; zeros where the system does not tell.
pub(crate) fn machine_memory() -> MachineMemory {
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    MachineMemory {
        process_rss_bytes: process_rss_bytes(&mut system).unwrap_or(0),
        system_total_bytes: system.total_memory(),
        system_free_bytes: system.free_memory(),
    }
}

fn process_rss_bytes(system: &mut System) -> Option<u64> {
    let this = sysinfo::get_current_pid().ok()?;
    let memory = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[this]), false, memory);
    Some(system.process(this)?.memory())
}
