//! The objects that are alive, and what refers to them.

/// A reference: a slot of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) holder: u32,
    pub(super) slot: u32,
}

/// The objects alive. What dies leaves its number, and its root if it had one, to others.
#[derive(Default)]
pub(super) struct Live {
    /// For each object that was ever born its number, plus 1; 0 if it is dead.
    numbers: Vec<u32>,
    /// By number.
    entries: Vec<Entry>,
    free_numbers: Vec<u32>,
    free_roots: Vec<u32>,
    roots: u32,
}

#[derive(Clone, Default)]
struct Entry {
    references: Vec<Reference>,
    root: Option<u32>,
}

impl Live {
    /// Adds the next object; its number.
    pub(super) fn add(&mut self, object: u32) -> u32 {
        debug_assert_eq!(
            object as usize,
            self.numbers.len(),
            "objects are added in the order of their births"
        );
        let number = self.free_numbers.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            self.entries.len() as u32 - 1
        });
        self.numbers.push(number + 1);
        number
    }

    /// Whether an object is alive.
    pub(super) fn contains(&self, object: u32) -> bool {
        self.numbers[object as usize] != 0
    }

    /// The number of an object that is alive.
    pub(super) fn number(&self, object: u32) -> u32 {
        self.numbers[object as usize] - 1
    }

    /// A root that refers to an object from now on.
    pub(super) fn hold_by_root(&mut self, object: u32) -> u32 {
        let root = self.free_roots.pop().unwrap_or_else(|| {
            self.roots += 1;
            self.roots - 1
        });
        self.entry(object).root = Some(root);
        root
    }

    /// Remembers that a slot refers to an object.
    pub(super) fn add_reference(&mut self, to: u32, from: Reference) {
        self.entry(to).references.push(from);
    }

    fn entry(&mut self, object: u32) -> &mut Entry {
        let number = self.number(object);
        &mut self.entries[number as usize]
    }

    /// Removes an object; what refers to it, dead objects among them, and its root.
    pub(super) fn remove(&mut self, object: u32) -> (Vec<Reference>, Option<u32>) {
        let Entry { references, root } = std::mem::take(self.entry(object));
        self.free_numbers.push(self.number(object));
        self.free_roots.extend(root);
        self.numbers[object as usize] = 0;
        (references, root)
    }
}
