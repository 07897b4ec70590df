//! The `lox` command.

#![forbid(unsafe_code)]

use lox::{Failure, Vm};
use std::io::{self, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    let path = std::env::args().nth(1).expect("a file");
    let source = std::fs::read_to_string(path).expect("a file");
    let mut vm = Vm::new(gc_core::Config::default()).expect("a heap");
    let mut output = io::BufWriter::new(io::stdout().lock());
    let result = vm.interpret(&source, &mut output);
    output.flush().expect("output");
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(match failure {
                Failure::Compile(_) => 65,
                Failure::Runtime(_) => 70,
                _ => 74,
            })
        }
    }
}
