//! The shard that a batch system has started a process for, by the variables that it sets.

use super::super::failure::Failure;
use heap_viz::sweep::Shard;

/// A system that starts many processes of one command, each with a number.
#[derive(Debug)]
struct System {
    name: &'static str,
    /// The variable of the number.
    number: &'static str,
    numbers: Numbers,
}

/// What is known of the numbers of all processes.
#[derive(Clone, Copy, Debug)]
enum Numbers {
    /// They start here; how many there are is not told.
    From(u64),
    /// Variables tell the first, the last, the step from one to the next, and how many there are.
    Told { first: &'static str, last: &'static str, step: &'static str, count: Option<&'static str> },
}

/// The systems, those within others first: a worker of HyperQueue may itself be a task of Slurm.
static SYSTEMS: [System; 8] = [
    // GNU parallel, man page, "ENVIRONMENT VARIABLES".
    System { name: "GNU parallel", number: "PARALLEL_SEQ", numbers: Numbers::From(1) },
    // HyperQueue, "Task arrays": numbers are those of `--array`, of which recipes say 1-N.
    System { name: "HyperQueue", number: "HQ_TASK_ID", numbers: Numbers::From(1) },
    // Kubernetes, "Indexed Job": 0 to completions - 1.
    System { name: "Kubernetes", number: "JOB_COMPLETION_INDEX", numbers: Numbers::From(0) },
    // Slurm, sbatch(1), "OUTPUT ENVIRONMENT VARIABLES".
    System {
        name: "Slurm",
        number: "SLURM_ARRAY_TASK_ID",
        numbers: Numbers::Told {
            first: "SLURM_ARRAY_TASK_MIN",
            last: "SLURM_ARRAY_TASK_MAX",
            step: "SLURM_ARRAY_TASK_STEP",
            count: Some("SLURM_ARRAY_TASK_COUNT"),
        },
    },
    // Grid Engine, qsub(1), "-t".
    System {
        name: "Grid Engine",
        number: "SGE_TASK_ID",
        numbers: Numbers::Told {
            first: "SGE_TASK_FIRST",
            last: "SGE_TASK_LAST",
            step: "SGE_TASK_STEPSIZE",
            count: None,
        },
    },
    // PBS Professional, qsub(1B), "-J"; and Torque.
    System { name: "PBS", number: "PBS_ARRAY_INDEX", numbers: Numbers::From(1) },
    System { name: "Torque", number: "PBS_ARRAYID", numbers: Numbers::From(1) },
    // LSF, "Job arrays": 0 where there is none.
    System { name: "LSF", number: "LSB_JOBINDEX", numbers: Numbers::From(1) },
];

/// The shard of this process, if a batch system has started it, of a plan for `shards`.
///
/// # Errors
/// If the system's number is of no shard, or a variable of it is no number: were that taken for a variable that is not
/// set, every process would run all of the plan.
pub(super) fn shard(
    variable: impl Fn(&str) -> Option<String>,
    shards: u32,
) -> Result<Option<Shard>, Failure> {
    for system in &SYSTEMS {
        let number = |name| system.number(name, variable(name));
        let Some(own) = number(system.number)? else { continue };
        // LSF says 0 where there is no array.
        if system.name == "LSF" && own == 0 {
            continue;
        }
        let (own, of) = system.numbers.counted(own, number, shards)?;
        let shard = Shard::new(own, of).map_err(|error| system.failure(system.number, error.to_string()))?;
        return Ok(Some(shard));
    }
    Ok(None)
}

impl System {
    /// The number that a variable has, if it has one. Grid Engine says `undefined` where there is no array.
    fn number(&self, variable: &'static str, value: Option<String>) -> Result<Option<u64>, Failure> {
        let value = value.unwrap_or_default();
        match value.trim() {
            "" | "undefined" => Ok(None),
            text => match text.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.failure(variable, format!("{text:?} is no number of a shard"))),
            },
        }
    }

    fn failure(&self, variable: &'static str, problem: String) -> Failure {
        Failure::BatchShard { system: self.name, variable, problem }
    }
}

impl Numbers {
    /// The number of a process, from 1 on, and of how many. An array that is whole, from 0 or 1 on, tells how many
    /// shards there are; of one with gaps, or from another number on, some shards are run again: those of the plan with
    /// these numbers.
    fn counted(
        self,
        own: u64,
        number: impl Fn(&'static str) -> Result<Option<u64>, Failure>,
        shards: u32,
    ) -> Result<(u64, u32), Failure> {
        let (first, last, step, count) = match self {
            Numbers::From(0) => return Ok((own.saturating_add(1), shards)),
            Numbers::From(_) => return Ok((own, shards)),
            Numbers::Told { first, last, step, count } => {
                (number(first)?, number(last)?, number(step)?.unwrap_or(1).max(1), count)
            }
        };
        let count = count.map_or(Ok(None), number)?;
        let (Some(first @ 0..=1), Some(last)) = (first, last) else { return Ok((own, shards)) };
        let of = last.saturating_sub(first) / step + 1;
        let is_whole = count.is_none_or(|count| count == of);
        Ok(match u32::try_from(of) {
            Ok(of) if is_whole => (own.saturating_sub(first) / step + 1, of),
            _ => (own.saturating_add(1 - first), shards),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::shard;

    /// Checks the shard for these variables of a plan for 64 shards, or what is wrong.
    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Result<Option<&str>, &str>) {
        let variable = |name: &str| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        };
        let found = shard(variable, 64).map(|shard| shard.map(|shard| shard.to_string()));
        let found = found.map_err(|error| error.to_string());
        assert_eq!(
            found.as_ref().map(|shard| shard.as_deref()).map_err(|error| &error[..]),
            expected,
            "{variables:?}"
        );
    }

    #[test]
    fn without_a_system_there_is_none() {
        check(&[], Ok(None));
        check(&[("SGE_TASK_ID", "undefined"), ("HQ_TASK_ID", ""), ("LSB_JOBINDEX", "0")], Ok(None));
    }

    #[test]
    fn numbers_count_from_one_or_from_zero() {
        check(&[("PARALLEL_SEQ", "1")], Ok(Some("1/64")));
        check(&[("HQ_TASK_ID", "64")], Ok(Some("64/64")));
        check(&[("JOB_COMPLETION_INDEX", "0")], Ok(Some("1/64")));
        check(&[("JOB_COMPLETION_INDEX", "63")], Ok(Some("64/64")));
        check(&[("PBS_ARRAY_INDEX", "2")], Ok(Some("2/64")));
        check(&[("PBS_ARRAYID", "2")], Ok(Some("2/64")));
        check(&[("LSB_JOBINDEX", "2")], Ok(Some("2/64")));
    }

    fn slurm<'a>(id: &'a str, min: &'a str, max: &'a str, count: &'a str) -> [(&'static str, &'a str); 4] {
        [
            ("SLURM_ARRAY_TASK_ID", id),
            ("SLURM_ARRAY_TASK_MIN", min),
            ("SLURM_ARRAY_TASK_MAX", max),
            ("SLURM_ARRAY_TASK_COUNT", count),
        ]
    }

    #[test]
    fn a_whole_array_tells_how_many_shards_there_are() {
        check(&slurm("0", "0", "15", "16"), Ok(Some("1/16")));
        check(&slurm("16", "1", "16", "16"), Ok(Some("16/16")));
        let [id, min, max, count] = slurm("5", "1", "9", "3");
        check(&[id, min, max, count, ("SLURM_ARRAY_TASK_STEP", "4")], Ok(Some("2/3")));
        let grid_engine = [("SGE_TASK_ID", "8"), ("SGE_TASK_FIRST", "2"), ("SGE_TASK_LAST", "8")];
        check(&grid_engine, Ok(Some("8/64")));
        let grid_engine = [("SGE_TASK_ID", "8"), ("SGE_TASK_FIRST", "1"), ("SGE_TASK_LAST", "8")];
        check(&grid_engine, Ok(Some("8/8")));
    }

    #[test]
    fn an_array_with_gaps_runs_shards_of_the_plan_again() {
        check(&slurm("7", "3", "7", "2"), Ok(Some("7/64")));
        check(&slurm("7", "1", "7", "2"), Ok(Some("7/64")));
        check(&slurm("7", "0", "7", "2"), Ok(Some("8/64")));
    }

    #[test]
    fn the_system_within_another_counts() {
        check(&[&slurm("0", "0", "15", "16")[..], &[("HQ_TASK_ID", "9")]].concat(), Ok(Some("9/64")));
    }

    #[test]
    fn a_number_of_no_shard_is_told_with_its_variable() {
        check(
            &[("HQ_TASK_ID", "0")],
            Err("HyperQueue has set HQ_TASK_ID: there is no shard 0 of 64: they count from 1"),
        );
        check(
            &[("JOB_COMPLETION_INDEX", "64")],
            Err("Kubernetes has set JOB_COMPLETION_INDEX: there is no shard 65 of 64: they count from 1"),
        );
    }

    #[test]
    fn a_variable_that_is_no_number_is_not_taken_for_one_that_is_not_set() {
        check(
            &[("HQ_TASK_ID", "abc")],
            Err("HyperQueue has set HQ_TASK_ID: \"abc\" is no number of a shard"),
        );
        let huge = "99999999999999999999";
        check(
            &slurm(huge, "0", "15", "16"),
            Err("Slurm has set SLURM_ARRAY_TASK_ID: \"99999999999999999999\" is no number of a shard"),
        );
        check(
            &slurm("3", "0", "-", "16"),
            Err("Slurm has set SLURM_ARRAY_TASK_MAX: \"-\" is no number of a shard"),
        );
    }
}
