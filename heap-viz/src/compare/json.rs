//! Comparisons for programs.

use super::{Comparison, Difference, Row};
use serde::Serialize;
use std::fmt;

/// Writes comparisons as one JSON document, schema `tenure.comparison/1`.
///
/// There is an object for each group of samples, with a row for each metric. Values are in the row's `unit`;
/// `intervals` are null where there are too few runs. Fields are added, but none changes its meaning before `/2`.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonJson<'a>(pub &'a [Comparison]);

impl fmt::Display for ComparisonJson<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = Document {
            schema: "tenure.comparison/1",
            version: env!("CARGO_PKG_VERSION"),
            comparisons: self.0.iter().map(Group::of).collect(),
        };
        f.write_str(&serde_json::to_string_pretty(&document).map_err(|_| fmt::Error)?)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'a str,
    version: &'a str,
    comparisons: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    samples: Vec<Sample<'a>>,
    verdicts: Vec<String>,
    metrics: Vec<Metric>,
}

#[derive(Serialize)]
struct Sample<'a> {
    name: &'a str,
    workload: &'a str,
    runs: usize,
}

#[derive(Serialize)]
struct Metric {
    metric: &'static str,
    unit: &'static str,
    means: Vec<f64>,
    differences: Vec<OneDifference>,
}

#[derive(Serialize)]
struct OneDifference {
    by: f64,
    interval: Option<[f64; 2]>,
    outcome: &'static str,
}

impl<'a> Group<'a> {
    fn of(comparison: &'a Comparison) -> Self {
        let sample = |sample: &'a super::Sample| Sample {
            name: &sample.name,
            workload: &sample.runs[0].run.workload,
            runs: sample.runs.len(),
        };
        Group {
            samples: comparison.samples.iter().map(sample).collect(),
            verdicts: (1..comparison.samples.len()).map(|index| comparison.verdict(index)).collect(),
            metrics: comparison.rows.iter().map(Metric::of).collect(),
        }
    }
}

impl Metric {
    fn of(row: &Row) -> Self {
        Metric {
            metric: row.metric.name,
            unit: row.metric.unit.name(),
            means: row.means.clone(),
            differences: row.differences.iter().map(OneDifference::of).collect(),
        }
    }
}

impl OneDifference {
    fn of(difference: &Difference) -> Self {
        OneDifference { by: difference.by, interval: difference.interval, outcome: difference.outcome.name() }
    }
}

#[cfg(test)]
mod tests {
    use super::ComparisonJson;
    use crate::compare::Comparison;
    use crate::compare::tests::sample;
    use crate::run::ClockKind::Modelled;
    use serde_json::{Value, json};

    #[test]
    fn fields_are_where_programs_look_for_them() {
        let comparison = Comparison::new(vec![sample("old", &[10], Modelled), sample("new", &[9], Modelled)]);
        let document: Value = serde_json::from_str(&ComparisonJson(&[comparison]).to_string()).expect("JSON");
        assert_eq!(document["schema"], "tenure.comparison/1");
        let group = &document["comparisons"][0];
        assert_eq!(group["samples"][1], json!({"name": "new", "workload": "ring", "runs": 1}));
        let max =
            group["metrics"].as_array().expect("a list").iter().find(|row| row["metric"] == "max_pause");
        let difference = json!({"by": -1000.0, "interval": null, "outcome": "better"});
        let expected = json!({
            "metric": "max_pause", "unit": "nanoseconds", "means": [10_000.0, 9_000.0], "differences": [difference],
        });
        assert_eq!(max, Some(&expected));
    }
}
