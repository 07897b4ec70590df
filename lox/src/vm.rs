//! A Lox machine as its host sees it.

use crate::code::Prototype;
use crate::compiler::{CompileError, compile};
use crate::exhaustion::Exhaustion;
use crate::load::Loader;
use crate::machine::{
    AllocationSites, Host, Machine, RuntimeError, STACK_SLOTS, TraceLine, Turn, forget, start,
};
use crate::natives;
use crate::state::State;
use gc_core::arena::{Arena, Root};
use gc_core::event::{EventSink, Nanos, Usage};
use gc_core::record::MutationLog;
use gc_core::snapshot::Snapshot;
use gc_core::{Config, ConfigError, HeapFull, MAX_OLD_BYTES, MemoryUsage, Stats, Violation, Watcher};
use std::cell::RefCell;
use std::{fmt, io};

/// A machine that executes programs. Globals live on from one program to the next.
///
/// ```
/// use lox::Vm;
///
/// let mut vm = Vm::new(gc_core::Config::default())?;
/// let mut printed = Vec::new();
/// vm.interpret("var greeting = \"hello\";", &mut printed)?;
/// vm.interpret("print greeting + \", world\";", &mut printed)?;
/// assert_eq!(printed, b"hello, world\n");
///
/// let error = vm.interpret("print greeting + 1;", &mut printed).unwrap_err();
/// assert_eq!(error.to_string(), "Operands must be two numbers or two strings.\n[line 1] in script");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Vm {
    arena: Arena<Root![State<'_>]>,
    /// Bytes allocated when the program that runs was refused memory the last time.
    refused_at: Option<u64>,
    exhaustion: Exhaustion,
    sites: RefCell<AllocationSites>,
}

/// The least that the heap of a machine can be limited to ([`Config::max_old_bytes`]), in bytes: the machine's own stack
/// takes half of it, so that one page is left for what becomes old.
pub const MIN_HEAP_BYTES: u64 = 512 << 10;

/// Why a program did not run to its end.
#[derive(Debug)]
pub enum Failure {
    /// It is no program.
    Compile(Vec<CompileError>),
    /// It did what it must not, or ran out of memory.
    Runtime(RuntimeError),
    /// What it prints cannot be written.
    Output(io::Error),
}

impl Vm {
    /// Checks that the heap of a machine can have these settings.
    ///
    /// # Errors
    /// The first setting that is out of range: the heap must be allowed [`MIN_HEAP_BYTES`].
    pub fn validate(config: &Config) -> Result<(), ConfigError> {
        config.validate()?;
        let (value, min, max) = (config.max_old_bytes, MIN_HEAP_BYTES, MAX_OLD_BYTES);
        if value < min {
            return Err(ConfigError::OutOfRange { setting: "max_old_bytes", value, min, max });
        }
        Ok(())
    }

    /// A machine whose heap has these settings.
    ///
    /// # Errors
    /// As of [`Vm::validate`], or if the system refuses the address space.
    pub fn new(config: Config) -> Result<Vm, ConfigError> {
        Vm::validate(&config)?;
        let exhaustion = Exhaustion::new(config.max_old_bytes);
        #[expect(clippy::redundant_closure, reason = "without it the brand would be one and not any")]
        let arena = Arena::<Root![State<'_>]>::new(config, |mc| State::new(mc))?;
        arena.mutate(natives::define).expect("the least heap has room for the names of natives");
        Ok(Vm { arena, refused_at: None, exhaustion, sites: RefCell::default() })
    }

    /// Executes a program; `output` gets what it prints.
    ///
    /// After a failure the machine can be used as before.
    ///
    /// # Errors
    /// All errors that the compiler finds, or the one that ended the program.
    pub fn interpret(&mut self, source: &str, output: &mut dyn io::Write) -> Result<(), Failure> {
        self.load(source)?;
        self.refused_at = None;
        loop {
            match self.turn(output, |machine| machine.run()) {
                Turn::Finished => {
                    self.arena.mutate(forget);
                    return Ok(());
                }
                Turn::Yielded => self.collect_if_due(output)?,
                Turn::WantsCollection => self.arena.collect_full(),
                Turn::Refused => self.make_room(output)?,
                Turn::Failed(error) => return Err(Failure::Runtime(error)),
                Turn::NoOutput(error) => return Err(Failure::Output(error)),
            }
        }
    }

    /// Makes a program the one that is to run.
    fn load(&mut self, source: &str) -> Result<(), Failure> {
        let prototype = compile(source).map_err(Failure::Compile)?;
        if prototype.stack_slots as usize > STACK_SLOTS {
            let trace = vec![TraceLine { line: prototype.lines[0], function: None }];
            return Err(Failure::Runtime(RuntimeError { message: "Stack overflow.".into(), trace }));
        }
        let loaded = self.try_load(&prototype);
        // A program that failed is kept, for whoever wants to look into the heap, until somebody needs the room.
        let loaded = loaded.or_else(|_| {
            self.arena.mutate(forget);
            self.arena.collect_full();
            self.try_load(&prototype)
        });
        loaded.map_err(|_| {
            Failure::Runtime(RuntimeError { message: "Out of memory.".into(), trace: Vec::new() })
        })
    }

    fn try_load(&self, prototype: &Prototype<'_>) -> Result<(), HeapFull> {
        self.arena.mutate(|mc, state| {
            start(mc, state, Loader::new(mc, state).program(prototype)?);
            Ok(())
        })
    }

    fn turn<T>(&self, output: &mut dyn io::Write, run: impl for<'gc> FnOnce(Machine<'_, 'gc>) -> T) -> T {
        let heap = || (self.arena.stats(), self.arena.memory_usage());
        let now = || self.arena.now();
        self.arena.mutate(|mc, state| {
            let host = Host { output, now: &now, heap: &heap, sites: &self.sites };
            run(Machine::resume(mc, state, host))
        })
    }

    /// Lets the heap have its turn.
    ///
    /// # Errors
    /// If the program is as good as out of memory.
    fn collect_if_due(&mut self, output: &mut dyn io::Write) -> Result<(), Failure> {
        let before = self.arena.stats().full_collections;
        self.arena.collect_if_due();
        let stats = self.arena.stats();
        if stats.full_collections == before {
            return Ok(());
        }
        let used_bytes = self.arena.memory_usage().heap_used;
        match self.exhaustion.has_come(stats.work.allocated_bytes, used_bytes) {
            true => Err(self.out_of_memory(output)),
            false => Ok(()),
        }
    }

    fn out_of_memory(&self, output: &mut dyn io::Write) -> Failure {
        Failure::Runtime(self.turn(output, |machine| machine.run_out_of_memory()))
    }

    /// Collects everything, since the program was refused memory.
    ///
    /// # Errors
    /// If that was done just now and has not helped: if the program has not been able to allocate a hundredth of the heap
    /// since. It would collect all the time, and run out of memory anyway.
    fn make_room(&mut self, output: &mut dyn io::Write) -> Result<(), Failure> {
        self.arena.collect_full();
        let allocated = self.arena.stats().work.allocated_bytes;
        let least = self.arena.memory_usage().heap_total / 100;
        let before = self.refused_at.replace(allocated);
        if before.is_some_and(|before| allocated - before < least) {
            return Err(self.out_of_memory(output));
        }
        Ok(())
    }
}

/// The heap of the machine.
impl Vm {
    /// What the collector has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.arena.stats()
    }

    /// Memory in use.
    #[must_use]
    pub fn memory_usage(&self) -> MemoryUsage {
        self.arena.memory_usage()
    }

    /// Memory in use, by space.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.arena.usage()
    }

    /// The time on the heap's clock, which starts with the machine.
    #[must_use]
    pub fn now(&self) -> Nanos {
        self.arena.now()
    }

    /// Sends events of the collector to `sink` from now on, instead of to any other.
    pub fn set_sink(&mut self, sink: Box<dyn EventSink>) {
        self.arena.set_sink(sink);
    }

    /// Has `watcher` look at the heap around each pause from now on, instead of any other.
    pub fn watch(&mut self, watcher: Box<dyn Watcher>) {
        self.arena.watch(watcher);
    }

    /// Tells `log` from now on what programs do to the heap: see [`gc_core::record`].
    pub fn record(&mut self, log: Box<dyn MutationLog>) {
        self.arena.record(log);
    }

    /// Tells the log what it has not been told, and gives it back.
    pub fn stop_recording(&mut self) -> Option<Box<dyn MutationLog>> {
        self.arena.stop_recording()
    }

    /// Samples allocations from now on: `distances` are the bytes from each sample point to the next, see
    /// [`Arena::sample_allocations`].
    ///
    /// ```
    /// let mut vm = lox::Vm::new(gc_core::Config::default())?;
    /// vm.sample_allocations(Box::new(std::iter::repeat(1_000)));
    /// let program = "class Node {}\nfun build() {\n  for (var i = 0; i < 1000; i = i + 1) Node();\n}\nbuild();";
    /// vm.interpret(program, &mut Vec::new())?;
    /// let sites = vm.take_allocation_sites();
    /// assert!(sites["script;build:3"] >= 15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sample_allocations(&mut self, distances: Box<dyn Iterator<Item = u64> + Send>) {
        self.arena.sample_allocations(distances);
    }

    /// Ends the sampling, if one is under way, and tells who has allocated: sample points by stack.
    pub fn take_allocation_sites(&mut self) -> AllocationSites {
        self.arena.stop_sampling();
        self.sites.take()
    }

    /// A picture of the heap, with the names of types and fields.
    #[must_use]
    pub fn snapshot(&mut self) -> Snapshot {
        self.arena.snapshot()
    }

    /// Checks the heap.
    ///
    /// # Errors
    /// The first invariant that it breaks.
    pub fn verify(&mut self) -> Result<(), Violation> {
        self.arena.verify()
    }
}

impl fmt::Debug for Vm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vm").finish_non_exhaustive()
    }
}

impl Failure {
    /// What there is to tell in one line: the first error, or the error with the innermost place.
    ///
    /// ```
    /// # let mut vm = lox::Vm::new(gc_core::Config::default())?;
    /// let failure = vm.interpret("fun f() {\n  g();\n}\nf();", &mut Vec::new()).unwrap_err();
    /// assert_eq!(failure.in_one_line(), "Undefined variable 'g'. [line 2] in f()");
    /// # Ok::<(), gc_core::ConfigError>(())
    /// ```
    #[must_use]
    pub fn in_one_line(&self) -> String {
        self.to_string().lines().take(self.lines_that_matter()).collect::<Vec<_>>().join(" ")
    }

    fn lines_that_matter(&self) -> usize {
        match self {
            Failure::Runtime(_) => 2,
            Failure::Compile(_) | Failure::Output(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Compile(errors) => {
                let lines: Vec<_> = errors.iter().map(CompileError::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Failure::Runtime(error) => error.fmt(f),
            Failure::Output(error) => write!(f, "Could not write what was printed: {error}"),
        }
    }
}

impl std::error::Error for Failure {}
