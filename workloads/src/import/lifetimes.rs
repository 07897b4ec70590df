//! When objects were born and when they died.

use super::Allocated;

/// What became of the memory of a program: allocations and deaths, in the order in which they happened.
///
/// Objects are numbered in the order of their births.
#[derive(Clone, Debug, Default)]
pub struct Lifetimes {
    moments: Vec<Moment>,
    births: Vec<Birth>,
    /// How much of what the program did is here.
    pub coverage: Coverage,
    /// If it is a sample, how many words or bytes were taken: several of one object if that is large.
    pub samples: u64,
    /// What the file holds that is no birth or death of an object known here, with how often.
    pub left_out: Vec<(String, u64)>,
}

impl<'b> FromIterator<&'b Birth> for Allocated {
    fn from_iter<I: IntoIterator<Item = &'b Birth>>(births: I) -> Self {
        births.into_iter().fold(Allocated::default(), |sum, birth| Allocated {
            objects: sum.objects + 1,
            bytes: sum.bytes + u64::from(birth.bytes),
        })
    }
}

/// A birth or a death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The next object is born.
    Birth,
    /// The object with this number dies.
    Death(u32),
}

/// An object that is born.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    /// What it takes, in bytes, without any header that its runtime does not count.
    pub bytes: u32,
    /// Where it lies.
    pub place: BirthPlace,
    /// The number of its death among all moments; none if it was alive at the end.
    pub death: Option<u32>,
}

/// Where an object lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BirthPlace {
    /// Among the objects of the program.
    Heap,
    /// Off its heap, owned by an object.
    External,
}

/// How much of what a program did was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Coverage {
    /// All of it.
    #[default]
    Whole,
    /// A sample: each word or byte was taken with this probability. Large objects are taken more often than small ones.
    Sampled {
        /// The probability.
        rate: f64,
    },
    /// Only objects that were alive at the end.
    Survivors,
}

/// Most objects and most moments of a file.
const MAX_MOMENTS: usize = u32::MAX as usize;

impl Lifetimes {
    /// No objects, of a file that holds so much of what its program did.
    #[must_use]
    pub fn new(coverage: Coverage) -> Self {
        Lifetimes { coverage, ..Lifetimes::default() }
    }

    /// Adds the birth of an object; its number.
    ///
    /// # Errors
    /// If there are 2^32 moments, or if the object takes as many bytes.
    pub fn birth(&mut self, bytes: u64, place: BirthPlace) -> Result<u32, String> {
        let bytes = u32::try_from(bytes)
            .map_err(|_| format!("an allocation of {bytes} bytes is more than an object can have"))?;
        self.add(Moment::Birth)?;
        self.births.push(Birth { bytes, place, death: None });
        Ok(self.births.len() as u32 - 1)
    }

    /// Adds the death of the object with this number.
    ///
    /// # Errors
    /// If there are 2^32 moments, if there is no such object, or if it has died before.
    pub fn death(&mut self, number: u32) -> Result<(), String> {
        let moment = self.moments.len() as u32;
        let birth = self.births.get_mut(number as usize);
        let birth = birth.ok_or_else(|| format!("object {number} dies, which was never born"))?;
        if birth.death.is_some() {
            return Err(format!("object {number} dies for the second time"));
        }
        birth.death = Some(moment);
        self.add(Moment::Death(number))
    }

    fn add(&mut self, moment: Moment) -> Result<(), String> {
        if self.moments.len() == MAX_MOMENTS {
            return Err(format!("there are more than {MAX_MOMENTS} allocations and deaths"));
        }
        self.moments.push(moment);
        Ok(())
    }

    /// Counts what is in the file and not here.
    pub(super) fn leave_out(&mut self, what: &str, count: u64) {
        if count > 0 {
            self.left_out.push((what.into(), count));
        }
    }

    /// All births and deaths, in order.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// All objects, in the order of their births.
    #[must_use]
    pub fn births(&self) -> &[Birth] {
        &self.births
    }

    /// How much was allocated.
    #[must_use]
    pub fn allocated(&self) -> Allocated {
        self.births.iter().collect()
    }

    /// How much was allocated at a place.
    #[must_use]
    pub fn allocated_at(&self, place: BirthPlace) -> Allocated {
        self.births.iter().filter(|birth| birth.place == place).collect()
    }

    /// How old the objects that died became, from the least up: in bytes that were allocated meanwhile.
    #[must_use]
    pub fn ages(&self) -> Vec<u64> {
        let mut born_at = Vec::with_capacity(self.births.len());
        let mut ages = Vec::new();
        let mut now = 0;
        for moment in &self.moments {
            match *moment {
                Moment::Birth => {
                    now += u64::from(self.births[born_at.len()].bytes);
                    born_at.push(now);
                }
                Moment::Death(object) => ages.push(now - born_at[object as usize]),
            }
        }
        ages.sort_unstable();
        ages
    }

    /// How many objects died.
    #[must_use]
    pub fn deaths(&self) -> u64 {
        (self.moments.len() - self.births.len()) as u64
    }
}
