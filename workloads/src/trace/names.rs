//! Names of objects: small numbers that are given again.
//!
//! They are not in the file. Writer and reader give them by the same rule: the name that has been given back last, or if
//! there is none the least that has never been given.

/// The names that are given.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Whether each name is given.
    given: Vec<bool>,
    /// Names that have been given back, the last one last.
    free: Vec<u32>,
}

impl Names {
    /// Gives a name.
    #[inline]
    pub(super) fn give(&mut self) -> u32 {
        let name = self.free.pop().unwrap_or_else(|| {
            self.given.push(false);
            self.given.len() as u32 - 1
        });
        self.given[name as usize] = true;
        name
    }

    /// Whether `name` is given.
    #[inline]
    pub(super) fn is_given(&self, name: u32) -> bool {
        self.given.get(name as usize).copied().unwrap_or(false)
    }

    /// Takes back `name`, which is given.
    #[inline]
    pub(super) fn take_back(&mut self, name: u32) {
        self.given[name as usize] = false;
        self.free.push(name);
    }
}
