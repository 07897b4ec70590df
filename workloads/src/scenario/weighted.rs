//! A choice among a few things, some likelier than others.

use crate::Random;

/// Things to choose from, each with a weight: it is chosen as often as its weight is a share of them all.
///
/// ```
/// use workloads::Random;
/// use workloads::scenario::Weighted;
///
/// let coin = Weighted::new([(3.0, "heads"), (1.0, "tails")]).expect("some weight is positive");
/// let mut random = Random::new(1);
/// let heads = (0..1_000).filter(|_| *coin.pick(&mut random) == "heads").count();
/// assert!((700..800).contains(&heads));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted<T> {
    /// Each thing with the sum of the weights up to its own.
    items: Vec<(f64, T)>,
}

impl<T> Weighted<T> {
    /// A choice among `items`, pairs of weight and thing; `None` if a weight is negative or not finite, or none is
    /// positive.
    #[must_use]
    pub fn new(items: impl IntoIterator<Item = (f64, T)>) -> Option<Self> {
        let mut sum = 0.0;
        let mut items: Vec<_> = items.into_iter().collect();
        for (weight, _) in &mut items {
            if !(0.0..=f64::MAX).contains(weight) {
                return None;
            }
            sum += *weight;
            *weight = sum;
        }
        (sum > 0.0 && sum.is_finite()).then_some(Weighted { items })
    }

    /// No choice at all.
    #[must_use]
    pub fn only(item: T) -> Self {
        Weighted { items: vec![(1.0, item)] }
    }

    /// The same choice among other things, each made of one of these.
    pub fn map<U>(self, make: impl Fn(T) -> U) -> Weighted<U> {
        Weighted { items: self.items.into_iter().map(|(sum, item)| (sum, make(item))).collect() }
    }

    /// One of the things. Takes one number from the stream.
    pub fn pick(&self, random: &mut Random) -> &T {
        let drawn = random.share() * self.sum();
        let index = self.items.partition_point(|(sum, _)| *sum <= drawn);
        // Rounding may give the sum itself.
        &self.items[index.min(self.items.len() - 1)].1
    }

    /// All things, each with its share of the weight of all.
    pub fn iter(&self) -> impl Iterator<Item = (f64, &T)> {
        let mut before = 0.0;
        self.items.iter().map(move |(sum, item)| {
            let share = (sum - before) / self.sum();
            before = *sum;
            (share, item)
        })
    }

    fn sum(&self) -> f64 {
        self.items.last().map_or(0.0, |(sum, _)| *sum)
    }
}

#[cfg(test)]
mod tests {
    use super::Weighted;
    use crate::Random;

    #[test]
    fn things_are_chosen_by_their_weight() {
        let choice = Weighted::new([(1.0, 0), (0.0, 1), (3.0, 2)]).expect("two weights are positive");
        let mut counts = [0; 3];
        let mut random = Random::new(5);
        (0..8_000).for_each(|_| counts[*choice.pick(&mut random)] += 1);
        assert_eq!(counts[1], 0);
        assert!((1_800..2_200).contains(&counts[0]), "{counts:?}");
        assert_eq!(choice.iter().map(|(share, _)| share).collect::<Vec<_>>(), [0.25, 0.0, 0.75]);
    }

    #[test]
    fn without_a_positive_weight_there_is_no_choice() {
        for weights in [&[][..], &[0.0], &[1.0, -1.0], &[f64::NAN], &[f64::INFINITY], &[f64::MAX, f64::MAX]] {
            assert_eq!(Weighted::new(weights.iter().map(|weight| (*weight, ()))), None, "{weights:?}");
        }
    }
}
