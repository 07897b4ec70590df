//! What a piece of the heap looks like.

use gc_core::map::{AreaKind, Colour, Content, Inhabitant};

/// What a piece of the heap looks like: one legend for figures and films.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// Nothing is there.
    Free,
    /// An object that has not survived a scavenge.
    Young,
    /// An object in new space that has survived one.
    Aged,
    /// An object of the old generation.
    Old,
    /// A large object, on pages of its own.
    Large,
    /// Not reached yet by the marking under way.
    White,
    /// Reached, but not scanned yet.
    Grey,
    /// Scanned.
    Black,
    /// Nothing refers to it any more, which no collection has found out yet.
    Garbage,
    /// Found dead by a marking, and not swept yet.
    Dead,
    /// Where an object was that has been moved.
    Moved,
    /// Where an object was that has been freed.
    Freed,
}

impl Look {
    /// Every look, in the order of the legend.
    pub const ALL: [Look; 12] = [
        Look::Young,
        Look::Aged,
        Look::Old,
        Look::Large,
        Look::White,
        Look::Grey,
        Look::Black,
        Look::Garbage,
        Look::Dead,
        Look::Moved,
        Look::Freed,
        Look::Free,
    ];

    /// What a cell looks like by itself. [`Look::Garbage`], [`Look::Moved`] and [`Look::Freed`] depend on more.
    #[must_use]
    pub fn of(area: AreaKind, content: &Content) -> Look {
        match content {
            Content::Free => Look::Free,
            Content::Dead { .. } => Look::Dead,
            Content::Object(object) => Look::of_object(area, object),
        }
    }

    fn of_object(area: AreaKind, object: &Inhabitant) -> Look {
        match (object.colour, area) {
            (Some(Colour::White), _) => Look::White,
            (Some(Colour::Grey), _) => Look::Grey,
            (Some(Colour::Black), _) => Look::Black,
            (None, AreaKind::OldPage) => Look::Old,
            (None, AreaKind::YoungLarge | AreaKind::OldLarge) => Look::Large,
            (None, _) if object.age > 0 => Look::Aged,
            (None, _) => Look::Young,
        }
    }

    /// A short name, which is also its class in pictures and the stem of its colour's name in styles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Look::Free => "free",
            Look::Young => "young",
            Look::Aged => "aged",
            Look::Old => "old",
            Look::Large => "large",
            Look::White => "white",
            Look::Grey => "grey",
            Look::Black => "black",
            Look::Garbage => "garbage",
            Look::Dead => "dead",
            Look::Moved => "moved",
            Look::Freed => "freed",
        }
    }

    /// What the legend says of it.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Look::Free => "free",
            Look::Young => "young, age 0",
            Look::Aged => "young, has survived",
            Look::Old => "old",
            Look::Large => "large",
            Look::White => "not marked",
            Look::Grey => "marked, to be scanned",
            Look::Black => "marked and scanned",
            Look::Garbage => "garbage, nobody knows yet",
            Look::Dead => "dead, not swept",
            Look::Moved => "has moved away",
            Look::Freed => "freed by this pause",
        }
    }

    /// One letter for it.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Look::Free => '.',
            Look::Young => 'y',
            Look::Aged => 'a',
            Look::Old => 'o',
            Look::Large => 'L',
            Look::White => 'w',
            Look::Grey => 'g',
            Look::Black => 'b',
            Look::Garbage => 'u',
            Look::Dead => 'x',
            Look::Moved => 'm',
            Look::Freed => 'f',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Look;
    use std::collections::BTreeSet;

    #[test]
    fn each_look_has_a_letter_and_a_name_of_its_own() {
        let letters: BTreeSet<_> = Look::ALL.map(Look::letter).into();
        let names: BTreeSet<_> = Look::ALL.map(Look::name).into();
        assert_eq!([letters.len(), names.len()], [Look::ALL.len(); 2]);
    }
}
