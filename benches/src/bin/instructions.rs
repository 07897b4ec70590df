//! Counts the instructions of some operations with Valgrind, and compares them with what has been accepted.
//!
//! - `instructions` counts and compares; it fails if an operation takes more than it may. What another compiler took is no
//!   measure of this one: then only operations that are compared with each other are judged.
//! - `instructions --accept` counts, and writes what it counted to the file that it compares with.
//! - `instructions --run NAME ROUNDS` runs a case, for the process that counts.

use gc_benches::instructions::{Accepted, CASES, Case, Counted, Limit, compiler, count};
use std::error::Error;
use std::process::ExitCode;
use std::{env, fs};

/// What has been accepted.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.txt");

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [] => check(),
        ["--accept"] => accept(),
        ["--run", name, rounds] => run(name, rounds),
        _ => Err("usage: instructions [--accept]".into()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

fn run(name: &str, rounds: &str) -> Result<ExitCode, Box<dyn Error>> {
    let case = Case::named(name).ok_or("no such case")?;
    println!("{}", (case.run)(rounds.parse()?));
    Ok(ExitCode::SUCCESS)
}

fn check() -> Result<ExitCode, Box<dyn Error>> {
    let accepted: Accepted = fs::read_to_string(FILE)?.parse()?;
    let judged = Counted::judge(&counts()?, &accepted);
    judged.iter().for_each(|counted| println!("{counted}"));
    let compiler = compiler();
    let is_same_compiler = compiler == accepted.compiler;
    if !is_same_compiler {
        println!("accepted with {}, but this is {compiler}:", accepted.compiler);
        println!(
            "only what is compared with other cases is judged; `.ci/instructions --accept` makes this the measure"
        );
    }
    let is_judged = |counted: &&Counted| is_same_compiler || counted.case.limit != Limit::Accepted;
    let missed: Vec<_> = judged.iter().filter(is_judged).filter(|it| it.is_missed()).collect();
    missed.iter().for_each(|counted| tell_missed(counted, &accepted));
    Ok(if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell_missed(Counted { case, instructions, .. }: &Counted, accepted: &Accepted) {
    let name = case.name;
    let remedy = format!("if that is meant: `.ci/instructions --accept`, and check in {FILE}");
    let than_what = match (case.limit, accepted.get(name)) {
        (Limit::As(other), _) => format!("more than `{other}`"),
        (_, Some(before)) => format!("where {before:.2} were accepted; {remedy}"),
        (_, None) => format!("and is new; {remedy}"),
    };
    eprintln!("error: `{name}` takes {instructions:.2} instructions, {than_what}");
}

fn accept() -> Result<ExitCode, Box<dyn Error>> {
    let counts = counts()?;
    let accepted = Accepted::new(compiler(), counts.iter().map(|(case, count)| (case.name, *count)));
    fs::write(FILE, accepted.to_string())?;
    print!("{accepted}");
    Ok(ExitCode::SUCCESS)
}

fn counts() -> Result<Vec<(&'static Case, f64)>, Box<dyn Error>> {
    CASES.iter().map(|case| Ok((case, count(case)?))).collect()
}
