//! Rules that a heap may do without, in the making, with the figures of those that are off.

use gc_core::Config;
use gc_core::policy::{Futility, PageLayout, Pretenuring};

/// Rules that are on or off. Their figures are kept also while they are off: a later line may turn them on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OptionalRules {
    /// Bytes of a page of new space, if it consists of pages.
    pub(crate) page_bytes: Option<u64>,
    pub(crate) buffer_bytes: u64,
    /// Share of the objects of a site that must survive for it to be pretenured, if any is.
    pub(crate) pretenured_percent: Option<u8>,
    pub(crate) min_objects: u32,
    /// Collections in vain that end a program, if any do.
    pub(crate) max_in_vain: Option<u32>,
    pub(crate) full_percent: u8,
    pub(crate) utilisation_percent: u8,
}

impl Default for OptionalRules {
    fn default() -> Self {
        OptionalRules::of(&Config::default())
    }
}

impl OptionalRules {
    /// Those of a configuration; the figures of what is off are V8's.
    pub(crate) fn of(config: &Config) -> Self {
        let pretenuring = config.pretenuring.unwrap_or_default();
        let futility = config.futility.unwrap_or_default();
        OptionalRules {
            page_bytes: config.pages.map(|pages| pages.page_bytes),
            buffer_bytes: config.pages.unwrap_or(PageLayout::V8).buffer_bytes,
            pretenured_percent: config.pretenuring.map(|rule| rule.survival_percent),
            min_objects: pretenuring.min_objects,
            max_in_vain: config.futility.map(|rule| rule.max_in_a_row),
            full_percent: futility.full_percent,
            utilisation_percent: futility.utilisation_percent,
        }
    }

    /// `config` with these rules.
    pub(crate) fn apply(self, config: Config) -> Config {
        let OptionalRules { buffer_bytes, min_objects, full_percent, utilisation_percent, .. } = self;
        let pages = self.page_bytes.map(|page_bytes| PageLayout { page_bytes, buffer_bytes });
        let pretenuring =
            self.pretenured_percent.map(|survival_percent| Pretenuring { min_objects, survival_percent });
        let futility =
            self.max_in_vain.map(|max_in_a_row| Futility { full_percent, utilisation_percent, max_in_a_row });
        Config { pages, pretenuring, futility, ..config }
    }
}

#[cfg(test)]
mod tests {
    use super::OptionalRules;
    use gc_core::{Config, Preset};

    #[test]
    fn the_rules_of_every_preset_are_taken_and_given() {
        for config in Preset::ALL.map(Preset::config).into_iter().chain([Config::default()]) {
            assert_eq!(OptionalRules::of(&config).apply(Config::default()).pages, config.pages);
            assert_eq!(OptionalRules::of(&config).apply(config.clone()), config);
        }
    }
}
