//! Programs in Lox.

use super::super::failure::Failure;
use super::super::text_file;
use super::super::trace_recording::TraceRecording;
use super::{Onlookers, machine_memory, with_live_heap};
use gc_core::{Config, MAX_OLD_BYTES};
use heap_viz::quantity::Size;
use heap_viz::{PauseReport, RunEnd, Verdict};
use lox::Vm;
use std::io::{self, Write};
use std::path::Path;
use workloads::Checksum;

/// A program in Lox, which has been read and compiles.
#[derive(Debug)]
pub(crate) struct Script {
    source: String,
    /// Whether what it prints is shown.
    echo: bool,
}

impl Script {
    /// Reads a program.
    pub(crate) fn read(path: &Path, echo: bool) -> Result<Self, Failure> {
        let source = text_file::read(path)?;
        match lox::check(&source) {
            Ok(()) => Ok(Script { source, echo }),
            Err(errors) => Err(Failure::Lox { path: path.into(), errors }),
        }
    }

    /// Runs it in a machine of its own.
    pub(super) fn run(
        &self,
        config: Config,
        onlookers: Onlookers<'_>,
        mut trace: Option<&mut TraceRecording>,
    ) -> Result<RunEnd, Failure> {
        let clock = config.clock.clone();
        let mut vm = Vm::new(config).map_err(Failure::Heap)?;
        vm.set_sink(onlookers.sink);
        if !onlookers.watchers.is_empty() {
            vm.watch(Box::new(onlookers.watchers));
        }
        if let Some(sites) = &onlookers.sites {
            vm.sample_allocations(sites.distances());
        }
        if let Some(trace) = &mut trace {
            vm.record(trace.log());
        }
        let mut printed = Printed { checksum: Checksum::default(), echo: self.echo };
        let verdict = match vm.interpret(&self.source, &mut printed) {
            Ok(()) => Verdict::Passed { checksum: printed.checksum.value() },
            Err(failure) => Verdict::Failed { reason: failure.in_one_line() },
        };
        if let Some(sites) = onlookers.sites {
            vm.take_allocation_sites().iter().for_each(|(stack, points)| sites.add(stack, *points));
        }
        let end = RunEnd {
            at: vm.now(),
            verdict,
            allocated_bytes: vm.stats().work.allocated_bytes,
            usage: vm.usage(),
            committed_bytes: vm.memory_usage().rss,
            machine: machine_memory(&clock),
            ..RunEnd::default()
        };
        let end = with_live_heap(end, &vm.snapshot(), onlookers.last_look);
        // Last: the time that this takes is none of the run's.
        if let Some(trace) = trace {
            trace.take(vm.stop_recording());
        }
        Ok(end)
    }
}

/// What to do about a run that failed, if it was for want of memory.
pub(super) fn tip(report: &PauseReport) -> Option<String> {
    let Verdict::Failed { reason } = &report.end.verdict else { return None };
    if !reason.starts_with("Out of memory.") {
        return None;
    }
    let limit = report.run.settings.iter().find(|setting| setting.name == "max_old_bytes");
    let larger = limit.and_then(|setting| setting.value.as_integer())?.saturating_mul(2);
    let tip = |larger| format!("if it is to keep that much alive, try `--max-old {}`", Size(larger));
    (larger <= MAX_OLD_BYTES).then(|| tip(larger))
}

/// What a program prints: nothing is kept of it but a checksum.
struct Printed {
    checksum: Checksum,
    echo: bool,
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.checksum.add_bytes(bytes);
        if self.echo {
            io::stderr().write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
