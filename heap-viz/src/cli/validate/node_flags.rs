//! What flags of Node.js mean for the preset.

use gc_core::policy::{LimitTest, PageLayout};
use gc_core::{Config, Preset};

/// A flag that has no meaning here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownFlag(pub(crate) String);

/// Pages of V8 in a mebibyte.
const PAGES_PER_MIB: u64 = 4;

/// The preset `v8-node20` as `node` sets it up with these flags, separated by blanks; `-` stands for none.
pub(crate) fn config(flags: &str) -> Result<Config, UnknownFlag> {
    let mut config = Preset::V8Node20.config();
    for flag in flags.split_whitespace().filter(|flag| *flag != "-") {
        apply(&mut config, flag).ok_or_else(|| UnknownFlag(flag.into()))?;
    }
    Ok(config)
}

fn apply(config: &mut Config, flag: &str) -> Option<()> {
    match flag.split_once('=') {
        Some(("--min-semi-space-size", mebibytes)) => config.new_space.initial_bytes = semispace(mebibytes)?,
        Some(("--max-semi-space-size", mebibytes)) => config.new_space.max_bytes = semispace(mebibytes)?,
        Some(("--max-old-space-size", mebibytes)) => {
            config.max_old_bytes = mebibytes.parse::<u64>().ok()?.checked_mul(1 << 20)?;
        }
        None if flag == "--no-allocation-site-pretenuring" => config.pretenuring = None,
        // Then a scavenge does not look at the limit, which marking alone would.
        None if flag == "--no-incremental-marking" => config.pacing.limit_test = LimitTest::OldAllocation,
        // The number of threads is no policy: the same objects survive, whoever copies them.
        None if flag == "--single-threaded-gc" => {}
        _ => return None,
    }
    Some(())
}

/// What objects may take of a semispace of so many mebibytes.
fn semispace(mebibytes: &str) -> Option<u64> {
    mebibytes.parse::<u64>().ok()?.checked_mul(PAGES_PER_MIB * PageLayout::V8.page_bytes)
}

#[cfg(test)]
mod tests {
    use super::{LimitTest, UnknownFlag, config};

    #[test]
    fn flags_change_the_preset() {
        let changed =
            config("--min-semi-space-size=2 --max-semi-space-size=2 --max-old-space-size=64").expect("flags");
        assert_eq!((changed.new_space.initial_bytes, changed.new_space.max_bytes), (2_061_760, 2_061_760));
        assert_eq!(changed.max_old_bytes, 64 << 20);
        let changed = config("--no-allocation-site-pretenuring --no-incremental-marking").expect("flags");
        assert!(changed.pretenuring.is_none() && changed.pacing.limit_test == LimitTest::OldAllocation);
        assert_eq!(config("-"), config("--single-threaded-gc"));
    }

    #[test]
    fn flags_without_meaning_are_refused() {
        for flag in ["--gc-global", "--max-semi-space-size=x", "--max-semi-space-size"] {
            assert_eq!(config(flag), Err(UnknownFlag(flag.into())));
        }
    }
}
