//! A matrix for tests.

use super::{
    Case, Cell, Curve, CurvePoint, Hardware, Invocation, Machine, Matrix, PauseSums, Protocol, Quantiles,
    Reach, System, Unit,
};

fn system(name: &str, is_floor: bool) -> System {
    System { name: name.into(), about: format!("what {name} is"), version: None, is_floor }
}

fn invocation(seconds: f64) -> Invocation {
    Invocation { seconds, process_seconds: seconds + 0.01, peak_bytes: 32 << 20, ..Invocation::default() }
}

/// Invocations of about so many seconds.
pub(crate) fn measured(seconds: f64) -> Cell {
    Cell::Measured { invocations: [1.0, 0.9, 1.1].map(|factor| invocation(seconds * factor)).into() }
}

fn timed(seconds: f64) -> Cell {
    let latency = Quantiles { p50_ns: 100, p99_ns: 2_000, p999_ns: 450_000, worst_ns: 25_000_000 };
    let pauses = PauseSums { count: 25, total_ns: 75_000_000, worst_ns: 24_000_000 };
    let timed = Invocation { latency: Some(latency), pauses: Some(pauses), ..invocation(seconds) };
    Cell::Measured { invocations: vec![timed] }
}

fn case(name: &str, cells: [Cell; 4], curves: Vec<Curve>) -> Case {
    let (name, workload, parameters) = (name.into(), name.into(), "size=7 seed=1".into());
    Case { name, workload, parameters, live_bytes: 8 << 20, cells: cells.into(), curves }
}

fn point(multiple: f64, seconds: f64) -> CurvePoint {
    CurvePoint {
        setting: format!("{} MiB", multiple * 10.0),
        heap_multiple: Some(multiple),
        cell: measured(seconds),
    }
}

/// Two cases on four systems, of which one is not installed, one fails once, and one is the floor.
pub(crate) fn matrix() -> Matrix {
    let missing = || Cell::NotInstalled { missing: "go".into() };
    let failed = Cell::Failed { why: "ran for longer than 60 s".into() };
    let impossible = Cell::Impossible { why: "nothing is ever freed".into() };
    let curve = Curve {
        system: 0,
        minimum_heap_bytes: Some(10 << 20),
        points: vec![point(1.0, 4.0), point(2.0, 2.5), point(4.0, 2.0)],
        note: None,
    };
    Matrix {
        machine: Machine {
            processor: "a processor".into(),
            cores: 2,
            memory_bytes: 8 << 30,
            system: "a system".into(),
            load: [0.25, 1.5],
        },
        protocol: Protocol { repetitions: 3, time_limit_seconds: 60.0, is_unoptimised: false },
        systems: vec![
            system("tenure", false),
            system("rc", false),
            system("go", false),
            system("bumpalo", true),
        ],
        base: 0,
        cases: vec![
            case("trees", [measured(2.0), measured(6.0), missing(), measured(1.0)], vec![curve]),
            case("ring", [timed(0.5), failed, missing(), impossible], vec![]),
        ],
        hardware: Some(Hardware {
            copy_bytes_per_second: 8e9,
            read_bytes_per_second: 16e9,
            write_bytes_per_second: 12e9,
            miss_ns: 90.0,
            fault_ns: 250.0,
            reaches: vec![Reach {
                what: "scavenge, bytes copied".into(),
                measured: 1e9,
                limit_is: "copying memory".into(),
                limit: 8e9,
                unit: Unit::BytesPerSecond,
            }],
        }),
    }
}
