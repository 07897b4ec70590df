//! Programs measured in turn.
//!
//! A shared machine slows down and speeds up from one second to the next. Run one after the other, two programs
//! would meet different machines; run in turn (A B A B ...) they meet the same one, and the ratio of their figures
//! means something though neither figure does alone.

use std::fmt;

/// The figures of one program, one a repetition; less is better.
#[derive(Clone, Debug, Default)]
pub struct Figures(Vec<f64>);

impl FromIterator<f64> for Figures {
    fn from_iter<I: IntoIterator<Item = f64>>(figures: I) -> Self {
        Figures(figures.into_iter().collect())
    }
}

impl Figures {
    /// The least figure: what the program takes when nothing disturbs it.
    #[must_use]
    pub fn best(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The middle figure, the upper one of two.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

/// One program: measures itself and says what it took.
type Program<'p> = Box<dyn FnMut() -> f64 + 'p>;

/// Programs that are to be measured in turn.
#[derive(Default)]
pub struct Contest<'p> {
    programs: Vec<(&'static str, Program<'p>)>,
}

impl fmt::Debug for Contest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.programs.iter().map(|(name, _)| name)).finish()
    }
}

impl<'p> Contest<'p> {
    /// Adds a program that gives its figure each time it is called.
    #[must_use]
    pub fn with(mut self, name: &'static str, program: impl FnMut() -> f64 + 'p) -> Self {
        self.programs.push((name, Box::new(program)));
        self
    }

    /// Calls all programs in turn: once to warm up, then `repetitions` times that count.
    #[must_use]
    pub fn run(mut self, repetitions: usize) -> Results {
        let mut results: Vec<_> = self.programs.iter().map(|(name, _)| (*name, Figures::default())).collect();
        for repetition in 0..=repetitions {
            for ((_, program), (_, figures)) in self.programs.iter_mut().zip(&mut results) {
                let figure = program();
                if repetition > 0 {
                    figures.0.push(figure);
                }
            }
        }
        Results(results)
    }
}

/// The figures of all programs of a contest.
#[derive(Clone, Debug)]
pub struct Results(Vec<(&'static str, Figures)>);

impl Results {
    /// The figures of the program called `name`, if it took part.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Figures> {
        self.iter().find(|(entry, _)| *entry == name).map(|(_, figures)| figures)
    }

    /// The figures of all programs, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Figures)> {
        self.0.iter().map(|(name, figures)| (*name, figures))
    }
}

#[cfg(test)]
mod tests {
    use super::Contest;
    use std::cell::RefCell;

    #[test]
    fn programs_take_turns_and_the_first_round_does_not_count() {
        let calls = RefCell::new(String::new());
        let mut figures = [100.0, 3.0, 1.0, 2.0].into_iter();
        let results = Contest::default()
            .with("a", || {
                calls.borrow_mut().push('a');
                figures.next().expect("four calls")
            })
            .with("b", || {
                calls.borrow_mut().push('b');
                7.0
            })
            .run(3);
        assert_eq!(calls.into_inner(), "abababab");
        let a = results.get("a").expect("it took part");
        assert_eq!((a.best(), a.median()), (1.0, 2.0));
        assert!(results.get("c").is_none());
    }
}
