//! A sequence of any length in a bounded number of elements.

/// Something that can stand for what follows it too.
pub(crate) trait Absorb {
    /// Takes in what follows.
    fn absorb(&mut self, later: Self);
}

/// At most `MOST` elements, which is even. Each item has an element of its own until there are more items than elements; then an
/// element stands for several in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thinned<T, const MOST: usize> {
    elements: Vec<T>,
    /// Items that an element stands for.
    items_per_element: u64,
    /// Items that the last element stands for as yet.
    items_in_last: u64,
}

impl<T, const MOST: usize> Default for Thinned<T, MOST> {
    fn default() -> Self {
        Thinned { elements: Vec::new(), items_per_element: 1, items_in_last: 1 }
    }
}

impl<T: Absorb, const MOST: usize> Thinned<T, MOST> {
    /// The elements, in the order of their items.
    pub(crate) fn elements(&self) -> &[T] {
        &self.elements
    }

    /// Appends an item.
    pub(crate) fn push(&mut self, item: T) {
        match self.elements.last_mut() {
            Some(last) if self.items_in_last < self.items_per_element => {
                last.absorb(item);
                self.items_in_last += 1;
            }
            _ => self.start_element(item),
        }
    }

    fn start_element(&mut self, item: T) {
        if self.elements.len() == MOST {
            self.pair_up();
        }
        self.elements.push(item);
        self.items_in_last = 1;
    }

    /// Half the elements, each of twice as many items.
    fn pair_up(&mut self) {
        let mut elements = std::mem::take(&mut self.elements).into_iter();
        while let (Some(mut element), Some(next)) = (elements.next(), elements.next()) {
            element.absorb(next);
            self.elements.push(element);
        }
        self.items_per_element *= 2;
    }
}
