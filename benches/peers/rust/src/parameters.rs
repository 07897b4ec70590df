//! Parameters of a workload, as Tenure has them.

use workloads::Parameters;

/// The parameters of the workload called `name`: its defaults, changed by `overrides`.
pub(crate) fn parse(name: &str, overrides: &[String]) -> Result<Parameters, String> {
    let entry = workloads::find(name).ok_or_else(|| format!("there is no workload `{name}`"))?;
    entry.parse(overrides).map_err(|error| error.to_string())
}
