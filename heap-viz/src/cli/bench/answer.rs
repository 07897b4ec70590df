//! What a program says of its run.

use super::peers_file::AnswerForm;
use heap_viz::matrix::{PauseSums, Quantiles};
use serde::Deserialize;
use std::fmt::Display;
use std::str::FromStr;

/// What a program says of its run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) checksum: u64,
    /// How long the timed part took.
    pub(super) seconds: f64,
    pub(super) latency: Option<Quantiles>,
    pub(super) pauses: Option<PauseSums>,
    /// Most memory that the process had resident, if it tells.
    pub(super) peak_kib: u64,
}

impl Answer {
    /// Reads what a program has printed; what is wrong with it otherwise.
    pub(super) fn read(output: &str, form: AnswerForm) -> Result<Self, String> {
        match form {
            AnswerForm::Lines => of_lines(output),
            AnswerForm::TenureReport => of_report(output),
        }
    }
}

/// Lines of a name and a value. Lines of other names are the program's own.
fn of_lines(output: &str) -> Result<Answer, String> {
    let value = |name: &str| {
        let mut lines = (1..).zip(output.lines());
        lines.find_map(|(number, line)| Some((number, line.strip_prefix(name)?.strip_prefix(' ')?.trim())))
    };
    let number = |name: &str| value(name).map(|found| parsed::<u64>(name, found)).transpose();
    let required = |name: &str| value(name).ok_or_else(|| format!("it prints no line `{name}`"));
    let latency = match number("latency_p50_ns")? {
        None => None,
        Some(p50_ns) => Some(Quantiles {
            p50_ns,
            p99_ns: number("latency_p99_ns")?.ok_or("it prints `latency_p50_ns` but no `latency_p99_ns`")?,
            p999_ns: number("latency_p999_ns")?
                .ok_or("it prints `latency_p50_ns` but no `latency_p999_ns`")?,
            worst_ns: number("latency_worst_ns")?
                .ok_or("it prints `latency_p50_ns` but no `latency_worst_ns`")?,
        }),
    };
    let pauses = match number("pauses")? {
        None => None,
        Some(count) => Some(PauseSums {
            count,
            total_ns: number("pauses_total_ns")?.ok_or("it prints `pauses` but no `pauses_total_ns`")?,
            worst_ns: number("pauses_worst_ns")?.ok_or("it prints `pauses` but no `pauses_worst_ns`")?,
        }),
    };
    Ok(Answer {
        checksum: checksum(required("checksum")?)?,
        seconds: seconds(parsed("seconds", required("seconds")?)?)?,
        latency,
        pauses,
        peak_kib: number("peak_kib")?.unwrap_or(0),
    })
}

fn parsed<T: FromStr>(name: &str, (line, text): (usize, &str)) -> Result<T, String>
where
    T::Err: Display,
{
    text.parse().map_err(|error| format!("line {line} of what it prints: `{name}` is `{text}`: {error}"))
}

/// A checksum in decimal digits, or in hexadecimal ones behind `0x`.
fn checksum((line, text): (usize, &str)) -> Result<u64, String> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16)
            .map_err(|error| format!("line {line} of what it prints: `checksum` is `{text}`: {error}")),
        None => parsed("checksum", (line, text)),
    }
}

/// A time that others can be compared with: what takes none was not timed.
fn seconds(seconds: f64) -> Result<f64, String> {
    if seconds.is_finite() && seconds > 0.0 {
        Ok(seconds)
    } else {
        Err(format!("it says that it took {seconds} seconds"))
    }
}

/// What is of interest in the document of `tenure run --json`.
#[derive(Deserialize)]
struct Report {
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    verdict: Verdict,
    elapsed_ns: u64,
    pauses: Pauses,
    latencies: Option<Percentiles>,
}

#[derive(Deserialize)]
struct Verdict {
    checksum: Option<String>,
}

#[derive(Deserialize)]
struct Pauses {
    all: Percentiles,
}

#[derive(Deserialize)]
struct Percentiles {
    count: u64,
    p50_ns: u64,
    p99_ns: u64,
    p99_9_ns: u64,
    max_ns: u64,
    total_ns: u64,
}

fn of_report(output: &str) -> Result<Answer, String> {
    let report: Report = serde_json::from_str(output)
        .map_err(|error| format!("it prints no document `tenure.report/1`: {error}"))?;
    let [run] = &report.runs[..] else {
        return Err(format!("it made {} runs in place of one", report.runs.len()));
    };
    let checksum = run.verdict.checksum.as_deref().ok_or("its run did not pass")?;
    let checksum = u64::from_str_radix(checksum, 16)
        .map_err(|error| format!("its checksum is `{checksum}`: {error}"))?;
    let latency = run.latencies.as_ref().map(|all| Quantiles {
        p50_ns: all.p50_ns,
        p99_ns: all.p99_ns,
        p999_ns: all.p99_9_ns,
        worst_ns: all.max_ns,
    });
    let Percentiles { count, total_ns, max_ns: worst_ns, .. } = run.pauses.all;
    let pauses = Some(PauseSums { count, total_ns, worst_ns });
    Ok(Answer { checksum, seconds: seconds(run.elapsed_ns as f64 / 1e9)?, latency, pauses, peak_kib: 0 })
}

#[cfg(test)]
mod tests {
    use super::super::peers_file::AnswerForm;
    use super::{Answer, PauseSums, Quantiles};

    #[track_caller]
    fn check(output: &str, expected: Result<Answer, &str>) {
        let answer = Answer::read(output, AnswerForm::Lines);
        assert_eq!(
            answer.as_ref().map_err(|problem| &problem[..]),
            expected.as_ref().map_err(|problem| *problem)
        );
    }

    #[test]
    fn a_checksum_and_a_time_are_enough() {
        let answer = Answer { checksum: 26, seconds: 0.5, ..Answer::default() };
        check("checksum 26\nseconds 0.5\n", Ok(answer));
        check("hello\nseconds 5e-1\nchecksum 0x1a\nchecksums 3", Ok(answer));
    }

    #[test]
    fn more_is_read_where_it_is_told() {
        let text = "checksum 1\nseconds 2\nlatency_p50_ns 3\nlatency_p99_ns 4\nlatency_p999_ns 5\nlatency_worst_ns 6\n\
                    pauses 7\npauses_total_ns 8\npauses_worst_ns 9\npeak_kib 10\n";
        let latency = Some(Quantiles { p50_ns: 3, p99_ns: 4, p999_ns: 5, worst_ns: 6 });
        let pauses = Some(PauseSums { count: 7, total_ns: 8, worst_ns: 9 });
        check(text, Ok(Answer { checksum: 1, seconds: 2.0, latency, pauses, peak_kib: 10 }));
    }

    #[test]
    fn what_is_wrong_is_told() {
        check("", Err("it prints no line `checksum`"));
        check("checksum 1\n", Err("it prints no line `seconds`"));
        check(
            "checksum x\n",
            Err("line 1 of what it prints: `checksum` is `x`: invalid digit found in string"),
        );
        check(
            "\nchecksum 0xg\n",
            Err("line 2 of what it prints: `checksum` is `0xg`: invalid digit found in string"),
        );
        check(
            "checksum 1\nseconds soon",
            Err("line 2 of what it prints: `seconds` is `soon`: invalid float literal"),
        );
        for text in ["-1", "0", "NaN", "inf"] {
            let problem = format!("it says that it took {text} seconds");
            check(&format!("checksum 1\nseconds {text}"), Err(&problem));
        }
        check(
            "checksum 1\nseconds 1\nlatency_p50_ns 3",
            Err("it prints `latency_p50_ns` but no `latency_p99_ns`"),
        );
        check("checksum 1\nseconds 1\npauses 3", Err("it prints `pauses` but no `pauses_total_ns`"));
    }

    #[test]
    fn what_is_no_report_is_told() {
        let problem = Answer::read("checksum 1", AnswerForm::TenureReport).expect_err("it is no JSON");
        assert!(problem.starts_with("it prints no document `tenure.report/1`: "), "{problem}");
        let problem = Answer::read("{\"runs\": []}", AnswerForm::TenureReport).expect_err("there is no run");
        assert_eq!(problem, "it made 0 runs in place of one");
    }
}
