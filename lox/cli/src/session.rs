//! A machine, what it prints to, and what watches it.

use crate::args::Args;
use crate::failure::Failure;
use crate::output::Output;
use crate::watch::Watch;
use heap_viz::{RunEnd, Verdict};
use lox::Vm;
use std::io::Write;

/// From the start of the command to its end.
pub(crate) struct Session {
    vm: Vm,
    output: Output,
    watch: Watch,
}

impl Session {
    /// Makes the machine that the command line asks for.
    pub(crate) fn start(args: &Args) -> Result<Self, Failure> {
        let config = args.heap.config();
        let mut vm = Vm::new(config.clone())?;
        let name = args.file.as_ref().map_or("lox".into(), |file| file.display().to_string());
        let watch = Watch::start(&args.watch, &name, &config, &mut vm)?;
        let output = Output::new(watch.reports());
        Ok(Session { vm, output, watch })
    }

    /// Executes a program. What it has printed is out when it has ended, however it did.
    pub(crate) fn run(&mut self, source: &str) -> Result<(), Failure> {
        let outcome = self.vm.interpret(source, &mut self.output);
        let flushed = self.output.flush().map_err(Failure::output);
        flushed.and(outcome.map_err(Failure::Program))
    }

    /// Executes what was typed. Its errors are told, and the next may be typed.
    pub(crate) fn run_line(&mut self, source: &str) -> Result<(), Failure> {
        match self.run(source) {
            Err(failure @ Failure::Program(lox::Failure::Compile(_) | lox::Failure::Runtime(_))) => {
                failure.told();
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Tells of the heap what was asked for, of a program that ended with this failure, or none.
    pub(crate) fn end(mut self, failure: Option<&Failure>) -> Result<(), Failure> {
        let verdict = match failure {
            Some(Failure::Program(failure)) => Verdict::Failed { reason: failure.in_one_line() },
            Some(failure) => Verdict::Failed { reason: failure.to_string() },
            None => Verdict::Passed { checksum: self.output.checksum() },
        };
        let end = RunEnd {
            at: self.vm.now(),
            verdict,
            allocated_bytes: self.vm.stats().work.allocated_bytes,
            usage: self.vm.usage(),
            committed_bytes: self.vm.memory_usage().rss,
            ..RunEnd::default()
        };
        self.watch.end(&mut self.vm, end)
    }
}
