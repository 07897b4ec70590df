//! What was typed.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use gc_core::{Config, ConfigError, MIN_SEMISPACE_BYTES, Stress};
use heap_viz::log::LogLevel;
use heap_viz::quantity::Size;
use lox::Vm;
use std::path::PathBuf;

const ABOUT: &str = "Runs programs in Lox, the language of Crafting Interpreters";

const EXAMPLES: &str = "\
Examples:
  lox fib.lox                       run a program
  lox                               type one, and see what each line does
  lox --pause-report fib.lox        what did the collector cost?
  lox --heap-snapshot heap.heapsnapshot fib.lox
                                    what is in memory? Chrome's DevTools open the file

Exit codes:
  0   done
  2   the command line has a mistake
  65  the program does not compile
  70  it failed
  74  a file cannot be read or written";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "lox", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    /// The program; without one, what is typed is executed line by line
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) heap: HeapArgs,
    #[command(flatten)]
    pub(crate) watch: WatchArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Heap")]
pub(crate) struct HeapArgs {
    /// Most that old space and large objects may take together, such as 64MiB; a program that needs more fails
    ///
    /// Unless --semi-space says otherwise, a semispace takes a quarter of that at most.
    #[arg(long, value_name = "SIZE")]
    heap_limit: Option<Size>,
    /// Largest capacity of one semispace, such as 512KiB or 16M
    #[arg(long, value_name = "SIZE")]
    semi_space: Option<Size>,
    /// Make the heap as hard to live in as can be: collect at every safepoint, overwrite what is freed, check everything.
    /// Very slow if much is alive
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    gc_stress: Option<u64>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What the collector does")]
pub(crate) struct WatchArgs {
    /// Log collections to stderr as they happen
    #[arg(long, value_name = "LEVEL", num_args = 0..=1, require_equals = true, default_missing_value = "collections")]
    pub(crate) gc_log: Option<LogLevel>,
    /// Print a report on pauses and memory to stderr when the program has ended
    #[arg(long)]
    pub(crate) pause_report: bool,
    /// Write what is in memory when the program has ended, or failed, to FILE, for Chrome's DevTools (.heapsnapshot)
    #[arg(long, value_name = "FILE")]
    pub(crate) heap_snapshot: Option<PathBuf>,
}

impl HeapArgs {
    /// The settings of the heap. Ends the process if there can be no heap with these.
    pub(crate) fn config(&self) -> Config {
        let config = self.config_as_given();
        match Vm::validate(&config) {
            Ok(()) => config,
            Err(error) => Args::command().error(ErrorKind::ValueValidation, refusal(&error)).exit(),
        }
    }

    fn config_as_given(&self) -> Config {
        let mut config = Config::default();
        if let Some(Size(bytes)) = self.heap_limit {
            config.max_old_bytes = bytes;
            // A large new space would hold much more than the limit allows, and be copied to and fro before the program fails.
            config.new_space.max_bytes = config.new_space.max_bytes.min(bytes / 4).max(MIN_SEMISPACE_BYTES);
        }
        if let Some(Size(bytes)) = self.semi_space {
            config.new_space.max_bytes = bytes;
        }
        let new_space = &mut config.new_space;
        new_space.initial_bytes = new_space.initial_bytes.min(new_space.max_bytes);
        if let Some(seed) = self.gc_stress {
            config.stress = Stress::all(1, seed);
        }
        config
    }
}

/// Why there is no heap with these settings, in the words in which they were given.
fn refusal(error: &ConfigError) -> String {
    let ConfigError::OutOfRange { setting, value, min, max } = error else { return error.to_string() };
    let flag = match *setting {
        "max_old_bytes" => "--heap-limit",
        "new_space.max_bytes" => "--semi-space",
        _ => return error.to_string(),
    };
    format!("`{flag}` is {}, but must lie between {} and {}", Size(*value), Size(*min), Size(*max))
}

#[cfg(test)]
mod tests {
    use super::{Args, Parser};
    use clap::CommandFactory;
    use gc_core::Config;

    fn config(arguments: &[&str]) -> Config {
        Args::parse_from([&["lox"], arguments].concat()).heap.config()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn without_flags_the_heap_is_as_by_default() {
        assert_eq!(config(&[]), Config::default());
    }

    #[test]
    fn a_limit_is_one_for_new_space_too() {
        let max = |flags: &[&str]| config(flags).new_space.max_bytes;
        assert_eq!(max(&["--heap-limit", "512KiB"]), 256 << 10);
        assert_eq!(max(&["--heap-limit", "4MiB"]), 1 << 20);
        assert_eq!(max(&["--heap-limit", "4MiB", "--semi-space", "8MiB"]), 8 << 20);
        assert_eq!(max(&["--heap-limit", "1GiB"]), Config::default().new_space.max_bytes);
    }

    #[test]
    fn flags_set_what_they_say() {
        let config = config(&["--heap-limit", "1MiB", "--semi-space", "512K", "--gc-stress=7"]);
        assert_eq!(config.max_old_bytes, 1 << 20);
        assert_eq!((config.new_space.initial_bytes, config.new_space.max_bytes), (512 << 10, 512 << 10));
        assert_eq!((config.stress.collect_every, config.stress.random_age_seed), (Some(1), Some(7)));
    }
}
