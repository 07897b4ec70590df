//! The rule of growth in the making, with the figures of every rule.

use gc_core::policy::{Growth, PercentGrowth, SquareRootGrowth, V8Growth};

/// Which rule sets the limit of the old generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum GrowthRule {
    #[default]
    Percent,
    V8,
    SquareRoot,
}

impl GrowthRule {
    const ALL: [GrowthRule; 3] = [GrowthRule::Percent, GrowthRule::V8, GrowthRule::SquareRoot];

    /// Its name in a config file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            GrowthRule::Percent => "percent",
            GrowthRule::V8 => "v8",
            GrowthRule::SquareRoot => "square-root",
        }
    }
}

/// A rule, and what each would go by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GrowthDraft {
    pub(crate) rule: GrowthRule,
    pub(crate) percent: PercentGrowth,
    pub(crate) v8: V8Growth,
    pub(crate) square_root: SquareRootGrowth,
}

impl GrowthDraft {
    /// One that starts from a rule.
    pub(crate) fn of(growth: Growth) -> Self {
        let draft = GrowthDraft::default();
        match growth {
            Growth::Percent(percent) => GrowthDraft { rule: GrowthRule::Percent, percent, ..draft },
            Growth::V8(v8) => GrowthDraft { rule: GrowthRule::V8, v8, ..draft },
            Growth::SquareRoot(square_root) => {
                GrowthDraft { rule: GrowthRule::SquareRoot, square_root, ..draft }
            }
        }
    }

    /// The rule with its figures.
    pub(crate) fn finish(&self) -> Growth {
        match self.rule {
            GrowthRule::Percent => Growth::Percent(self.percent),
            GrowthRule::V8 => Growth::V8(self.v8),
            GrowthRule::SquareRoot => Growth::SquareRoot(self.square_root),
        }
    }

    /// Turns to the rule called `name`, if there is one; whether there is.
    pub(crate) fn choose(&mut self, name: &str) -> bool {
        let rule = GrowthRule::ALL.into_iter().find(|rule| rule.name() == name);
        self.rule = rule.unwrap_or(self.rule);
        rule.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::{GrowthDraft, GrowthRule};
    use gc_core::policy::Growth;

    #[test]
    fn the_usual_rule_is_that_of_the_heap() {
        assert_eq!(GrowthDraft::default().finish(), Growth::default());
    }

    #[test]
    fn rules_are_chosen_by_name() {
        let mut draft = GrowthDraft::default();
        for rule in GrowthRule::ALL {
            assert!(draft.choose(rule.name()) && !draft.choose("nonsense"));
            assert_eq!((draft.rule, GrowthDraft::of(draft.finish()).rule), (rule, rule));
        }
        assert!(draft.choose("square-root") && matches!(draft.finish(), Growth::SquareRoot(_)));
    }
}
