//! `tenure`: runs workloads on a heap and reports what the collector did.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
