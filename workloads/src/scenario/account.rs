//! What a run comes to, found without a heap.

use super::Form;
use super::run::{Run, Step};
use crate::Checksum;
use std::convert::Infallible;

/// What a run comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Account {
    /// Objects made.
    pub(super) objects: u64,
    /// What is alive at the end.
    pub(super) live: Live,
    /// Most bytes of objects that were alive at a time.
    pub(super) peak_bytes: u64,
    /// Everything that is to be found.
    pub(super) checksum: u64,
}

/// What is alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Live {
    pub(super) objects: u64,
    pub(super) heap_bytes: u64,
    pub(super) external_bytes: u64,
}

impl Live {
    fn add(&mut self, form: Form) {
        self.objects += 1;
        self.heap_bytes += form.heap_bytes();
        self.external_bytes += form.external_bytes();
    }

    fn remove(&mut self, form: Form) {
        self.objects -= 1;
        self.heap_bytes -= form.heap_bytes();
        self.external_bytes -= form.external_bytes();
    }
}

impl Account {
    /// The account of a run.
    pub(super) fn of(run: Run<'_>) -> Self {
        let mut account = Account::default();
        let mut checksum = Checksum::default();
        let mut forms: Vec<Option<Form>> = Vec::new();
        let Ok(()) = run.make(&mut |step| -> Result<(), Infallible> {
            account.follow(step, &mut forms);
            step.add_expected(&mut checksum);
            Ok(())
        });
        Account { checksum: checksum.value(), ..account }
    }

    fn follow(&mut self, step: Step, forms: &mut Vec<Option<Form>>) {
        match step {
            Step::Make(birth) => {
                if forms.len() <= birth.place.index() {
                    forms.resize(birth.place.index() + 1, None);
                }
                forms[birth.place.index()] = Some(birth.form);
                self.live.add(birth.form);
                self.objects += 1;
                self.peak_bytes = self.peak_bytes.max(self.live.heap_bytes);
            }
            Step::Die { place } => self.live.remove(forms[place.index()].expect("only the living die")),
            Step::Store { .. } | Step::Read { .. } | Step::Look { .. } | Step::Idle(_) => {}
        }
    }
}

impl Step {
    /// Adds what is to be found in this step, if anything is.
    fn add_expected(&self, checksum: &mut Checksum) {
        match self {
            Step::Read { found, .. } => checksum.add(found.map_or(NOTHING, |sight| sight.mark)),
            Step::Look { found, .. } => checksum.add(found.mark),
            Step::Make(_) | Step::Store { .. } | Step::Die { .. } | Step::Idle(_) => {}
        }
    }
}

/// What counts for a null reference: no object has such a number.
pub(super) const NOTHING: u64 = u64::MAX;
